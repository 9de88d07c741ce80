"""Dates of meetings as their reader may see them: a group's, one's own over all groups, who comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.models import (
    Answer,
    Attendance,
    DateStatus,
    DateWish,
    Group,
    GroupMeeting,
    Held,
    MeetingDate,
    MeetingSeen,
    Membership,
    MemberState,
    Privacy,
    Repeats,
)
from portal.groups.permissions import gathers, is_member, is_shown, membership_of, ref_of
from portal.groups.permissions.accompanying import looks_at_dates
from portal.groups.permissions.meetings import DATE_WISHERS, gets_dates
from portal.groups.queries.recurring import instant_of

# So long a date is "today" although it has begun.
_YESTERDAY = timedelta(days=1)
MINE_AHEAD = timedelta(days=92)


@dataclass(frozen=True)
class DateLine:
    """One date as a page or a calendar shows it; what was changed for it has replaced the plan."""

    id: int
    public_id: str
    group_id: int
    meeting: GroupMeeting
    original_on: date
    on: date
    starts: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    note: str
    is_cancelled: bool
    is_moved: bool
    reason: str
    held: Held
    people: int | None
    sequence: int
    changed_on: date

    @property
    def is_over(self) -> bool:
        """It has ended."""
        return self.ends_at <= clock.now()

    @property
    def has_begun(self) -> bool:
        """It has begun."""
        return self.starts_at <= clock.now()


def line_of(row: MeetingDate) -> DateLine:
    """The row with its plan behind it."""
    plan = row.meeting
    starts = row.starts or plan.starts
    begins = instant_of(row.on, starts)
    return DateLine(
        id=row.id,
        public_id=row.public_id,
        group_id=row.group_id,
        meeting=plan,
        original_on=row.original_on,
        on=row.on,
        starts=starts,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=row.minutes or plan.minutes),
        title=plan.title,
        place=plan.place if row.place is None else row.place,
        note=plan.note if row.note is None else row.note,
        is_cancelled=row.status is DateStatus.CANCELLED,
        is_moved=row.is_moved,
        reason=row.reason,
        held=row.held,
        people=row.people,
        sequence=plan.sequence + row.sequence,
        changed_on=max(plan.changed_on, row.changed_on),
    )


def date_by_public_id(public_id: str) -> MeetingDate | None:
    """The date, whoever asks; the permission decides."""
    return session.scalar(select(MeetingDate).where(MeetingDate.public_id == public_id))


def date_in(group_id: str, date_id: str) -> MeetingDate | None:
    """The date, if it belongs to the group; both by their public ids."""
    query = (
        select(MeetingDate)
        .join(Group, Group.id == MeetingDate.group_id)
        .where(MeetingDate.public_id == date_id, Group.public_id == group_id)
    )
    return session.scalar(query)


def group_of(row: MeetingDate) -> Group:
    """The group of a date."""
    return session.get_one(Group, row.group_id)


def shown_to(actor: Actor, group: Group) -> tuple[MeetingSeen, ...]:
    """Which meetings of the group this reader may see; empty for none."""
    if is_member(actor, group) or looks_at_dates(actor, group):
        return tuple(MeetingSeen)
    if group.is_discreet or not (is_shown(actor, group) or gathers(actor, group)):
        return ()
    seen: list[MeetingSeen] = [MeetingSeen.EVERYBODY] if group.privacy is Privacy.OPEN else []
    if gets_dates(actor, group):
        seen = [MeetingSeen.GUESTS, MeetingSeen.EVERYBODY]
    return tuple(seen)


def on_or_sealed(condition: Any) -> Any:
    """The condition on the day, or a sealed day, which has to be looked at afterwards."""
    return or_(condition & MeetingDate.sealed.is_(None), MeetingDate.sealed.is_not(None))


def _is_plain(group: Group) -> bool:
    """No day of this group was ever sealed, so that the database can sort and cut."""
    return not group.is_discreet and group.loosened_on is None


def coming_dates(group: Group, seen: Iterable[MeetingSeen], *, limit: int = 20) -> list[DateLine]:
    """The next dates, cancelled ones among them, until they are over. One question."""
    query = (
        select(MeetingDate)
        .join(GroupMeeting, GroupMeeting.id == MeetingDate.meeting_id)
        .where(MeetingDate.group_id == group.id)
        .where(on_or_sealed(MeetingDate.stored_on >= clock.today() - _YESTERDAY))
        .where(GroupMeeting.seen.in_(list(seen)))
        .order_by(MeetingDate.stored_on, MeetingDate.id)
        .limit(limit + 5 if _is_plain(group) else None)
    )
    return [line for line in _sorted(session.scalars(query)) if not line.is_over][:limit]


def past_dates(group: Group, seen: Iterable[MeetingSeen], *, limit: int = 20) -> list[DateLine]:
    """What lies behind the group, newest first. One question."""
    query = (
        select(MeetingDate)
        .join(GroupMeeting, GroupMeeting.id == MeetingDate.meeting_id)
        .where(MeetingDate.group_id == group.id)
        .where(on_or_sealed(MeetingDate.stored_on <= clock.today()))
        .where(GroupMeeting.seen.in_(list(seen)))
        .order_by(MeetingDate.stored_on.desc(), MeetingDate.id.desc())
        .limit(limit + 5 if _is_plain(group) else None)
    )
    return [line for line in reversed(_sorted(session.scalars(query))) if line.is_over][:limit]


def dates_between(
    group_ids: Iterable[int], begin: date, end: date, *, seen: Iterable[MeetingSeen] = tuple(MeetingSeen)
) -> list[DateLine]:
    """All dates of these groups in this span, in order. For calendars and exports; one question."""
    query = (
        select(MeetingDate)
        .join(GroupMeeting, GroupMeeting.id == MeetingDate.meeting_id)
        .where(MeetingDate.group_id.in_(list(group_ids)))
        .where(on_or_sealed(MeetingDate.stored_on.between(begin, end)))
        .where(GroupMeeting.seen.in_(list(seen)))
    )
    return _sorted(row for row in session.scalars(query) if begin <= row.on <= end)


def unanswered(group: Group, since: date) -> list[DateLine]:
    """Dates that are over, and of which nobody has said whether they took place; oldest first."""
    query = (
        select(MeetingDate)
        .where(MeetingDate.group_id == group.id)
        .where(on_or_sealed(MeetingDate.stored_on.between(since, clock.today())))
        .where(MeetingDate.status == DateStatus.PLANNED, MeetingDate.held == Held.UNKNOWN)
    )
    return [line for line in _sorted(session.scalars(query)) if line.is_over and line.on >= since]


def _sorted(rows: Iterable[MeetingDate]) -> list[DateLine]:
    return sorted((line_of(row) for row in rows), key=lambda line: (line.starts_at, line.id))


def running_series(group: Group) -> int:
    """How many meetings come back and have not ended."""
    query = select(GroupMeeting).where(
        GroupMeeting.group_id == group.id,
        GroupMeeting.repeats != Repeats.ONCE,
        GroupMeeting.called_off.is_(False),
    )
    return sum(one.until_on is None or one.until_on >= clock.today() for one in session.scalars(query))


# ---- who comes


@dataclass(frozen=True)
class Comer:
    """A member who answered, under the name used in the group."""

    alias: str
    answer: Answer
    people: int
    needs: str | None


def comers(row: MeetingDate, group: Group) -> list[Comer]:
    """Who answered, those who come first. Nobody gets a list of a discreet group."""
    if group.is_discreet:
        return []
    query = (
        select(Membership.alias, Attendance.answer, Attendance.people, Attendance.needs)
        .join(Attendance, Attendance.membership_id == Membership.id)
        .where(Attendance.date_id == row.id)
        .where(Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)))
    )
    order = list(Answer)
    return sorted(
        (Comer(*found) for found in session.execute(query)),
        key=lambda comer: (order.index(comer.answer), comer.alias.casefold()),
    )


def people_coming(dates: Iterable[DateLine], group: Group) -> Counter[int]:
    """How many people said that they come, by date. Nothing is counted in a discreet group."""
    if group.is_discreet:
        return Counter()
    query = (
        select(Attendance.date_id, func.sum(Attendance.people))
        .join(Membership, Membership.id == Attendance.membership_id)
        .where(Attendance.date_id.in_([one.id for one in dates]), Attendance.answer == Answer.YES)
        .where(Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)))
        .group_by(Attendance.date_id)
    )
    return Counter({date_id: int(people) for date_id, people in session.execute(query)})


def own_answers(actor: Actor, group: Group, dates: Iterable[DateLine]) -> dict[int, Attendance]:
    """What the actor answered, by date."""
    membership = membership_of(actor, group)
    if membership is None:
        return {}
    query = select(Attendance).where(
        Attendance.membership_id == membership.id, Attendance.date_id.in_([one.id for one in dates])
    )
    return {one.date_id: one for one in session.scalars(query)}


# ---- one's own calendar


@dataclass(frozen=True)
class OwnDate:
    """A date of one of the person's groups, with the group and what they answered."""

    line: DateLine
    group: Group
    answer: Answer | None


