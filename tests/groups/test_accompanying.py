"""Accompaniment: both sign, nothing opens that was not agreed, either side ends it; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import DomainError, NotFound
from portal.core.jobs import Job
from portal.core.permissions import can
from portal.groups.errors.accompanying import (
    CompanionCodeNotValid,
    CompanionInside,
    GoalMissing,
    NotGranted,
    TimeWrong,
)
from portal.groups.models import (
    Accompaniment,
    AccompanimentState,
    CompanionKind,
    Grant,
    Preset,
    Privacy,
    Side,
)
from portal.groups.operations import leaving, living
from portal.groups.operations.accompanying import agreeing, during
from portal.groups.operations.accompanying.agreeing import Terms
from portal.groups.permissions.accompanying import LOOK_BACK
from portal.groups.queries.accompanying import agreements_of, looks_at, own_agreements
from portal.notifications.models import Notice
from tests.groups.accompanying import START, TERMS, agreed, professional, the_one
from tests.groups.conftest import Make, group, settled

pytestmark = pytest.mark.logic

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


def test_both_sign_and_it_begins(make: Make) -> None:
    group_id, people = make(3)
    account, worker = professional()
    with transaction():
        made, code = agreeing.ask_companion(group(group_id), TERMS, actor=people[0], companion=account)
        assert code == ""
        assert made.state is AccompanimentState.PROPOSED
        assert can(worker, "groups.accompany", made)
        assert session.scalars(select(Notice).where(Notice.account_id == account.id)).one()
    with transaction():
        agreeing.sign_as_companion(the_one(), group=group(group_id), actor=worker)
    with transaction():
        made = the_one()
        assert made.state is AccompanimentState.AGREED
        assert (made.from_on, made.until_on) == (START, START + timedelta(days=122))
        agreeing.sign_as_companion(made, group=group(group_id), actor=worker)
        agreeing.sign_for_group(made, group=group(group_id), actor=people[0])
        assert made.state is AccompanimentState.AGREED
        assert [one.row.id for one in own_agreements(worker)] == [made.id]


def test_asked_twice_in_the_same_words_it_is_one_proposal(make: Make) -> None:
    group_id, people = make(3)
    account, worker = professional()
    codes = []
    for _again in range(2):
        with transaction():
            agreeing.ask_companion(group(group_id), TERMS, actor=people[0], companion=account)
        with transaction():
            codes.append(agreeing.ask_companion(group(group_id), TERMS, actor=people[0])[1])
        with transaction():
            agreeing.offer_companion(group(group_id), TERMS, actor=worker)
    with transaction():
        agreeing.ask_companion(
            group(group_id), replace(TERMS, goal="Mehr"), actor=people[0], companion=account
        )
        assert [one.goal for one in session.query(Accompaniment).order_by(Accompaniment.id)] == [
            TERMS.goal
        ] * 3 + ["Mehr"]
        with pytest.raises(CompanionCodeNotValid):
            agreeing.open_by_code(codes[0], actor=worker)
        assert agreeing.open_by_code(codes[1], actor=worker)


def test_an_offer_does_nothing_before_the_group_agrees(make: Make) -> None:
    group_id, people = make(3, founded=False)
    _account, worker = professional()
    with transaction():
        agreeing.offer_companion(group(group_id), TERMS, actor=worker)
    with pytest.raises(NotGranted), transaction():
        during.look_inside(the_one(), Grant.BOARD, actor=worker)
    with transaction():
        assert not can(people[1], "groups.sign_accompaniment", group(group_id))
        agreeing.sign_for_group(the_one(), group=group(group_id), actor=people[0])
        assert the_one().state is AccompanimentState.AGREED


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        (Terms(goal=" ", months=4), GoalMissing),
        (Terms(goal="x", months=7), TimeWrong),
        (Terms("x", 0), TimeWrong),
    ],
)
def test_terms_that_are_refused(make: Make, terms: Terms, error: type[DomainError]) -> None:
    group_id, people = make(3)
    with pytest.raises(error), transaction():
        agreeing.ask_companion(group(group_id), terms, actor=people[0])


@pytest.mark.on_both
def test_the_database_keeps_the_rules(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        agreeing.ask_companion(group(group_id), TERMS, actor=people[0])
    for values in (
        {"state": "agreed"},
        {"days": 185},
        {"days": 0},
        {"meetings": 61},
        {"state": "declined"},
        {"code_hash": None},
    ):
        with pytest.raises(IntegrityError), transaction():
            session.execute(update(Accompaniment).values(**values))


def test_a_peer_comes_with_three_words(make: Make) -> None:
    group_id, people = make(3)
    peer, another = settled(), settled()
    with transaction():
        _made, code = agreeing.ask_companion(group(group_id), TERMS, actor=people[0])
        with pytest.raises(CompanionCodeNotValid):
            agreeing.open_by_code("bomi saru teva", actor=peer)
        with pytest.raises(CompanionInside):
            agreeing.open_by_code(code, actor=people[1])
    with transaction():
        made = agreeing.open_by_code(code.upper(), actor=peer)
        assert made.kind is CompanionKind.PEER
    with transaction():
        with pytest.raises(CompanionCodeNotValid):
            agreeing.open_by_code(code, actor=another)
        assert not can(another, "groups.accompany", the_one())
        agreeing.sign_as_companion(the_one(), group=group(group_id), actor=peer)
        during.look_inside(the_one(), Grant.BOARD, actor=peer)
        assert can(peer, "groups.read_board", group(group_id))


@pytest.mark.on_both
def test_nothing_opens_before_one_says_that_one_looks_and_only_for_that_day(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    account, worker = professional()
    agreed(group_id, people[0], account, worker)
    reads = (
        "groups.read_board",
        "groups.read_dates",
        "groups.read_inside",
        "groups.see_members",
        "groups.take_end_back",
    )
    with transaction():
        assert [can(worker, name, group(group_id)) for name in reads] == [False] * 5
        for _ in range(2):
            during.look_inside(the_one(), Grant.BOARD, actor=worker)
        with pytest.raises(NotGranted):
            during.look_inside(the_one(), Grant.MEMBER_COUNT, actor=worker)
    with transaction():
        assert [can(worker, name, group(group_id)) for name in reads] == [True, False, False, False, False]
        assert [(one.name, one.what, one.on) for one in looks_at(group(group_id))] == [
            (account.display_name, Grant.BOARD, START)
        ]
        other = professional()[1]
        assert not can(other, "groups.read_board", group(group_id))
    on_a_tuesday.move_to("2026-10-07 10:00:00+00:00")
    with transaction(write=False):
        assert not can(worker, "groups.read_board", group(group_id))


@pytest.mark.on_both
def test_either_side_ends_it_at_once(make: Make) -> None:
    account, worker = professional()
    for side in Side:
        group_id, people = make(3)
        with transaction():
            agreeing.ask_companion(group(group_id), TERMS, actor=people[0], companion=account)
        with transaction():
            (one,) = agreements_of(group(group_id))
            agreeing.sign_as_companion(one.row, group=group(group_id), actor=worker)
            during.look_inside(one.row, Grant.BOARD, actor=worker)
        with transaction():
            (one,) = agreements_of(group(group_id))
            actor = people[0] if side is Side.GROUP else worker
            during.end_accompaniment(one.row, actor=actor, side=side)
        with transaction():
            (one,) = agreements_of(group(group_id))
            assert (one.row.state, one.row.ended_by) == (AccompanimentState.TERMINATED, side)
            assert not can(worker, "groups.read_board", group(group_id))
            assert not can(worker, "groups.accompany", one.row)
            with pytest.raises(DomainError):
                during.end_accompaniment(one.row, actor=actor, side=side)
        with transaction():
            # They stay for the closing report, and go after it.
            assert {one.row.state for one in own_agreements(worker)} == {AccompanimentState.TERMINATED}
    with time_machine.travel(clock.now() + LOOK_BACK + timedelta(days=1), tick=False), transaction():
        assert own_agreements(worker) == []


def test_a_group_without_a_leader_agrees_with_two(make: Make) -> None:
    group_id, people = make(3, preset=Preset.CONTACT)
    _account, worker = professional()
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    with transaction():
        agreeing.offer_companion(group(group_id), TERMS, actor=worker)
    with transaction():
        agreeing.sign_for_group(the_one(), group=group(group_id), actor=people[1])
        assert the_one().state is AccompanimentState.PROPOSED
    with transaction():
        agreeing.sign_for_group(the_one(), group=group(group_id), actor=people[1])
        assert the_one().state is AccompanimentState.PROPOSED
    with transaction():
        agreeing.sign_for_group(the_one(), group=group(group_id), actor=people[2])
        assert the_one().state is AccompanimentState.AGREED


@pytest.mark.on_both
def test_a_discreet_group_grants_nothing_with_people_and_its_tables_name_nobody(make: Make) -> None:
    group_id, people = make(2, privacy=Privacy.DISCREET)
    account, worker = professional()
    everything = Terms(
        goal="Still beginnen", months=2, grants=tuple(Grant), group_word="Eine Gruppe im Süden"
    )
    agreed(group_id, people[0], account, worker, everything)
    with transaction():
        made = the_one()
        assert made.grants == ["room_bookings"]
        with pytest.raises(NotGranted):
            during.look_inside(made, Grant.EVENTS, actor=worker)
        assert not can(worker, "groups.see", group(group_id))
        row = session.execute(text("SELECT * FROM group_accompaniment")).one()
        plain = {str(value) for value in row}
        assert not {account.display_name, str(account.id), "Still beginnen", "Eine Gruppe im Süden"} & (
            plain - {str(row.id), str(row.group_id), str(row.days), str(row.meetings)}
        )
        assert session.scalars(select(Notice).where(Notice.account_id == account.id)).all() == []
        jobs = session.scalars(select(Job).where(Job.kind == "groups.tell_neutrally")).all()
        assert all(set(job.payload) <= {"account_id", "once"} for job in jobs)
        during.end_accompaniment(made, actor=people[0], side=Side.GROUP)
    with transaction(write=False):
        assert own_agreements(worker) == []
        assert not can(worker, "groups.accompany", the_one())


@pytest.mark.on_both
def test_a_group_that_becomes_discreet_closes_at_once(make: Make) -> None:
    group_id, people = make(3)
    account, worker = professional()
    agreed(group_id, people[0], account, worker)
    with transaction():
        during.look_inside(the_one(), Grant.BOARD, actor=worker)
        living.tighten(group(group_id), Privacy.DISCREET, actor=people[0])
    with transaction(write=False):
        assert the_one().grants == []
        assert not can(worker, "groups.read_board", group(group_id))
        assert session.scalars(select(Notice).where(Notice.account_id == account.id)).all() == []


def test_only_the_two_sides_write(make: Make) -> None:
    group_id, people = make(3)
    account, worker = professional()
    stranger, other = settled(), professional()[1]
    agreed(group_id, people[0], account, worker)
    with transaction():
        during.write_word(the_one(), "Hallo", actor=people[2], side=Side.GROUP)
    for actor, side in ((stranger, Side.GROUP), (stranger, Side.COMPANION), (other, Side.COMPANION)):
        with pytest.raises(NotFound), transaction():
            during.write_word(the_one(), "Hallo", actor=actor, side=side)
    for actor, side in ((worker, Side.GROUP), (people[0], Side.COMPANION)):
        with pytest.raises(NotFound), transaction():
            during.end_accompaniment(the_one(), actor=actor, side=side)
