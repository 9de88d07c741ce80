"""Permissions: default no, one declaration, and the right kind of no."""

from __future__ import annotations

import pytest

from portal.core import permissions
from portal.core.actors import VISITOR, Actor, ActorKind, RoleGrant, StaffRole
from portal.core.errors import NotAllowed, NotFound, SignInRequired
from portal.core.permissions import Deny, can, ensure, has_role, participant, predicate

RESIDENT = Actor(kind=ActorKind.RESIDENT, account_id=1)
SUSPENDED = Actor(kind=ActorKind.RESIDENT, account_id=2, suspended=True)


def staff(role: StaffRole, district_id: int | None = None) -> Actor:
    return Actor(kind=ActorKind.STAFF, account_id=9, roles=(RoleGrant(role, district_id),))


@predicate
def is_even(actor: Actor, number: int) -> bool:
    return number % 2 == 0


permissions.declare("test.see", is_even, visitors=True)
permissions.declare("test.touch", permissions.resident, sees="test.see", deny=Deny.FORBIDDEN)
permissions.declare("test.hide", has_role(StaffRole.MODERATOR), sees="test.see")


def test_a_visitor_is_sent_to_sign_in_before_anything_is_looked_up() -> None:
    with pytest.raises(SignInRequired):
        ensure(VISITOR, "test.touch", 3)


def test_what_is_invisible_cannot_be_told_from_what_does_not_exist() -> None:
    with pytest.raises(NotFound):
        ensure(RESIDENT, "test.touch", 3)
    ensure(RESIDENT, "test.touch", 2)


def test_the_no_is_forbidden_or_not_found_as_declared() -> None:
    with pytest.raises(NotAllowed):
        ensure(staff(StaffRole.PLANNER), "test.touch", 2)
    with pytest.raises(NotFound):
        ensure(RESIDENT, "test.hide", 2)


def test_an_undeclared_permission_is_an_error_not_a_yes() -> None:
    with pytest.raises(KeyError):
        can(RESIDENT, "test.unknown")


def test_a_permission_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        permissions.declare("test.see", permissions.anyone)


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (VISITOR, False),
        (RESIDENT, True),
        (SUSPENDED, False),
        (staff(StaffRole.MODERATOR), True),
        (staff(StaffRole.PROFESSIONAL), True),
        (staff(StaffRole.PLANNER), False),
        (staff(StaffRole.ADMINISTRATOR), False),
        (Actor(kind=ActorKind.STAFF, account_id=9, needs_second_factor=True), False),
    ],
)
def test_who_takes_part_with_words(actor: Actor, expected: bool) -> None:
    assert participant(actor) is expected


def test_a_hat_counts_in_its_district_only() -> None:
    moderator = staff(StaffRole.MODERATOR, district_id=4)
    assert moderator.has_role(StaffRole.MODERATOR, 4)
    assert not moderator.has_role(StaffRole.MODERATOR, 5)
    assert not moderator.has_role(StaffRole.ADMINISTRATOR)
