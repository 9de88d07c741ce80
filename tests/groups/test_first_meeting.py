"""The first date of a founding plan becomes a meeting of the group; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from portal.core.db import session, transaction
from portal.groups.errors import TooLong
from portal.groups.errors.meetings import ClockMissing, ClockUnclear, WrongDay
from portal.groups.models import GroupMeeting, MeetingDate, MeetingSeen, Privacy
from portal.groups.operations import founding
from portal.groups.operations.meetings import attending, planning
from portal.groups.operations.meetings.planning import Plan
from portal.groups.queries.meetings import line_of, wishers
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, settled

pytestmark = pytest.mark.logic

FIRST = date(2026, 10, 27)


@pytest.fixture(autouse=True)
def on_a_tuesday() -> Iterator[time_machine.Traveller]:
    """It is Tuesday 6 October 2026, noon; the clocks change before the first date."""
    with time_machine.travel("2026-10-06 10:00:00+00:00", tick=False) as traveller:
        yield traveller


def found(make: Make, privacy: Privacy = Privacy.CLOSED, **plan: object) -> tuple[int, list]:
    """A circle with this plan that has become a group."""
    group_id, people = make(3, founded=False, privacy=privacy)
    words = {"place": "Treff", "time": "Dienstags", "first_on": FIRST, "starts": "18.30", **plan}
    with transaction():
        founding.set_plan(group(group_id), actor=people[0], **words)  # type: ignore[arg-type]
    with transaction():
        founding.found_group(group(group_id), actor=people[1])
    return group_id, people


def planned(group_id: int) -> list[MeetingDate]:
    return list(session.scalars(select(MeetingDate).where(MeetingDate.group_id == group_id)))


@pytest.mark.parametrize(
    ("privacy", "seen"),
    [
        (Privacy.OPEN, MeetingSeen.EVERYBODY),
        (Privacy.CLOSED, MeetingSeen.GUESTS),
        (Privacy.DISCREET, MeetingSeen.MEMBERS),
    ],
)
def test_it_stands_in_the_calendar_in_the_towns_time(make: Make, privacy: Privacy, seen: MeetingSeen) -> None:
    group_id, people = found(make, privacy)
    with transaction(write=False):
        (row,) = planned(group_id)
        line = line_of(row)
        assert (line.on, line.starts, line.place) == (FIRST, "18:30", "Treff")
        # After the change of clocks half past six is half past five in UTC.
        assert line.starts_at == datetime(2026, 10, 27, 17, 30, tzinfo=UTC)
        assert row.meeting.seen is seen
        told = set(session.scalars(select(Notice.account_id).where(Notice.kind == "groups.meeting")))
        assert told == (set() if privacy is Privacy.DISCREET else {one.account_id for one in people})


@pytest.mark.on_both
def test_whoever_asked_for_dates_is_told(make: Make) -> None:
    group_id, people = make(3, founded=False)
    guest = settled()
    with transaction():
        circle = group(group_id)
        attending.ask_for_dates(circle, actor=guest)
        founding.set_plan(circle, actor=people[0], place="Treff", time="", first_on=FIRST, starts="18:30")
        assert len(wishers(circle)) == 1
    with transaction():
        founding.found_group(group(group_id), actor=people[0])
    with transaction(write=False):
        notices = session.scalars(select(Notice).where(Notice.account_id == guest.account_id)).all()
        assert [(one.kind, one.context["what"]) for one in notices] == [("groups.meeting", "meeting_planned")]


@pytest.mark.parametrize("plan", [{"first_on": None}, {"first_on": date(2026, 10, 6), "starts": "11:59"}])
def test_no_day_or_one_that_is_over_makes_no_meeting(make: Make, plan: dict[str, object]) -> None:
    group_id, _ = found(make, **plan)
    with transaction(write=False):
        assert planned(group_id) == []


def test_a_circle_that_has_planned_that_day_itself_meets_once(make: Make) -> None:
    group_id, people = make(3, founded=False)
    with transaction():
        circle = group(group_id)
        founding.set_plan(circle, actor=people[0], place="Treff", time="", first_on=FIRST, starts="18:30")
        planning.plan_meeting(circle, Plan(day=FIRST, starts="18:00"), actor=people[0])
    with transaction():
        founding.found_group(group(group_id), actor=people[0])
    with transaction(write=False):
        assert session.scalar(select(func.count(GroupMeeting.id))) == 1


@pytest.mark.parametrize(
    ("plan", "error", "field"),
    [
        ({"starts": ""}, ClockMissing, "starts"),
        ({"starts": "halb sieben"}, ClockMissing, "starts"),
        ({"first_on": date(2026, 10, 25), "starts": "02:30"}, ClockUnclear, "starts"),
        ({"first_on": date(2026, 10, 5)}, WrongDay, "first_on"),
        ({"place": "x" * 161}, TooLong, "place"),
        ({"time": "x" * 201}, TooLong, "time"),
    ],
)
def test_plans_nobody_could_keep(
    make: Make, plan: dict[str, object], error: type[Exception], field: str
) -> None:
    with pytest.raises(error) as raised:
        found(make, **plan)
    assert raised.value.field == field  # type: ignore[attr-defined]
