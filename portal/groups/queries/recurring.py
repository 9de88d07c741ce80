"""Days on which a meeting comes back, and instants of local times. Rules count in days of the town."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from dateutil import rrule

from portal.core import clock
from portal.groups.models import Repeats

# So far ahead dates stand in the calendar; a job adds the next ones.
AHEAD = timedelta(days=366)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# A fifth Tuesday is rare: people mean the last one.
_SAFE_WEEKS = 4
_SAFE_DAY = 28
_INTERVALS = {
    Repeats.WEEKLY: 7,
    Repeats.FORTNIGHTLY: 14,
    Repeats.MONTHLY_WEEKDAY: 31,
    Repeats.MONTHLY_LAST: 31,
    Repeats.MONTHLY_DATE: 31,
}


def week_of_month(day: date) -> int:
    """The how manieth Tuesday (or whatever day it is) of its month: 8 May -> 2."""
    return (day.day - 1) // 7 + 1


def is_last_of_month(day: date) -> bool:
    """Whether the same weekday does not come again in this month: 27 October 2026 is the last Tuesday."""
    return (day + timedelta(days=7)).month != day.month


def rule_of(repeats: Repeats, first_on: date) -> str | None:
    """The rule in the words of iCalendar (RFC 5545), without its end; None for a single meeting.

    A monthly meeting on the 31st takes place on the last day of shorter months.
    """
    weekday = WEEKDAYS[first_on.weekday()]
    if repeats is Repeats.ONCE:
        return None
    if repeats is Repeats.WEEKLY:
        return f"FREQ=WEEKLY;BYDAY={weekday}"
    if repeats is Repeats.FORTNIGHTLY:
        return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}"
    if repeats is Repeats.MONTHLY_LAST or (
        repeats is Repeats.MONTHLY_WEEKDAY and week_of_month(first_on) > _SAFE_WEEKS
    ):
        return f"FREQ=MONTHLY;BYDAY=-1{weekday}"
    if repeats is Repeats.MONTHLY_WEEKDAY:
        return f"FREQ=MONTHLY;BYDAY={week_of_month(first_on)}{weekday}"
    if first_on.day <= _SAFE_DAY:
        return f"FREQ=MONTHLY;BYMONTHDAY={first_on.day}"
    days = ",".join(str(day) for day in range(_SAFE_DAY, first_on.day + 1))
    return f"FREQ=MONTHLY;BYMONTHDAY={days};BYSETPOS=-1"


def days_of(repeats: Repeats, first_on: date, until: date) -> list[date]:
    """The days of a meeting from its first to `until`, both included. The first day always counts.

    Weekly from Tuesday 6 to 20 October: 6, 13 and 20.
    """
    rule = rule_of(repeats, first_on)
    if rule is None:
        return [first_on]
    start = datetime.combine(first_on, time(0))
    found = rrule.rrulestr(rule, dtstart=start).between(start, datetime.combine(until, time(0)), inc=True)
    return sorted({first_on, *(one.date() for one in found)})


def interval_days(repeats: Repeats) -> int | None:
    """How many days at most lie between two dates; None for a single meeting."""
    return _INTERVALS.get(repeats)


def parsed(starts: str) -> time:
    """ "18:30" as a time of day. ValueError for anything else."""
    return time.fromisoformat(starts)


def instant_of(day: date, starts: str) -> datetime:
    """When the town's clocks show this time on this day, in UTC.

    A series may hit the night of the clock change: a time that comes twice is the first of the two, a time
    that is left out is read with the clock before the change (RFC 5545, 3.3.5).
    """
    return datetime.combine(day, parsed(starts), tzinfo=clock.zone()).astimezone(UTC)
