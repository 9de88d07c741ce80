"""Who is told what: full words, neutral ones, nobody; reminders by date; less private only when all agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.jobs import Job
from portal.groups.errors import OnlyTighter, TooFewForSecret
from portal.groups.errors.deciding import NothingToCarryOut
from portal.groups.models import (
    ClaimState,
    GroupDecision,
    GroupRole,
    GroupState,
    InviteCode,
    Membership,
    MemberState,
    Preset,
    Privacy,
    RoleClaim,
    RoleHolder,
    RoleOffer,
    RoleWay,
    Status,
    Trust,
)
from portal.groups.operations import joining, leaving, living, offers, reminding, roles
from portal.groups.operations.deciding import adopting
from portal.groups.operations.deciding.answering import hand_in
from portal.groups.operations.deciding.closing import close_due
from portal.groups.operations.loosening import ask_to_loosen, loosen
from portal.groups.operations.news import NEUTRAL
from portal.groups.operations.profile import change_own
from portal.groups.operations.reaching import SPREAD_SECONDS, tell_members
from portal.groups.queries import holders_of, my_groups
from portal.groups.queries.own import own_memberships
from portal.notifications.models import MailMessage, Notice
from portal.notifications.queries import notice_page
from tests.groups.conftest import Make, group, member, settled
from tests.support.people import deliver

Told = list[tuple[int, str, str]]


def told() -> Told:
    """(account, kind, what) of every notice, oldest first."""
    with transaction(write=False):
        rows = session.scalars(select(Notice).order_by(Notice.id)).all()
        return [(row.account_id, row.kind, str(row.context.get("what", ""))) for row in rows]


def forget_notices() -> None:
    """What was told so far does not matter."""
    with transaction():
        session.query(MailMessage).delete()
        session.query(Notice).delete()


def whats(actor: Actor) -> list[str]:
    """What one person was told."""
    return [what for account_id, _kind, what in told() if account_id == actor.account_id]


def later(days: int) -> time_machine.travel:
    """So many days from now."""
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def contact(group_id: int) -> GroupRole:
    """The role of the preset."""
    return session.scalars(select(GroupRole).where(GroupRole.group_id == group_id)).one()


def wants_notices(group_id: int, actor: Actor, alias: str) -> None:
    """Somebody switches notices on."""
    with transaction():
        change_own(group(group_id), actor=actor, alias=alias, notices="neutral")


def test_those_who_answer_learn_of_a_request_and_the_asker_of_the_answer(make: Make) -> None:
    group_id, people = make(3)
    forget_notices()
    guest = settled()
    with transaction():
        joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
    assert told() == [(people[0].account_id, "groups.request", "request")]
    with transaction():
        joining.accept(member(group_id, guest), group=group(group_id), actor=people[0])
    assert whats(guest) == ["welcome"]
    with transaction(write=False):
        (row,), _total = notice_page(guest.account_id or 0, 1, 10)
        assert row.line == "Sie sind jetzt Mitglied von „Nähcafé“."


def test_without_a_leader_all_learn_of_a_request(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    assert [whats(one)[-1] for one in people[1:]] == ["leaderless"] * 2
    forget_notices()
    with transaction():
        joining.ask_to_join(group(group_id), actor=settled(), alias="Faden", answers=[])
    assert [whats(one) for one in people] == [[], ["request"], ["request"]]


def test_a_no_is_told_without_reasons(make: Make) -> None:
    group_id, people = make(3)
    guest = settled()
    with transaction():
        joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
    with transaction():
        joining.decline(member(group_id, guest), group=group(group_id), actor=people[0])
    assert whats(guest) == ["declined"]


def test_a_discreet_group_tells_nobody_who_did_not_ask_for_it(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    assert told() == []
    with transaction(write=False):
        assert session.scalars(select(Job.id).where(Job.kind == "groups.tell_neutrally")).all() == []


def test_a_neutral_notice_says_nothing_and_comes_later(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    wants_notices(group_id, people[1], "Nadel 1")
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    assert told() == []
    with time_machine.travel(clock.now() + timedelta(seconds=SPREAD_SECONDS), tick=False):
        deliver()
    assert told() == [(people[1].account_id, NEUTRAL, "")]
    with transaction(write=False):
        (row,), _total = notice_page(people[1].account_id or 0, 1, 10)
        assert row.line == "Es gibt etwas Neues für Sie."
        notice = session.scalars(select(Notice)).one()
        known = (notice.subject_kind, notice.subject_id, notice.context, notice.dedupe_key, notice.actor_id)
        assert known == ("", 0, {}, None, None)
        assert not any("groups" in str(job.payload) for job in session.scalars(select(Job)))


def test_what_is_told_once_is_told_once_in_neutral_words_too(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    wants_notices(group_id, people[1], "Nadel 1")
    for _twice in range(2):
        with transaction():
            tell_members(group(group_id), "groups.life", "check_in", once="today")
        with time_machine.travel(clock.now() + timedelta(seconds=SPREAD_SECONDS), tick=False):
            deliver()
    with transaction(write=False):
        assert session.scalars(select(Notice)).one().count == 1


def test_anybody_may_choose_neutral_notices(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        change_own(group(group_id), actor=people[1], alias="Nadel 1", notices="neutral")
    forget_notices()
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    with time_machine.travel(clock.now() + timedelta(seconds=SPREAD_SECONDS), tick=False):
        deliver()
    kinds = [(one, kind) for one, kind, _what in told()]
    assert kinds == [(people[2].account_id, "groups.role"), (people[1].account_id, NEUTRAL)]


def test_a_group_that_becomes_discreet_stands_in_nobodys_notices(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.CLOSED)
    guest = settled()
    with transaction():
        joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
    assert told() != []
    with transaction():
        living.tighten(group(group_id), Privacy.DISCREET, actor=people[0])
    assert told() == []
    with transaction(write=False):
        assert (
            session.scalars(select(Membership).where(Membership.state == MemberState.REQUESTED)).all() == []
        )
        assert my_groups(guest) == []


def test_the_own_export_names_no_discreet_group(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    person = people[0]
    with transaction(write=False):
        (own,) = own_memberships(person.account_id or 0)
        assert (own.membership.alias, own.roles, own.group.id) == ("Nadel 0", ("contact",), group_id)


# ---- by date


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
    """Who is asked at the moment."""
    return list(session.scalars(select(RoleOffer.membership_id)))


def test_a_role_that_goes_round_asks_one_after_the_other(make: Make) -> None:
    group_id, people = make(3)
    rotating(group_id)
    with later(370):
        with transaction():
            living.end_terms(clock.today())
        for number in (1, 2):
            with transaction():
                assert asked_now(group_id) == [member(group_id, people[number]).id]
                made = session.scalars(select(RoleOffer)).one()
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
                made = session.scalars(select(RoleOffer)).one()
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


# ---- the database holds it


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


# ---- less private


def vote(group_id: int, decision_id: int, actor: Actor, word: str) -> None:
    """One voice."""
    with transaction():
        decision = session.get_one(GroupDecision, decision_id)
        hand_in(decision, {"answers": {"1": word}}, group=group(group_id), actor=actor)


def asked_to_loosen(group_id: int, actor: Actor, privacy: Privacy) -> int:
    """The question to all; asked twice it is one."""
    with transaction():
        ids = {
            ask_to_loosen(group(group_id), privacy, actor=actor, title="Weniger?", question="").id
            for _twice in range(2)
        }
    (decision_id,) = ids
    return decision_id


@pytest.mark.parametrize(("last", "status"), [("yes", Status.ADOPTED), ("abstain", Status.NOT_ADOPTED)])
def test_less_private_only_when_every_one_says_yes(make: Make, last: str, status: Status) -> None:
    group_id, people = make(5, privacy=Privacy.DISCREET, preset=Preset.EVERYONE)
    wants_notices(group_id, people[1], "Nadel 1")
    decision_id = asked_to_loosen(group_id, people[0], Privacy.CLOSED)
    for person in people[1:]:
        vote(group_id, decision_id, person, "yes")
    vote(group_id, decision_id, people[0], last)
    with later(22), transaction():
        close_due(clock.now())
    with transaction(write=False):
        assert session.get_one(GroupDecision, decision_id).status is status
        assert group(group_id).privacy is Privacy.DISCREET
    if status is not Status.ADOPTED:
        return
    with transaction():
        decision = session.get_one(GroupDecision, decision_id)
        adopting.carry_out(decision, group=group(group_id), actor=people[0])
    with transaction(write=False):
        found = group(group_id)
        assert (found.privacy, found.is_discreet, found.loosened_on) == (Privacy.CLOSED, False, clock.today())
        rows = session.scalars(select(Membership).where(Membership.group_id == group_id)).all()
        assert [row.account_id for row in rows] == [None] * 5
        assert [row.quiet for row in rows] == [False, True, False, False, False]
        assert [card.public_id for card in my_groups(people[2])] == [found.public_id]


def test_loosening_needs_five_and_a_direction(make: Make) -> None:
    group_id, people = make(4, privacy=Privacy.CLOSED)
    with transaction(), pytest.raises(TooFewForSecret):
        ask_to_loosen(group(group_id), Privacy.OPEN, actor=people[0], title="x", question="")
    with transaction(), pytest.raises(OnlyTighter):
        ask_to_loosen(group(group_id), Privacy.DISCREET, actor=people[0], title="x", question="")
    with transaction(), pytest.raises(NothingToCarryOut):
        loosen(group(group_id), Privacy.CLOSED)


def test_what_was_written_inside_stays_inside(both: Flask, make: Make) -> None:
    group_id, people = make(5, privacy=Privacy.CLOSED, name="Kanarienvogel")
    with transaction():
        loosen(group(group_id), Privacy.OPEN)
        found = group(group_id)
        assert (found.privacy, found.state) == (Privacy.OPEN, GroupState.ACTIVE)
        address = f"/en/groups/{found.public_id}"
    visitor = both.test_client()
    assert "Kanarienvogel" in visitor.get(address).text
    assert visitor.get(f"{address}/charter").status_code in (302, 303, 404)
    assert people