def own_groups(actor: Actor) -> dict[int, tuple[Group, Membership]]:
    """Groups the actor belongs to (discreet ones among them), and those whose dates they asked for.

    Two questions, however many groups.
    """
    if actor.account_id is None:
        return {}
    discreet = session.scalars(select(Group.id).where(Group.is_discreet)).all()
    refs = [ref_of(actor.account_id, group_id) for group_id in discreet]
    belongs = Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED))
    asked = Membership.state.in_(DATE_WISHERS) & Group.is_discreet.is_(False) & DateWish.asked_on.is_not(None)
    query = (
        select(Group, Membership)
        .join(Membership, Membership.group_id == Group.id)
        .outerjoin(DateWish, DateWish.membership_id == Membership.id)
        .where((Membership.account_id == actor.account_id) | Membership.ref.in_(refs))
        .where(belongs | asked)
    )
    return {group.id: (group, membership) for group, membership in session.execute(query)}


def own_dates(actor: Actor, begin: date, end: date) -> list[OwnDate]:
    """Everything in the actor's groups in this span, in order. Four questions, however many groups."""
    mine = own_groups(actor)
    lines = dates_between(mine, begin, end)
    members = {
        group_id
        for group_id, (_, membership) in mine.items()
        if membership.state in (MemberState.MEMBER, MemberState.PAUSED)
    }
    shown = [
        line
        for line in lines
        if line.group_id in members
        or (
            line.meeting.seen is not MeetingSeen.MEMBERS
            and (is_shown(actor, mine[line.group_id][0]) or gathers(actor, mine[line.group_id][0]))
        )
    ]
    query = select(Attendance.date_id, Attendance.answer).where(
        Attendance.membership_id.in_([membership.id for _, membership in mine.values()]),
        Attendance.date_id.in_([line.id for line in shown]),
    )
    answers: dict[int, Answer] = dict(session.execute(query).all())
    return [OwnDate(line, mine[line.group_id][0], answers.get(line.id)) for line in shown]


