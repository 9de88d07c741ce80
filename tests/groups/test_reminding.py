"""Reminders by date: terms, rounds of a role, requests, pauses, groups that rest; and what is forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import (
    ClaimState,
    GroupRole,
    InviteCode,
    Membership,
    RoleClaim,
    RoleHolder,
    RoleOffer,
    RoleWay,
    Trust,
)
from portal.groups.operations import joining, leaving, living, offers, reminding, roles
from portal.groups.queries import holders_of
from tests.groups.conftest import Make, group, member, settled
from tests.groups.telling import contact, forget_notices, later, told, whats

pytestmark = [pytest.mark.logic, pytest.mark.usefixtures("at_noon")]


def test_a_term_that_ends_is_told_thirty_days_before_once(make: Make) -> None:
    _group_id, people = make(3)
    with transaction(write=False):
        until = session.scalars(select(RoleHolder.until_on)).one()
    left = (until - clock.today()).days
    forget_notices()
    with later(left - 31), transaction():
        reminding.remind_of_terms(clock.today())
    assert told() == []
    with later(left - 30):
        for _twice in range(2):
            with transaction():
                reminding.remind_of_terms(clock.today())
    assert [whats(one) for one in people] == [["role_ends"], ["trust_again"], ["trust_again"]]


@pytest.mark.on_both
def test_trust_given_anew_is_another_term(make: Make) -> None:
    group_id, (amira, berta, chris, dora) = make(4)
    with later(15), transaction():
        circle, role = group(group_id), contact(group_id)
        for giver in (chris, dora):
            roles.give_trust(role, member(group_id, berta), group=circle, actor=giver)
        roles.lay_down(role, group=circle, actor=amira)
        until = session.get_one(RoleHolder, (role.id, member(group_id, berta).id)).until_on
    left = (until - clock.today()).days
    with later(left - 30), transaction():
        reminding.remind_of_terms(clock.today())
        for giver in (chris, amira):
            roles.give_trust(contact(group_id), member(group_id, berta), group=group(group_id), actor=giver)
    with later(left), transaction():
        living.end_terms(clock.today())
        assert holders_of(contact(group_id)) == [member(group_id, berta)]
        assert group(group_id).leaderless_since is None


def test_old_trust_ends_with_its_term(make: Make) -> None:
    group_id, people = make(4)
    with later(15), transaction():
        role = contact(group_id)
        for giver in people[2:]:
            roles.give_trust(role, member(group_id, people[1]), group=group(group_id), actor=giver)
    with later(15 + 366), transaction():
        living.end_terms(clock.today())
        assert holders_of(contact(group_id)) == []
        assert session.scalars(select(Trust)).all() == []
        assert group(group_id).leaderless_since == clock.today()


def rotating(group_id: int) -> None:
    """The role goes round."""
    with transaction():
        session.execute(update(GroupRole).where(GroupRole.group_id == group_id).values(how=RoleWay.ROTATION))


def asked_now(group_id: int) -> list[int]:
    """Who is asked at the moment. What was answered stays until the next tidying, for a second tap."""
    return list(session.scalars(select(RoleOffer.membership_id).where(RoleOffer.until_on >= clock.today())))


def test_a_role_that_goes_round_asks_one_after_the_other(make: Make) -> None:
    group_id, people = make(3)
    rotating(group_id)
    with later(370):
        with transaction():
            living.end_terms(clock.today())
        for number in (1, 2):
            with transaction():
                assert asked_now(group_id) == [member(group_id, people[number]).id]
                made = session.scalars(select(RoleOffer).where(RoleOffer.until_on >= clock.today())).one()
                if number == 1:
                    offers.decline_offer(made, group=group(group_id), actor=people[number])
                else:
                    offers.accept_offer(made, group=group(group_id), actor=people[number])
        with transaction():
            assert holders_of(contact(group_id)) == [member(group_id, people[2])]


def test_the_round_ends_where_it_began(make: Make) -> None:
    group_id, people = make(3)
    rotating(group_id)
    with later(370):
        with transaction():
            living.end_terms(clock.today())
        for number in (1, 2):
            with transaction():
                made = session.scalars(select(RoleOffer).where(RoleOffer.until_on >= clock.today())).one()
                offers.decline_offer(made, group=group(group_id), actor=people[number])
        with transaction(write=False):
            assert asked_now(group_id) == []


def test_requests_are_reminded_of_and_the_asker_is_told(make: Make) -> None:
    group_id, people = make(3)
    guest = settled()
    with transaction():
        joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
    forget_notices()
    for days, boss, asker in (
        (13, [], []),
        (14, ["request_waits"], []),
        (28, ["request_waits"], ["no_answer"]),
    ):
        with later(days):
            for _twice in range(2):
                with transaction():
                    reminding.remind_of_requests(clock.today())
        assert (whats(people[0]), whats(guest)) == (boss, asker)


@pytest.mark.parametrize(("days", "said"), [(149, []), (150, ["archive_30"]), (173, ["archive_7"])])
def test_a_resting_group_is_warned_before_the_archive(make: Make, days: int, said: list[str]) -> None:
    group_id, people = make(3)
    with transaction():
        living.rest(group(group_id))
    forget_notices()
    with later(days), transaction():
        reminding.warn_before_archive(clock.today())
        reminding.warn_before_archive(clock.today())
    assert whats(people[1]) == said


def test_silent_founders_are_asked_twice(make: Make) -> None:
    _group_id, people = make(3, founded=False)
    forget_notices()
    for days, times in ((29, 0), (30, 1), (31, 1), (60, 2), (61, 2)):
        with later(days), transaction():
            reminding.remind_founders(clock.today())
        assert whats(people[1]) == ["founding_quiet"] * times


def test_a_pause_ends_by_itself(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        leaving.pause(group(group_id), actor=people[0], days=10)
    with later(10), transaction():
        assert reminding.come_back_due(clock.today()) == 1
        assert group(group_id).leaderless_since is None


def test_rows_without_purpose_go(make: Make) -> None:
    group_id, people = make(4)
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    with transaction():
        claim = roles.claim(contact(group_id), group=group(group_id), actor=people[1])
        roles.object_to_claim(claim, group=group(group_id), actor=people[2])
        assert claim.state is ClaimState.OBJECTED
    for days, left in ((59, 4), (61, 3)):
        with later(days), transaction():
            reminding.tidy(clock.today())
            assert len(session.scalars(select(Membership)).all()) == left
    with transaction(write=False):
        assert session.scalars(select(RoleClaim)).all() == []
        assert session.scalars(select(InviteCode)).all() == []


@pytest.mark.on_both
def test_nobody_offers_a_role_to_themselves(make: Make) -> None:
    group_id, people = make(3)
    with pytest.raises(IntegrityError), transaction():
        own = member(group_id, people[0]).id
        session.add(
            RoleOffer(role_id=contact(group_id).id, membership_id=own, from_id=own, until_on=clock.today())
        )


def test_one_offer_per_person_and_role(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        for _twice in range(2):
            offers.offer(
                contact(group_id), member(group_id, people[1]), group=group(group_id), actor=people[0]
            )
        assert len(session.scalars(select(RoleOffer)).all()) == 1
