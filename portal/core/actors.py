"""Who acts: the person (or the system) behind a request, as far as rules need to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class StaffRole(StrEnum):
    """Hats of staff. Each is a membership row with scope, from and until."""

    MODERATOR = "moderator"
    PROFESSIONAL = "professional"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """Visitor: not signed in. System: a job or the command line."""

    VISITOR = "visitor"
    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class RoleGrant:
    """One hat: the role and where it counts (None: everywhere)."""

    role: StaffRole
    district_id: int | None = None
    organization_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """The acting person. `roles` holds only grants that are valid now and unlocked by a second factor."""

    kind: ActorKind
    account_id: int | None = None
    public_id: str = ""
    display_name: str = ""
    language: str = ""
    district_id: int | None = None
    suspended: bool = False
    roles: tuple[RoleGrant, ...] = ()
    needs_second_factor: bool = False
    is_new: bool = False
    is_fresh: bool = False
    # Accounts this person has blocked: lists and conversations leave them out, for this person alone.
    blocked: frozenset[int] = frozenset()

    @property
    def is_visitor(self) -> bool:
        """Not signed in."""
        return self.kind is ActorKind.VISITOR

    @property
    def is_resident(self) -> bool:
        """Signed in with a resident's account."""
        return self.kind is ActorKind.RESIDENT

    @property
    def is_staff(self) -> bool:
        """Signed in with a staff account (with or without a valid role)."""
        return self.kind is ActorKind.STAFF

    def has_role(self, role: StaffRole, district_id: int | None = None) -> bool:
        """Whether the hat is worn, and counts for this district (a grant without district counts for all)."""
        return any(
            grant.role is role
            and (grant.district_id is None or district_id is None or grant.district_id == district_id)
            for grant in self.roles
        )

    def has_role_in(self, role: StaffRole, district_ids: Iterable[int]) -> bool:
        """Whether the hat counts for one of these districts; none named: the whole town, and all of them."""
        wanted = list(district_ids)
        return any(self.has_role(role, one) for one in wanted) if wanted else self.has_role(role)


VISITOR = Actor(kind=ActorKind.VISITOR)
SYSTEM = Actor(kind=ActorKind.SYSTEM, display_name="system")
