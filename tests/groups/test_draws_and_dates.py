"""Stepping out of a draw, stopping it before its time, taking a date out of a poll; slots stand sealed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors import AnswerWrong, DecisionLocked, TooLate
from portal.groups.errors.deciding import DateAnswered, LastDate, NotInTheDraw
from portal.groups.models import DecisionOption, DecisionState, LotPerson, Method, Privacy, Status, Target
from portal.groups.operations import leaving
from portal.groups.operations.deciding import adopting, answering, closing, collecting, drawing
from portal.groups.queries.counting import drawn_by
from tests.groups.conftest import Make, group, member
from tests.groups.deciding import WEEK, ask, close, loaded, say
from tests.groups.test_deciding_more import DAY, collect, draft, suggest

pytestmark = pytest.mark.logic

SLOTS = ("2026-12-01T18:00", "2026-12-02T18:00", "2026-12-03T18:00")


# ---- draws


def drawing_of(group_id: int, people: list[Actor], *chosen: int) -> int:
    """A role by lot among these members."""
    with transaction(write=False):
        found = [member(group_id, people[number]) for number in chosen]
        ids = {str(at): one.public_id for at, one in enumerate(found, 1)}
        names = tuple(one.alias for one in found)
    data = {"role": "contact", "members": ids}
    return ask(group_id, people[0], Method.LOTS, options=names, target=Target.ROLE, target_data=data)


def step_out(group_id: int, decision_id: int, actor: Actor) -> None:
    with transaction():
        drawing.step_out(loaded(decision_id), group=group(group_id), actor=actor)


def test_people_take_themselves_out_until_the_draw(make: Make) -> None:
    group_id, people = make(5)
    asked = drawing_of(group_id, people, 1, 2, 3)
    with pytest.raises(NotInTheDraw):
        step_out(group_id, asked, people[0])
    step_out(group_id, asked, people[1])
    with pytest.raises(NotInTheDraw):
        step_out(group_id, asked, people[1])
    with transaction():
        leaving.leave(group(group_id), actor=people[3])
    with time_machine.travel(clock.now() + WEEK), pytest.raises(TooLate):
        step_out(group_id, asked, people[2])
    done = close(asked)
    with pytest.raises(TooLate):
        step_out(group_id, asked, people[2])
    result = json.loads(done.result or "")
    facts = result["facts"]
    assert (done.status, result["winners"], list(facts["drawn"])) == (Status.ADOPTED, [2], ["2"])
    assert facts["drawn"] == {"2": drawn_by(facts["secret"], facts["words"], [2])[2]}
    with transaction():
        adopting.carry_out(loaded(asked), group=group(group_id), actor=people[0])


def test_a_draw_without_anybody_draws_nothing(make: Make) -> None:
    group_id, people = make(3)
    asked = drawing_of(group_id, people, 1, 2)
    for person in people[1:]:
        step_out(group_id, asked, person)
    assert close(asked).status is Status.NOT_ADOPTED


def test_what_one_suggested_for_a_draw_is_taken_out_by_oneself_only(make: Make) -> None:
    group_id, people = make(3)
    asked = draft(group_id, people[0], Method.LOTS, options=("Holz", "Metall"), collecting=True)
    collect(group_id, people[0], asked)
    suggest(group_id, people[1], asked, "Nadel 1")
    for person in (people[0], people[2]):
        with pytest.raises(NotInTheDraw):
            step_out(group_id, asked, person)
    step_out(group_id, asked, people[1])
    with transaction(write=False):
        assert [one.text for one in loaded(asked).options if not one.dropped] == ["Holz", "Metall"]


def test_a_draw_is_stopped_before_its_time_and_not_after(make: Make) -> None:
    group_id, people = make(3)
    first, second = (drawing_of(group_id, people, 1, 2) for _ in range(2))

    def stop(decision_id: int) -> None:
        with transaction():
            closing.cancel(loaded(decision_id), group=group(group_id), actor=people[0], reason="Anders.")

    stop(first)
    # The hour is over and nothing is counted yet: now it is the draw that counts.
    with time_machine.travel(clock.now() + WEEK), pytest.raises(TooLate):
        stop(second)
    assert close(second).status is Status.ADOPTED
    stopped = close(first)
    assert (stopped.state, stopped.result) == (DecisionState.CANCELLED, None)


# ---- dates


def drop(group_id: int, decision_id: int, actor: Actor, number: int, seen: int = 0) -> None:
    with transaction():
        collecting.drop_date(
            loaded(decision_id), number, group=group(group_id), actor=actor, answers_seen=seen
        )


@pytest.mark.on_both
def test_a_date_with_answers_goes_only_with_their_number_in_sight(make: Make) -> None:
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.DATE, local_starts=SLOTS)
    say(group_id, asked, people[1], {"points": {"1": 2, "2": 1}})
    say(group_id, asked, people[2], {"points": {"2": 2}})
    with transaction():
        draft = {"points": {"1": 2}}
        answering.save_draft(loaded(asked), draft, group=group(group_id), actor=people[3])
    with pytest.raises(NotFound):
        drop(group_id, asked, people[1], 3)
    drop(group_id, asked, people[0], 3)
    for seen in (0, 1):
        with pytest.raises(DateAnswered):
            drop(group_id, asked, people[0], 2, seen)
    drop(group_id, asked, people[0], 2, 2)
    drop(group_id, asked, people[0], 2)
    with pytest.raises(LastDate):
        drop(group_id, asked, people[0], 1, 1)
    with pytest.raises(AnswerWrong):
        say(group_id, asked, people[2], {"points": {"2": 2}})
    done = close(asked)
    result = json.loads(done.result or "")
    assert (result["order"], result["facts"]["fits"]) == ([1], {"1": 1})
    with pytest.raises(DecisionLocked):
        drop(group_id, asked, people[0], 1, 9)


def test_a_date_is_added_after_one_went_and_after_the_time_none_goes(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.DATE, local_starts=SLOTS)
    say(group_id, asked, people[1], {"points": {"1": 2}})
    drop(group_id, asked, people[0], 3)
    with transaction():
        collecting.add_option_late(
            loaded(asked), "", group=group(group_id), actor=people[1], local_start="2026-12-04T18:00"
        )
    with time_machine.travel(clock.now() + WEEK + timedelta(seconds=1)), pytest.raises(TooLate):
        drop(group_id, asked, people[0], 2)
    facts = json.loads(close(asked).result or "")["facts"]
    assert facts["fits"] == {"1": 1, "2": 0, "4": 0}
    assert facts["unanswered"] == {"1": 0, "2": 1, "4": 1}


@pytest.mark.on_both
@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_slots_stand_sealed(make: Make, privacy: Privacy) -> None:
    group_id, people = make(3, privacy=privacy)
    ask(group_id, people[0], Method.DATE, local_starts=SLOTS)
    with transaction(write=False):
        assert tuple(session.scalars(select(DecisionOption.local_start))) == SLOTS
        stored = " ".join(session.scalars(text("SELECT starts FROM group_decision_option")))
        assert "2026" not in stored
        assert "18:00" not in stored


def test_collecting_is_over_by_itself_after_a_lot_went(make: Make) -> None:
    """Fewer lots than a draw needs: it becomes a draft again, as with too few suggestions."""
    group_id, people = make(3)
    asked = draft(group_id, people[0], Method.LOTS, options=("Holz",), collecting=True)
    collect(group_id, people[0], asked)
    suggest(group_id, people[1], asked, "Ich")
    step_out(group_id, asked, people[1])
    with time_machine.travel(clock.now() + 2 * DAY), transaction():
        assert collecting.open_due(clock.now()) == 0
        assert loaded(asked).state is DecisionState.DRAFT
        assert session.query(LotPerson).count() == 1
