"""A stolen file does not tell on which day or weekday a discreet group meets; the group itself reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from portal.core import clock, crypto
from portal.core.actors import Actor
from portal.core.db import Base, session, transaction
from portal.groups.models import GroupHistory, GroupMeeting, Held, MeetingDate, MeetingSeen, Privacy, Repeats
from portal.groups.operations import founding, living
from portal.groups.operations.meetings import attending, changing, due, planning
from portal.groups.operations.meetings.changing import Change, Reach
from portal.groups.operations.meetings.planning import Plan
from portal.groups.queries.meetings import coming_dates, dates_between, line_of, past_dates, unanswered
from tests.groups.conftest import Make, group
from tests.groups.papers import sheet_of, write

pytestmark = pytest.mark.logic

TUESDAY = date(2026, 10, 13)
WEEK = timedelta(days=7)
THURSDAY, WEDNESDAY, MONDAY = (f"2026-10-{day} 10:00:00+00:00" for day in ("08", "14", "19"))


@pytest.fixture(autouse=True)
def on_a_thursday() -> Iterator[time_machine.Traveller]:
    """It is Thursday 8 October 2026; nothing is ever written on a Tuesday."""
    with time_machine.travel(THURSDAY, tick=False) as traveller:
        yield traveller


def weekly(make: Make, privacy: Privacy = Privacy.DISCREET) -> tuple[int, list[Actor]]:
    group_id, people = make(3, privacy=privacy)
    with transaction():
        plan = Plan(TUESDAY, "18:30", repeats=Repeats.WEEKLY, place="Treff am Markt")
        planning.plan_meeting(group(group_id), plan, actor=people[0])
    return group_id, people


def stolen() -> str:
    """Every cell of every table, as whoever has the file and no key reads it."""
    cells = []
    with transaction(write=False):
        for table in Base.metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')):  # noqa: S608
                cells += [str(cell) for cell in row]
    return "\n".join(cells)


def tuesdays() -> list[str]:
    return [(TUESDAY + number * WEEK).isoformat() for number in range(-1, 60)]


def rows_of(group_id: int) -> list[MeetingDate]:
    rows = session.scalars(select(MeetingDate).where(MeetingDate.group_id == group_id))
    return sorted(rows, key=lambda row: row.on)


def leaked() -> list[str]:
    found = stolen()
    return [word for word in (*tuesdays(), "18:30", "Treff am Markt") if word in found]


def test_neither_day_nor_time_nor_place_stands_in_the_file(
    make: Make, on_a_thursday: time_machine.Traveller
) -> None:
    group_id, people = weekly(make)
    assert leaked() == []
    with transaction(write=False):
        first = rows_of(group_id)[0]
        assert (first.on, first.original_on) == (TUESDAY, TUESDAY)
        stored = session.scalars(select(MeetingDate.stored_original_on)).all()
        assert len({day.weekday() for day in stored}) == 7
        assert len(set(stored)) == len(stored) >= 52
    on_a_thursday.move_to(WEDNESDAY)
    with transaction():
        due.run(clock.today())
        row = rows_of(group_id)[0]
        assert row.asked_on is None  # not the day after: that would tell
        assert attending.took_place(row, actor=people[1])
    sheet_id = write(group_id, people[0], date_id=row.public_id)
    with transaction(write=False):
        assert sheet_of(sheet_id).met_on == TUESDAY
        (line,) = session.scalars(select(GroupHistory).where(GroupHistory.name == "meeting_held"))
        assert line.on == date(2026, 10, 1)
        assert group(group_id).last_sign_on == date(2026, 10, 18)
    assert leaked() == []


@pytest.mark.on_both
def test_the_group_reads_moves_and_holds_its_dates_as_ever(
    make: Make, on_a_thursday: time_machine.Traveller
) -> None:
    group_id, people = weekly(make)
    with transaction(write=False):
        circle = group(group_id)
        coming = coming_dates(circle, MeetingSeen, limit=4)
        assert [one.on for one in coming] == [TUESDAY + number * WEEK for number in range(4)]
        between = dates_between([group_id], TUESDAY + WEEK, TUESDAY + 3 * WEEK)
        assert [one.on for one in between] == [TUESDAY + number * WEEK for number in (1, 2, 3)]
    with transaction():
        assert planning.make_dates(session.scalars(select(GroupMeeting)).one()) == 0
    with transaction():
        third = rows_of(group_id)[2]
        change = Change(third.on + timedelta(days=1), "19:00", 90)
        changing.change_date(third, change, actor=people[0], reach=Reach.FROM_HERE)
    with transaction():
        days = [row.on for row in rows_of(group_id)]
        assert days[:2] == [TUESDAY, TUESDAY + WEEK]
        assert {day.weekday() for day in days[2:]} == {2}
        assert session.scalars(select(MeetingDate).where(MeetingDate.sealed.is_(None))).all() == []
        plans = session.scalars(select(GroupMeeting).order_by(GroupMeeting.id)).all()
        assert [plan.sealed is not None for plan in plans] == [True, True]
        assert plans[0].until_on == TUESDAY + 2 * WEEK - timedelta(days=1)
    with transaction():
        changing.cancel_date(rows_of(group_id)[0], actor=people[0])
        one = changing.change_date(rows_of(group_id)[1], Change(days[1], "20:15", 60), actor=people[0])
        assert line_of(one).starts == "20:15"
    assert leaked() == []
    on_a_thursday.move_to("2027-11-04 10:00:00+00:00")
    with transaction():
        planning.extend_series()
    with transaction(write=False):
        coming = coming_dates(group(group_id), MeetingSeen, limit=100)
        assert len(coming) >= 50
        assert {one.on.weekday() for one in coming} == {2}


def test_asked_on_a_monday_and_forgotten_after_two_months(
    make: Make, on_a_thursday: time_machine.Traveller
) -> None:
    group_id, _people = weekly(make)
    on_a_thursday.move_to(WEDNESDAY)
    with transaction():
        assert due.ask_held(clock.today()) == 0
        assert [one.on for one in unanswered(group(group_id), TUESDAY)] == [TUESDAY]
    on_a_thursday.move_to(MONDAY)
    with transaction():
        assert due.ask_held(clock.today()) == 1
    with transaction():
        assert due.ask_held(clock.today()) == 0
        assert due.remind(TUESDAY + WEEK - timedelta(days=1)) == 0
    assert leaked() == []
    with transaction(write=False):
        assert [one.on for one in past_dates(group(group_id), MeetingSeen)] == [TUESDAY]
    for days, left in ((60, True), (61, False)):
        with time_machine.travel(f"{TUESDAY + timedelta(days=days)} 10:00:00+00:00", tick=False):
            with transaction():
                due.forget(clock.today())
            with transaction(write=False):
                assert (TUESDAY in [row.on for row in rows_of(group_id)]) is left


def test_whoever_becomes_discreet_later_leaves_no_day_behind(
    make: Make, on_a_thursday: time_machine.Traveller
) -> None:
    group_id, people = weekly(make, Privacy.CLOSED)
    assert TUESDAY.isoformat() in stolen()
    on_a_thursday.move_to(WEDNESDAY)
    with transaction():
        attending.took_place(rows_of(group_id)[0], actor=people[0])
        due.run(clock.today())
    sheet_id = write(group_id, people[0], met_on=TUESDAY)
    with transaction():
        living.tighten(group(group_id), Privacy.DISCREET, actor=people[0])
    assert leaked() == []
    with transaction():
        first = rows_of(group_id)[0]
        assert (first.on, first.held, sheet_of(sheet_id).met_on) == (TUESDAY, Held.HELD, TUESDAY)
        planning.make_dates(session.scalars(select(GroupMeeting)).one())
    with transaction(write=False):
        days = [row.on for row in rows_of(group_id)]
        assert len(set(days)) == len(days)


def test_a_circle_that_chooses_to_be_discreet_while_alone(make: Make) -> None:
    group_id, people = make(1, founded=False)
    with transaction():
        circle = group(group_id)
        planning.plan_meeting(circle, Plan(TUESDAY, "18:30"), actor=people[0])
        founding.choose_privacy(circle, Privacy.DISCREET, actor=people[0])
    assert leaked() == []


def test_a_key_that_permutes(make: Make) -> None:
    for size in (1, 2, 7, 1000):
        numbers = [crypto.permuted("x", number, size) for number in range(size)]
        assert sorted(numbers) == list(range(size))
    assert crypto.permuted("x", 5, 10**6) != crypto.permuted("y", 5, 10**6)
