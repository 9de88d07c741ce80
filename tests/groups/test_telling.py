"""Who is told what: full words, neutral ones, nobody; less private only when all agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.jobs import Job
from portal.groups.errors import OnlyTighter
from portal.groups.errors.deciding import NothingToCarryOut
from portal.groups.models import GroupDecision, GroupState, Membership, MemberState, Preset, Privacy, Status
from portal.groups.operations import joining, leaving, living
from portal.groups.operations.deciding import adopting
from portal.groups.operations.deciding.answering import hand_in
from portal.groups.operations.deciding.closing import close_due
from portal.groups.operations.loosening import ask_to_loosen, loosen
from portal.groups.operations.news import NEUTRAL
from portal.groups.operations.profile import change_own
from portal.groups.operations.reaching import SPREAD_SECONDS, tell_members
from portal.groups.queries import my_groups
from portal.groups.queries.own import own_memberships
from portal.notifications.models import Notice
from portal.notifications.queries import notice_page
from tests.groups.conftest import Make, group, member, settled
from tests.groups.telling import forget_notices, later, told, wants_notices, whats
from tests.support.people import deliver

pytestmark = pytest.mark.logic


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


@pytest.mark.on_both
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
        mine = select(Membership).where(Membership.group_id == group_id).order_by(Membership.id)
        rows = session.scalars(mine).all()
        assert [row.account_id for row in rows] == [None] * 5
        assert [row.quiet for row in rows] == [False, True, False, False, False]
        assert [card.public_id for card in my_groups(people[2])] == [found.public_id]


@pytest.mark.parametrize("no", [False, True])
def test_small_groups_decide_it_in_the_same_way(make: Make, no: bool) -> None:
    """Three members: one no is enough, and nobody learns whose it was or how many said it."""
    group_id, people = make(3, privacy=Privacy.CLOSED)
    with transaction():
        asked = ask_to_loosen(group(group_id), Privacy.OPEN, actor=people[0], title="x", question="y")
        decision_id = asked.id
        assert (asked.secret, asked.majority) == (True, "all")
    for number, person in enumerate(people):
        vote(group_id, decision_id, person, "no" if no and number == 1 else "yes")
    with later(22), transaction():
        close_due(clock.now())
    with transaction():
        decision = session.get_one(GroupDecision, decision_id)
        assert (decision.status is Status.ADOPTED) is not no
        if no:
            return
        adopting.carry_out(decision, group=group(group_id), actor=people[0])
        assert (group(group_id).privacy, group(group_id).loosened_on) == (Privacy.OPEN, clock.today())


def test_loosening_has_a_direction(make: Make) -> None:
    group_id, people = make(4, privacy=Privacy.CLOSED)
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