def asks_for_dates(actor: Actor, group: Group) -> bool:
    """Whether the actor, being no member, is told the dates."""
    return gets_dates(actor, group)


def wishers(group: Group) -> list[int]:
    """Memberships of people who are no members and asked for the dates. None for a discreet group."""
    if group.is_discreet:
        return []
    query = (
        select(Membership.id)
        .join(DateWish, DateWish.membership_id == Membership.id)
        .where(Membership.group_id == group.id, Membership.state.in_(DATE_WISHERS))
    )
    return sorted(session.scalars(query))


def likely_comers(row: MeetingDate) -> list[int]:
    """Memberships that said they come, or perhaps."""
    query = select(Attendance.membership_id).where(
        Attendance.date_id == row.id, Attendance.answer != Answer.NO
    )
    return sorted(session.scalars(query))


def own_meetings(account_id: int) -> list[dict[str, Any]]:
    """For a person's own export: what they answered about which day. A discreet group is never asked."""
    query = (
        select(Attendance, MeetingDate)
        .join(Membership, Membership.id == Attendance.membership_id)
        .join(MeetingDate, MeetingDate.id == Attendance.date_id)
        .where(Membership.account_id == account_id)
    )
    found = sorted(session.execute(query), key=lambda one: (one[1].on, one[1].id))
    return [
        {
            "on": row.on.isoformat(),
            "answer": str(given.answer),
            "people": given.people,
            "needs": given.needs or "",
        }
        for given, row in found
    ]
