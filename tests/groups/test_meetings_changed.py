"""Dates that are moved, cancelled or end: one, from one on, or all."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors.meetings import DateCancelled, DateOver
from portal.groups.models import Answer, Attendance, DateStatus, Repeats
from portal.groups.operations.meetings import attending, changing, planning
from portal.groups.operations.meetings.changing import Reach
from portal.groups.queries.meetings import line_of
from tests.groups.conftest import Make, group, settled
from tests.groups.meetings import TUESDAY, change, plan_in, rows_of

pytestmark = pytest.mark.logic

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


def test_one_date_is_moved_and_the_others_stay(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        second = rows_of(group_id)[1]
        attending.answer_date(second, Answer.YES, actor=people[1])
        moved = change(day=date(2026, 10, 14), starts="19:00", place="Garten")
        changing.change_date(second, moved, actor=people[0])
    with transaction(write=False):
        rows = rows_of(group_id)
        assert [row.on for row in rows[:3]] == [TUESDAY, date(2026, 10, 14), date(2026, 10, 20)]
        line = line_of(rows[1])
        assert (line.starts, line.place, line.is_moved, line.sequence) == ("19:00", "Garten", True, 1)
        assert session.scalars(select(Attendance)).all() == []
        assert line_of(rows[2]).place == "Treff"


def test_another_place_asks_nobody_again(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    with transaction():
        row = rows_of(group_id)[0]
        attending.answer_date(row, Answer.YES, actor=people[1])
        changing.change_date(row, change(place="Garten"), actor=people[0])
    with transaction(write=False):
        assert len(session.scalars(select(Attendance)).all()) == 1
        assert line_of(rows_of(group_id)[0]).place == "Garten"


@pytest.mark.on_both
def test_from_here_on_the_meeting_goes_on_as_another_one(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        rows = rows_of(group_id)
        kept = [row.public_id for row in rows]
        changing.cancel_date(rows[4], actor=people[0], reason="Ferien")
        wanted = change(day=date(2026, 10, 21), starts="19:30")
        changing.change_date(rows[2], wanted, actor=people[0], reach=Reach.FROM_HERE)
    with transaction(write=False):
        rows = rows_of(group_id)
        assert [row.on for row in rows[:4]] == [
            TUESDAY, date(2026, 10, 13), date(2026, 10, 21), date(2026, 10, 28),
        ]  # fmt: skip
        assert [row.public_id for row in rows[: len(kept)]] == kept
        assert {line_of(row).starts for row in rows[2:]} == {"19:30"}
        assert rows[4].status is DateStatus.CANCELLED
        old, new = rows[0].meeting, rows[2].meeting
        assert (old.until_on, new.first_on, new.follows_id) == (
            date(2026, 10, 19), date(2026, 10, 21), old.id,
        )  # fmt: skip
        weekdays = {row.on.weekday() for row in rows[2:]}
        assert weekdays == {2}
    with transaction():
        planning.extend_series()
        assert {row.on.weekday() for row in rows_of(group_id)[2:]} == {2}


@pytest.mark.parametrize("days", [-3, 7, 1])
def test_all_dates_of_a_series_shift_in_place(make: Make, days: int) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], day=date(2026, 10, 13), repeats=Repeats.WEEKLY)
    with transaction():
        rows = rows_of(group_id)
        wanted = change(day=date(2026, 10, 13) + timedelta(days=days))
        changing.change_date(rows[0], wanted, actor=people[0], reach=Reach.ALL)
    with transaction(write=False):
        rows = rows_of(group_id)
        assert len({row.meeting_id for row in rows}) == 1
        assert rows[0].on == date(2026, 10, 13) + timedelta(days=days)
        assert {(after.on - before.on).days for before, after in pairwise(rows)} == {7}


def test_a_monthly_series_on_another_day_follows_its_own_rule(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], day=date(2026, 10, 13), repeats=Repeats.MONTHLY_WEEKDAY)
    with transaction():
        wanted = change(day=date(2026, 10, 14))
        changing.change_date(rows_of(group_id)[0], wanted, actor=people[0], reach=Reach.FROM_HERE)
    with transaction(write=False):
        days = [row.on for row in rows_of(group_id)][:3]
        assert days == [date(2026, 10, 14), date(2026, 11, 11), date(2026, 12, 9)]


def test_what_has_begun_cannot_be_moved_or_cancelled(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    on_a_tuesday.move_to("2026-10-06 16:00:00+00:00")
    for act in (
        lambda row: changing.change_date(row, change(day=TUESDAY + timedelta(days=1)), actor=people[0]),
        lambda row: changing.cancel_date(row, actor=people[0]),
        lambda row: changing.restore_date(row, actor=people[0]),
    ):
        with pytest.raises(DateOver), transaction():
            act(rows_of(group_id)[0])


def test_a_cancelled_date_keeps_its_row_and_can_come_back(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    for _ in range(2):
        with transaction():
            changing.cancel_date(rows_of(group_id)[1], actor=people[0], reason="Ferien")
    with transaction():
        line = line_of(rows_of(group_id)[1])
        assert (line.is_cancelled, line.reason, line.sequence) == (True, "Ferien", 1)
        with pytest.raises(DateCancelled):
            attending.answer_date(rows_of(group_id)[1], Answer.YES, actor=people[1])
        with pytest.raises(DateCancelled):
            changing.change_date(rows_of(group_id)[1], change(), actor=people[0])
        changing.restore_date(rows_of(group_id)[1], actor=people[0])
    with transaction(write=False):
        line = line_of(rows_of(group_id)[1])
        assert (line.is_cancelled, line.reason, line.sequence) == (False, "", 2)


def test_a_meeting_ends_from_a_date_on_and_makes_no_more(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        gone = changing.cancel_date(rows_of(group_id)[2], actor=people[0], reach=Reach.FROM_HERE)
        assert len(gone) == 51
    with transaction():
        assert planning.extend_series() == 0
        rows = rows_of(group_id)
        assert [row.status for row in rows[:2]] == [DateStatus.PLANNED] * 2
        assert {row.status for row in rows[2:]} == {DateStatus.CANCELLED}
        changing.restore_date(rows[3], actor=people[0])
    with transaction(write=False):
        row = rows_of(group_id)[3]
        assert row.status is DateStatus.PLANNED
        assert row.meeting.repeats is Repeats.ONCE
        assert line_of(row).place == "Treff"


def test_a_whole_series_is_called_off(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        changing.cancel_date(rows_of(group_id)[0], actor=people[0], reach=Reach.ALL)
    with transaction(write=False):
        assert rows_of(group_id)[0].meeting.called_off
        assert {row.status for row in rows_of(group_id)} == {DateStatus.CANCELLED}


def test_members_without_the_right_change_nothing(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    with transaction():
        group(group_id).member_rights = []
    for actor in (people[1], settled()):
        with pytest.raises(NotFound), transaction():
            changing.cancel_date(rows_of(group_id)[0], actor=actor)
