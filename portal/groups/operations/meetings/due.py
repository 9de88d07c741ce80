"""What happens to meetings by date: the next dates, reminders, "did it take place?", and forgetting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from portal.core.db import session
from portal.core.events import emit
from portal.groups.events import MeetingAsked, MeetingTomorrow
from portal.groups.models import (
    Attendance,
    CalendarAddress,
    DateStatus,
    DateWish,
    Group,
    GroupMeeting,
    GroupState,
    Held,
    MeetingDate,
    Membership,
    MemberState,
    Repeats,
)
from portal.groups.operations.meetings.planning import extend_series
from portal.groups.queries.meetings import line_of, on_or_sealed

ASKED_FOR = timedelta(days=14)
MONDAY = 0
NEEDS_KEPT = timedelta(days=7)
ANSWERS_KEPT = timedelta(days=30)
# A year is what a report needs; discreet groups leave less behind.
DATES_KEPT, DATES_KEPT_DISCREET = timedelta(days=400), timedelta(days=60)
_STANDING = (MemberState.MEMBER, MemberState.PAUSED)
_ENDED = (GroupState.ARCHIVED, GroupState.MERGED)


def run(today: date) -> None:
    """Everything that is due; safe to run twice."""
    extend_series()
    call_off_ended(today)
    remind(today)
    ask_held(today)
    forget(today)


def remind(today: date) -> int:
    """The evening before: whoever said that they come hears of it once; returns how many dates."""
    query = (
        select(MeetingDate)
        .join(Group, Group.id == MeetingDate.group_id)
        .where(on_or_sealed(MeetingDate.stored_on == today + timedelta(days=1)))
        .where(MeetingDate.status == DateStatus.PLANNED, MeetingDate.reminded_on.is_(None))
        # Nobody is asked beforehand in a discreet group, so there is nobody to be reminded.
        .where(Group.state.in_((GroupState.FOUNDING, GroupState.ACTIVE)), Group.is_discreet.is_(False))
    )
    rows = [row for row in session.scalars(query) if row.on == today + timedelta(days=1)]
    for row in rows:
        row.reminded_on = today
        emit(MeetingTomorrow(row.group_id, row.id))
    return len(rows)


def ask_held(today: date) -> int:
    """After a date: did it take place? Asked once, for two weeks; returns how many dates.

    Discreet groups are asked on Mondays, whenever they met: the day of the question tells nothing.
    """
    query = (
        select(MeetingDate)
        .join(Group, Group.id == MeetingDate.group_id)
        .where(on_or_sealed(MeetingDate.stored_on.between(today - ASKED_FOR, today)))
        .where(MeetingDate.status == DateStatus.PLANNED)
        .where(MeetingDate.held == Held.UNKNOWN, MeetingDate.asked_on.is_(None))
        .where(Group.state.in_((GroupState.FOUNDING, GroupState.ACTIVE, GroupState.DORMANT)))
    )
    if today.weekday() != MONDAY:
        query = query.where(Group.is_discreet.is_(False))
    lately = (row for row in session.scalars(query) if today - ASKED_FOR <= row.on <= today)
    rows = [row for row in lately if line_of(row).is_over]
    for row in rows:
        row.note_asked(today)
        emit(MeetingAsked(row.group_id, row.id))
    return len(rows)


def call_off_ended(today: date) -> int:
    """A group that has ended meets no more: its coming dates are cancelled; returns how many."""
    ended = select(Group.id).where(Group.state.in_(_ENDED))
    session.execute(
        update(GroupMeeting)
        .where(GroupMeeting.group_id.in_(ended), GroupMeeting.called_off.is_(False))
        .values(called_off=True, sequence=GroupMeeting.sequence + 1, changed_on=today)
    )
    done = session.execute(
        update(MeetingDate)
        .where(MeetingDate.group_id.in_(ended), MeetingDate.stored_on > today)
        .where(MeetingDate.status == DateStatus.PLANNED, MeetingDate.sealed.is_(None))
        .values(status=DateStatus.CANCELLED, sequence=MeetingDate.sequence + 1, changed_on=today)
    )
    return int(done.rowcount) + _call_off_sealed(ended, today)  # type: ignore[attr-defined]


def _call_off_sealed(ended: Any, today: date) -> int:
    query = select(MeetingDate).where(
        MeetingDate.group_id.in_(ended),
        MeetingDate.status == DateStatus.PLANNED,
        MeetingDate.sealed.is_not(None),
    )
    rows = [row for row in session.scalars(query) if row.on > today]
    for row in rows:
        row.status, row.sequence, row.changed_on = DateStatus.CANCELLED, row.sequence + 1, today
    session.flush()
    return len(rows)


def forget(today: date) -> None:
    """Needs a week after the date, answers a month, dates a year (discreet groups: two months)."""
    session.execute(delete(MeetingDate).where(MeetingDate.id.in_(_old_and_sealed(today))))
    over_a_week = select(MeetingDate.id).where(
        MeetingDate.stored_on < today - NEEDS_KEPT, MeetingDate.sealed.is_(None)
    )
    session.execute(
        update(Attendance)
        .where(Attendance.date_id.in_(over_a_week), Attendance.needs.is_not(None))
        .values(needs=None)
    )
    discreet = select(Group.id).where(Group.is_discreet)
    over_a_month = select(MeetingDate.id).where(
        or_(
            (MeetingDate.stored_on < today - ANSWERS_KEPT) & MeetingDate.sealed.is_(None),
            MeetingDate.group_id.in_(discreet),
        )
    )
    session.execute(delete(Attendance).where(Attendance.date_id.in_(over_a_month)))
    session.execute(
        delete(MeetingDate).where(MeetingDate.stored_on < today - DATES_KEPT, MeetingDate.sealed.is_(None))
    )
    _forget_plans(today)
    _forget_people()


def _old_and_sealed(today: date) -> list[int]:
    """Dates of discreet groups after two months; of those that were discreet once, after a year."""
    query = (
        select(MeetingDate, Group.is_discreet)
        .join(Group, Group.id == MeetingDate.group_id)
        .where(MeetingDate.sealed.is_not(None))
    )
    return [
        row.id
        for row, is_discreet in session.execute(query)
        if row.on < today - (DATES_KEPT_DISCREET if is_discreet else DATES_KEPT)
    ]


def _forget_plans(today: date) -> None:
    """Plans that have ended and of which no date is left."""
    query = select(GroupMeeting).where(GroupMeeting.id.not_in(select(MeetingDate.meeting_id)))
    ended = [
        plan.id
        for plan in session.scalars(query)
        if plan.repeats is Repeats.ONCE or plan.called_off or (plan.until_on and plan.until_on < today)
    ]
    session.execute(delete(GroupMeeting).where(GroupMeeting.id.in_(ended)))


def _forget_people() -> None:
    """Addresses and answers of people who are not in the group any more; wishes of those who are now."""
    inside = select(Membership.id).where(Membership.state.in_(_STANDING))
    session.execute(
        delete(CalendarAddress).where(
            CalendarAddress.membership_id.is_not(None), CalendarAddress.membership_id.not_in(inside)
        )
    )
    session.execute(delete(Attendance).where(Attendance.membership_id.not_in(inside)))
    session.execute(delete(DateWish).where(DateWish.membership_id.in_(inside)))


def leave_meetings(membership_id: int) -> None:
    """Somebody left: their answers, wishes and calendar address go at once."""
    for model in (Attendance, CalendarAddress, DateWish):
        session.execute(delete(model).where(model.membership_id == membership_id))


def grow_quiet(group_id: int) -> None:
    """The group is discreet from now on: who comes and who wanted to know is forgotten, days are sealed."""
    for plan in session.scalars(select(GroupMeeting).where(GroupMeeting.group_id == group_id)):
        plan.seal()
    for row in session.scalars(select(MeetingDate).where(MeetingDate.group_id == group_id)):
        row.seal()
    session.flush()
    dates = select(MeetingDate.id).where(MeetingDate.group_id == group_id)
    people = select(Membership.id).where(Membership.group_id == group_id)
    session.execute(delete(Attendance).where(Attendance.date_id.in_(dates)))
    session.execute(delete(DateWish).where(DateWish.membership_id.in_(people)))


def forget_own_address(account_id: int) -> None:
    """An account is erased: no phone fetches its dates any more."""
    session.execute(delete(CalendarAddress).where(CalendarAddress.account_id == account_id))
