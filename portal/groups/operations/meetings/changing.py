"""Moving and cancelling: one date, this one and all after it, or all that are to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import delete

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors import TooLong
from portal.groups.errors.meetings import DateCancelled, DateOver
from portal.groups.events import MeetingChanged
from portal.groups.models import (
    REASON_WHY_LENGTH,
    Attendance,
    DateStatus,
    Group,
    GroupMeeting,
    MeetingDate,
    Repeats,
)
from portal.groups.operations.meetings.planning import (
    checked_day,
    checked_minutes,
    checked_rhythm,
    checked_starts,
    checked_words,
    dates_of,
    make_dates,
    member_id,
)
from portal.groups.operations.telling import tell
from portal.groups.queries.meetings import line_of

_ONE_DAY = timedelta(days=1)
_WEEKLY = (Repeats.WEEKLY, Repeats.FORTNIGHTLY)


class Reach(StrEnum):
    """Which dates of a meeting that comes back are meant."""

    THIS = "this"
    FROM_HERE = "from_here"
    ALL = "all"


@dataclass(frozen=True)
class Change:
    """What the date (or all later ones) shall be from now on."""

    day: date | None
    starts: str
    minutes: int
    title: str = ""
    place: str = ""
    note: str = ""


def change_date(row: MeetingDate, change: Change, *, actor: Actor, reach: Reach = Reach.THIS) -> MeetingDate:
    """Move a date or change its words; returns the row, which keeps its address.

    Whoever said that they come is asked again when day or time changed. Changed from here on, a meeting that
    has had dates ends and goes on as another one, so that calendars keep what was.
    Raises DateOver, DateCancelled, WrongDay, NotTheLast, ClockMissing, ClockUnclear, LengthWrong, TooLong.
    """
    ensure(actor, "groups.change_date", row)
    row = _still_ahead(row, reach)
    if row.status is DateStatus.CANCELLED:
        raise DateCancelled
    day = checked_day(change.day)
    wanted = Change(
        day,
        checked_starts(change.starts, day),
        checked_minutes(change.minutes),
        **checked_words(change.title, change.place, change.note),
    )
    line = line_of(row)
    is_moved = (day, wanted.starts) != (line.on, line.starts)
    if row.meeting.repeats is Repeats.ONCE or reach is not Reach.THIS:
        _change_plan(row, wanted)
    else:
        _change_row(row, wanted)
    session.flush()
    if is_moved:
        _tell(row, "moved", actor)
    return row


def _still_ahead(row: MeetingDate, reach: Reach) -> MeetingDate:
    """The date meant; for "all" the first that is still to come. Raises DateOver."""
    if reach is Reach.ALL:
        planned = (one for one in dates_of(row.meeting_id) if one.status is DateStatus.PLANNED)
        row = next((one for one in planned if not line_of(one).has_begun), row)
    if line_of(row).has_begun:
        raise DateOver
    return row


def _tell(row: MeetingDate, how: str, actor: Actor) -> None:
    group = session.get_one(Group, row.group_id)
    tell(group, f"meeting_{how}")
    emit(MeetingChanged(group.id, row.id, how, member_id(actor, group)))


def _change_row(row: MeetingDate, wanted: Change) -> None:
    """Only this date: what is as planned stays empty, so that it follows later changes of the plan."""
    plan, line = row.meeting, line_of(row)
    assert wanted.day is not None
    if (wanted.day, wanted.starts) != (line.on, line.starts):
        _ask_again([row.id])
    row.on = wanted.day
    row.starts = None if wanted.starts == plan.starts else wanted.starts
    row.minutes = None if wanted.minutes == plan.minutes else wanted.minutes
    row.place = None if wanted.place == plan.place else wanted.place
    row.note = None if wanted.note == plan.note else wanted.note
    _raise(row)


def _raise(row: MeetingDate) -> None:
    row.sequence, row.changed_on, row.asked_on, row.reminded_on = (
        row.sequence + 1,
        clock.today(),
        None,
        None,
    )


def _ask_again(ids: list[int]) -> None:
    session.execute(delete(Attendance).where(Attendance.date_id.in_(ids)))


def _change_plan(row: MeetingDate, wanted: Change) -> None:
    """The plan from this date on; the plan itself when nothing lies before it."""
    assert wanted.day is not None
    checked_rhythm(row.meeting.repeats, wanted.day)
    old, shift = row.meeting, wanted.day - row.original_on
    later = _from(row)
    if shift or wanted.starts != old.starts:
        _ask_again([one.id for one in later])
    new = old if _is_first(row) else _split(old, row)
    new.starts, new.minutes = wanted.starts, wanted.minutes
    new.title, new.place, new.note = wanted.title, wanted.place, wanted.note
    new.sequence, new.changed_on = new.sequence + 1, clock.today()
    _follow(row, later, new, shift)


def _from(row: MeetingDate) -> list[MeetingDate]:
    return [one for one in dates_of(row.meeting_id) if one.original_on >= row.original_on]


def _is_first(row: MeetingDate) -> bool:
    return dates_of(row.meeting_id)[0].original_on == row.original_on


def _split(old: GroupMeeting, row: MeetingDate) -> GroupMeeting:
    """The old plan ends the day before; a new one begins with this date."""
    new = GroupMeeting(
        group_id=old.group_id,
        follows_id=old.id,
        repeats=old.repeats,
        first_on=row.original_on,
        until_on=old.until_on,
        made_until=old.made_until,
        starts=old.starts,
        minutes=old.minutes,
        seen=old.seen,
    )
    if old.sealed is not None:
        new.seal()
    session.add(new)
    session.flush()
    old.until_on = old.made_until = row.original_on - _ONE_DAY
    old.sequence, old.changed_on = old.sequence + 1, clock.today()
    return new


def _follow(row: MeetingDate, later: list[MeetingDate], new: GroupMeeting, shift: timedelta) -> None:
    """Later dates belong to the new plan; a monthly rule on another day makes its dates anew."""
    day = row.original_on + shift
    if shift and new.repeats not in (*_WEEKLY, Repeats.ONCE):
        for one in later[1:]:
            session.delete(one)
        later = later[:1]
        new.made_until = day
    for one in reversed(later) if shift > timedelta() else later:
        is_own = one.is_moved and one is not row
        one.meeting = new
        one.original_on = one.original_on + shift if one is not row else day
        one.on = one.on if is_own else one.original_on
        if one is row:
            one.starts = one.minutes = one.place = one.note = None
        _raise(one)
        session.flush()
    if new.until_on is not None:
        new.until_on = max(new.until_on + shift, day)
    new.first_on, new.made_until = day, max(day, new.made_until + shift)
    session.flush()
    make_dates(new)


# ---- cancelling


def cancel_date(
    row: MeetingDate, *, actor: Actor, reason: str = "", reach: Reach = Reach.THIS
) -> list[MeetingDate]:
    """It does not take place; returns the dates this concerns. Twice is once.

    From here on: the meeting ends, its later dates stay as cancelled ones, so that calendars learn of it.
    Raises DateOver, TooLong.
    """
    ensure(actor, "groups.change_date", row)
    row = _still_ahead(row, reach)
    why = clean_line(reason)
    if len(why) > REASON_WHY_LENGTH:
        raise TooLong(field="reason")
    concerned = [row] if reach is Reach.THIS else _from(row)
    concerned = [one for one in concerned if one.status is DateStatus.PLANNED]
    for one in concerned:
        one.status, one.reason = DateStatus.CANCELLED, why
        _raise(one)
    if reach is not Reach.THIS or row.meeting.repeats is Repeats.ONCE:
        _end(row)
    session.flush()
    if concerned:
        _tell(row, "cancelled", actor)
    return concerned


def _end(row: MeetingDate) -> None:
    plan = row.meeting
    plan.sequence, plan.changed_on = plan.sequence + 1, clock.today()
    if _is_first(row):
        plan.called_off = True
    else:
        plan.until_on = row.original_on - _ONE_DAY
        plan.made_until = min(plan.made_until, plan.until_on)


def restore_date(row: MeetingDate, *, actor: Actor) -> None:
    """It takes place after all. Raises DateOver; twice is once.

    A date of a meeting that has ended comes back as a single one.
    """
    ensure(actor, "groups.change_date", row)
    if line_of(row).has_begun:
        raise DateOver
    if row.status is DateStatus.PLANNED:
        return
    plan = row.meeting
    is_beyond = plan.until_on is not None and row.original_on > plan.until_on
    if is_beyond or (plan.called_off and plan.repeats is not Repeats.ONCE):
        row.meeting = _alone(row)
        row.original_on = row.on
    row.meeting.called_off = False
    row.status, row.reason = DateStatus.PLANNED, ""
    _raise(row)
    session.flush()
    _tell(row, "restored", actor)


def _alone(row: MeetingDate) -> GroupMeeting:
    plan = row.meeting
    alone = GroupMeeting(
        group_id=plan.group_id,
        follows_id=plan.id,
        repeats=Repeats.ONCE,
        first_on=row.on,
        made_until=row.on,
        starts=plan.starts,
        minutes=plan.minutes,
        title=plan.title,
        place=plan.place,
        note=plan.note,
        seen=plan.seen,
    )
    if plan.sealed is not None:
        alone.seal()
    session.add(alone)
    session.flush()
    return alone
