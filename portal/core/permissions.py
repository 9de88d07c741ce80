"""Permissions: declared once with a predicate, asked by views and templates alike. Default: no.

There is no super-user. A permission that was never declared cannot be asked for; a route without a
permission stops the app from starting (portal.web.access).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.actors import Actor, ActorKind, StaffRole
from portal.core.errors import NotAllowed, NotFound, SignInRequired


class Deny(StrEnum):
    """How a signed-in person learns of the no. Visitors are always asked to sign in first."""

    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"


class Predicate:
    """A yes/no question about an actor and an object; combine with & | ~."""

    def __init__(self, function: Callable[[Actor, Any], bool], name: str = "") -> None:
        self.function, self.name = function, name or function.__name__

    def __call__(self, actor: Actor, subject: Any = None) -> bool:
        return bool(self.function(actor, subject))

    def __and__(self, other: Predicate) -> Predicate:
        return Predicate(lambda a, o: self(a, o) and other(a, o), f"({self.name} and {other.name})")

    def __or__(self, other: Predicate) -> Predicate:
        return Predicate(lambda a, o: self(a, o) or other(a, o), f"({self.name} or {other.name})")

    def __invert__(self) -> Predicate:
        return Predicate(lambda a, o: not self(a, o), f"not {self.name}")


def predicate(function: Callable[[Actor, Any], bool]) -> Predicate:
    """Decorator: makes a function of (actor, object) a predicate."""
    return Predicate(function)


@dataclass(frozen=True)
class Permission:
    """One permission. `sees` names the permission that decides whether the object is visible at all."""

    name: str
    rule: Predicate
    deny: Deny
    visitors: bool
    sees: str | None


_permissions: dict[str, Permission] = {}


def declare(
    name: str,
    rule: Predicate,
    *,
    deny: Deny = Deny.NOT_FOUND,
    visitors: bool = False,
    sees: str | None = None,
) -> None:
    """Declare a permission "package.verb".

    visitors: the rule may say yes to somebody who is not signed in; otherwise visitors are sent to
    sign in before the object is even looked up, so that they cannot learn whether it exists.
    """
    if name in _permissions:
        raise ValueError(f"permission {name} is declared twice")
    _permissions[name] = Permission(name, rule, deny, visitors, sees)


def get_permission(name: str) -> Permission:
    """The declaration; KeyError if nobody declared it."""
    return _permissions[name]


def all_permissions() -> list[Permission]:
    """Every declared permission by name, for the generated list in docs and the policy walk."""
    return [_permissions[name] for name in sorted(_permissions)]


def can(actor: Actor, name: str, subject: Any = None) -> bool:
    """Whether the actor may do this with this object now."""
    permission = _permissions[name]
    if actor.is_visitor and not permission.visitors:
        return False
    if permission.sees and not can(actor, permission.sees, subject):
        return False
    return permission.rule(actor, subject)


def ensure(actor: Actor, name: str, subject: Any = None) -> None:
    """Raise SignInRequired, NotFound or NotAllowed unless the actor may."""
    permission = _permissions[name]
    if actor.is_visitor and not permission.visitors:
        raise SignInRequired
    if permission.sees and not can(actor, permission.sees, subject):
        raise NotFound
    if not permission.rule(actor, subject):
        raise NotAllowed if permission.deny is Deny.FORBIDDEN else NotFound


@predicate
def anyone(actor: Actor, subject: Any) -> bool:
    """Everybody, signed in or not."""
    return True


@predicate
def nobody(actor: Actor, subject: Any) -> bool:
    """No role of the portal may; said aloud."""
    return False


@predicate
def signed_in(actor: Actor, subject: Any) -> bool:
    """Has an account, of whatever kind."""
    return actor.is_resident or (actor.is_staff and not actor.needs_second_factor)


@predicate
def resident(actor: Actor, subject: Any) -> bool:
    """Signed in as a resident."""
    return actor.is_resident


@predicate
def staff(actor: Actor, subject: Any) -> bool:
    """Signed in as staff with at least one valid role, second factor shown."""
    return actor.is_staff and bool(actor.roles)


@predicate
def not_suspended(actor: Actor, subject: Any) -> bool:
    """Not suspended at the moment."""
    return not actor.suspended


def has_role(role: StaffRole) -> Predicate:
    """Wears this hat, anywhere."""
    return Predicate(lambda actor, subject: actor.has_role(role), f"is {role}")


moderator = has_role(StaffRole.MODERATOR)
administrator = has_role(StaffRole.ADMINISTRATOR)
# Jobs and what happens by rule: never a person.
system = Predicate(lambda actor, subject: actor.kind is ActorKind.SYSTEM, "is the system")

# Residents, professionals and moderators take part with words; planners and administrators do not.
participant = (resident | has_role(StaffRole.PROFESSIONAL) | moderator) & not_suspended
