"""Days on which meetings come back, and local times across the change of clocks."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core import clock
from portal.groups.models import Repeats
from portal.groups.queries.recurring import days_of, instant_of, is_last_of_month, rule_of


def ymd(*days: str) -> list[date]:
    return [date.fromisoformat(day) for day in days]


@pytest.mark.parametrize(
    ("repeats", "first", "until", "expected"),
    [
        (Repeats.ONCE, "2026-10-06", "2027-10-06", ["2026-10-06"]),
        (Repeats.WEEKLY, "2026-10-06", "2026-10-20", ["2026-10-06", "2026-10-13", "2026-10-20"]),
        (Repeats.FORTNIGHTLY, "2026-12-22", "2027-01-19", ["2026-12-22", "2027-01-05", "2027-01-19"]),
        (Repeats.MONTHLY_WEEKDAY, "2026-10-13", "2026-12-31", ["2026-10-13", "2026-11-10", "2026-12-08"]),
        (Repeats.MONTHLY_LAST, "2026-10-27", "2026-12-31", ["2026-10-27", "2026-11-24", "2026-12-29"]),
        # The fifth Thursday is read as the last one.
        (Repeats.MONTHLY_WEEKDAY, "2026-10-29", "2026-12-31", ["2026-10-29", "2026-11-26", "2026-12-31"]),
        (Repeats.MONTHLY_DATE, "2026-10-15", "2026-12-31", ["2026-10-15", "2026-11-15", "2026-12-15"]),
        # The 31st is the last day of shorter months.
        (Repeats.MONTHLY_DATE, "2026-12-31", "2027-03-01", ["2026-12-31", "2027-01-31", "2027-02-28"]),
        (Repeats.MONTHLY_DATE, "2027-01-30", "2027-03-31", ["2027-01-30", "2027-02-28", "2027-03-30"]),
    ],
)  # fmt: skip
def test_days_of_a_rule(repeats: Repeats, first: str, until: str, expected: list[str]) -> None:
    assert days_of(repeats, date.fromisoformat(first), date.fromisoformat(until)) == ymd(*expected)


@settings(max_examples=60, deadline=None)
@given(
    repeats=st.sampled_from([one for one in Repeats if one is not Repeats.ONCE]),
    first=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
)
def test_a_rule_never_leaves_a_month_out_and_begins_with_its_first_day(repeats: Repeats, first: date) -> None:
    if repeats is Repeats.MONTHLY_LAST:
        while not is_last_of_month(first):
            first += timedelta(days=7)
    days = days_of(repeats, first, first + timedelta(days=366))
    assert days[0] == first
    assert days == sorted(set(days))
    gaps = {(after - before).days for before, after in pairwise(days)}
    if repeats in (Repeats.WEEKLY, Repeats.FORTNIGHTLY):
        assert gaps == {7 if repeats is Repeats.WEEKLY else 14}
    else:
        months = [(day.year, day.month) for day in days]
        assert len(set(months)) == len(months) >= 12
        assert max(gaps) <= 35


def test_six_in_the_evening_stays_six_in_winter(app: Flask) -> None:
    summer, winter = instant_of(date(2026, 10, 20), "18:00"), instant_of(date(2026, 10, 27), "18:00")
    assert (summer.hour, winter.hour) == (16, 17)
    assert clock.local(summer).hour == clock.local(winter).hour == 18


def test_a_time_that_is_left_out_or_comes_twice_has_one_instant(app: Flask) -> None:
    assert instant_of(date(2027, 3, 28), "02:30").isoformat() == "2027-03-28T01:30:00+00:00"
    assert instant_of(date(2026, 10, 25), "02:30").isoformat() == "2026-10-25T00:30:00+00:00"


def test_a_single_meeting_has_no_rule() -> None:
    assert rule_of(Repeats.ONCE, date(2026, 10, 6)) is None
