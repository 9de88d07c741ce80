"""While a membership is talked about, invitations and roles stay as they are; who is locked does not vote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.errors.peace import FrozenByReview
from portal.groups.models import (
    GroupRole,
    Preset,
    Privacy,
    ReviewElector,
    Right,
    RoleClaim,
    RoleOffer,
)
from portal.groups.operations import joining, living, offers, roles
from portal.groups.operations.peace import reviewing
from portal.groups.operations.reshaping import RoleWish, drop_role, save_role, set_member_rights
from portal.groups.queries import holders_of
from tests.groups.conftest import Make, group, member
from tests.groups.test_reviews import old_group, propose, review

pytestmark = pytest.mark.logic

KEYS = RoleWish("Schlüssel", is_required=True)


def role(group_id: int, label: str) -> GroupRole:
    found = session.scalars(select(GroupRole).where(GroupRole.group_id == group_id)).all()
    return next(one for one in found if one.label == label)


@pytest.mark.on_both
def test_nobody_changes_who_does_what(make: Make) -> None:
    """Each way: refused during the hearing and the vote, possible before."""
    group_id, people = old_group(make, preset=Preset.CONTACT)
    amira, berta, chris = people[:3]
    with transaction():
        here = group(group_id)
        keys = save_role(None, KEYS, group=here, actor=amira)
        roles.claim(keys, group=here, actor=chris)
        offers.offer(role(group_id, "contact"), member(group_id, berta), group=here, actor=amira)
    review_id = propose(group_id, amira)
    with transaction():
        reviewing.second_review(review(review_id), actor=berta)

    def the(kind: type[RoleClaim] | type[RoleOffer]) -> RoleClaim | RoleOffer:
        return session.scalars(select(kind)).one()

    ways: list[Callable[[], object]] = [
        lambda: save_role(None, RoleWish("Kasse"), group=group(group_id), actor=amira),
        lambda: save_role(role(group_id, "Schlüssel"), KEYS, group=group(group_id), actor=amira),
        lambda: drop_role(role(group_id, "Schlüssel"), group=group(group_id), actor=amira),
        lambda: set_member_rights(group(group_id), actor=amira, rights=list(Right)),
        lambda: offers.offer(
            role(group_id, "contact"), member(group_id, chris), group=group(group_id), actor=amira
        ),
        lambda: offers.accept_offer(the(RoleOffer), group=group(group_id), actor=berta),  # type: ignore[arg-type]
        lambda: roles.confirm_claim(the(RoleClaim), group=group(group_id), actor=berta),  # type: ignore[arg-type]
        lambda: roles.claim(role(group_id, "Schlüssel"), group=group(group_id), actor=berta),
        lambda: joining.make_code(group(group_id), actor=amira),
    ]
    for way in ways:
        with transaction(), pytest.raises(FrozenByReview):
            way()
    # The week of the claim is over while it runs: it waits.
    with time_machine.travel(clock.now() + timedelta(days=8)):
        with transaction():
            living.end_terms(clock.today())
            assert holders_of(role(group_id, "Schlüssel")) == []
        with transaction():
            session.delete(review(review_id))
        with transaction():
            living.end_terms(clock.today())
            assert holders_of(role(group_id, "Schlüssel")) == [member(group_id, chris)]


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_a_locked_account_is_no_elector(make: Make, privacy: Privacy) -> None:
    """Six would vote in a group of seven; locked, who could only read, does not count for the quorum."""
    group_id, people = old_group(make, 7, privacy=privacy)
    with transaction():
        session.get_one(Account, people[3].account_id).suspended_until = clock.now() + timedelta(days=9)
    review_id = propose(group_id, people[0], "Nadel 6")
    with transaction():
        reviewing.second_review(review(review_id), actor=people[1])
        assert session.scalar(select(func.count()).select_from(ReviewElector)) == 5
