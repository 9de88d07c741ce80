"""Roles of a group, who holds them until when, and how much trust they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import session
from portal.groups.models import Group, GroupRole, Membership, MemberState, RoleHolder, Trust
from portal.groups.permissions import ref_of
from portal.groups.permissions.holding import holders_of
from portal.groups.queries.members import active_count

# Who has been here so long may give trust.
TRUST_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class RoleLine:
    """A role with the names of those who hold it now."""

    role: GroupRole
    holders: tuple[tuple[str, date], ...]


def groups_led_by(account_id: int) -> list[int]:
    """Groups in which this account holds a role they cannot do without, discreet ones among them."""
    needed = (
        select(GroupRole.group_id, Membership.account_id, Membership.ref)
        .join(RoleHolder, RoleHolder.role_id == GroupRole.id)
        .join(Membership, Membership.id == RoleHolder.membership_id)
        .where(GroupRole.is_required)
        .where((Membership.account_id == account_id) | Membership.account_id.is_(None))
    )
    rows = session.execute(needed).all()
    return [row.group_id for row in rows if row.account_id or row.ref == ref_of(account_id, row.group_id)]


def leaderless_groups() -> list[int]:
    """Groups in which nobody holds a role they cannot do without."""
    return list(session.scalars(select(Group.id).where(Group.leaderless_since.is_not(None))))


def role_lines(group: Group) -> list[RoleLine]:
    """The group's roles in the order they were made, with their holders. Two questions."""
    roles = session.scalars(
        select(GroupRole).where(GroupRole.group_id == group.id).order_by(GroupRole.id)
    ).all()
    query = (
        select(RoleHolder.role_id, Membership.alias, RoleHolder.until_on)
        .join(Membership, Membership.id == RoleHolder.membership_id)
        .where(RoleHolder.role_id.in_([role.id for role in roles]), RoleHolder.until_on > clock.today())
        .where(Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)))
        .order_by(RoleHolder.from_on, Membership.id)
    )
    held: dict[int, list[tuple[str, date]]] = {}
    for role_id, alias, until_on in session.execute(query):
        held.setdefault(role_id, []).append((alias, until_on))
    return [RoleLine(role, tuple(held.get(role.id, ()))) for role in roles]


def empty_required_roles(group: Group) -> list[GroupRole]:
    """Roles the group cannot do without and that nobody holds."""
    required = session.scalars(
        select(GroupRole).where(GroupRole.group_id == group.id, GroupRole.is_required)
    ).all()
    return [role for role in required if not holders_of(role)]


def trust_needed(group: Group) -> int:
    """How many members have to trust somebody: max(1, min(3, n // 2)). Seven members: three; three: one.

    Source: Karrot's rule for trusted editors, docs.karrot.world.
    """
    return max(1, min(3, active_count(group) // 2))


def trust_given(role: GroupRole, membership: Membership) -> int:
    """How many members trust this one with the role, those who left meanwhile among them."""
    return _stances(role, membership, is_against=False)


def trust_lost(role: GroupRole, membership: Membership) -> int:
    """How many members said that they no longer trust this one with the role."""
    return _stances(role, membership, is_against=True)


def _stances(role: GroupRole, membership: Membership, *, is_against: bool) -> int:
    query = select(func.count()).where(
        Trust.role_id == role.id, Trust.receiver_id == membership.id, Trust.is_against.is_(is_against)
    )
    return session.scalar(query) or 0
