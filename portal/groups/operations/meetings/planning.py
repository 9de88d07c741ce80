"""Planning a meeting, once or coming back, and making the rows of its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.core.text import ascii_digits, clean_line, clean_text
from portal.groups.errors import TooLong
from portal.groups.errors.meetings import (
    ClockMissing,
    ClockUnclear,
    EndBeforeBegin,
    LengthWrong,
    NotTheLast,
    TooManyMeetings,
    WrongDay,
)
from portal.groups.events import MeetingPlanned
from portal.groups.models import (
    MEETING_NOTE_LENGTH,
    MEETING_TITLE_LENGTH,
    MOST_MINUTES,
    PLACE_LENGTH,
    Group,
    GroupMeeting,
    GroupState,
    MeetingDate,
    MeetingSeen,
    Privacy,
    Repeats,
)
from portal.groups.models.meetings import NO_DAY, packed, veiled_day
from portal.groups.operations.telling import tell
from portal.groups.permissions import membership_of
from portal.groups.queries.meetings import running_series
from portal.groups.queries.recurring import AHEAD, days_of, interval_days, is_last_of_month

MOST_SERIES = 12
FARTHEST = timedelta(days=731)
FEWEST_MINUTES = 5


@dataclass(frozen=True)
class Plan:
    """A meeting as the form hands it over. `starts` is local: "18:30"."""

    day: date | None
    starts: str
    minutes: int = 120
    repeats: Repeats = Repeats.ONCE
    until_on: date | None = None
    title: str = ""
    place: str = ""
    note: str = ""
    seen: MeetingSeen = MeetingSeen.MEMBERS
    form_key: str | None = None


def plan_meeting(group: Group, plan: Plan, *, actor: Actor) -> GroupMeeting:
    """Plan a meeting; its dates of the next twelve months stand in the calendar at once.

    The same form twice is one meeting. Raises WrongDay, NotTheLast, ClockMissing, ClockUnclear, LengthWrong,
    EndBeforeBegin, TooLong, TooManyMeetings.
    """
    ensure(actor, "groups.plan_meeting", group)
    return plan_by_rule(group, plan, by=member_id(actor, group))


def plan_by_rule(group: Group, plan: Plan, *, by: int = 0) -> GroupMeeting:
    """The same for what the group has agreed on in another way; nobody's right is asked.

    by: the membership of whoever did it, who is not told. Raises what `plan_meeting` raises.
    """
    known = _sent_before(group, plan.form_key)
    if known is not None:
        return known
    day = checked_rhythm(plan.repeats, checked_day(plan.day))
    ends = plan.repeats is not Repeats.ONCE and plan.until_on is not None
    if ends and plan.until_on is not None and plan.until_on < day:
        raise EndBeforeBegin
    if plan.repeats is not Repeats.ONCE and running_series(group) >= MOST_SERIES:
        raise TooManyMeetings
    meeting = GroupMeeting(
        group_id=group.id,
        form_key=plan.form_key,
        repeats=plan.repeats,
        first_on=day,
        until_on=plan.until_on if ends else None,
        made_until=day,
        starts=checked_starts(plan.starts, day),
        minutes=checked_minutes(plan.minutes),
        seen=allowed_seen(group, plan.seen),
        **checked_words(plan.title, plan.place, plan.note),
    )
    if group.is_discreet:
        meeting.seal()
    session.add(meeting)
    session.flush()
    make_dates(meeting)
    if plan.repeats is not Repeats.ONCE:
        group.meeting_interval_days = interval_days(plan.repeats)
    tell(group, "meeting_planned")
    emit(MeetingPlanned(group.id, first_date(meeting).id, by))
    return meeting


def member_id(actor: Actor, group: Group) -> int:
    """The actor's membership, so that nobody is told what they did themselves."""
    membership = membership_of(actor, group)
    return membership.id if membership else 0


def _sent_before(group: Group, form_key: str | None) -> GroupMeeting | None:
    if not form_key:
        return None
    query = select(GroupMeeting).where(GroupMeeting.group_id == group.id, GroupMeeting.form_key == form_key)
    return session.scalar(query)


def first_date(meeting: GroupMeeting) -> MeetingDate:
    """The first date of a meeting."""
    return dates_of(meeting.id)[0]


def dates_of(meeting_id: int) -> list[MeetingDate]:
    """All dates of a meeting that have rows, in the order of the rule. Days may be sealed: sorted here."""
    rows = session.scalars(select(MeetingDate).where(MeetingDate.meeting_id == meeting_id))
    return sorted(rows, key=lambda row: row.original_on)


def make_dates(meeting: GroupMeeting) -> int:
    """Make the rows of dates up to twelve months from now that are not there yet; returns how many.

    May run twice and at the same time: a date by the rule exists once.
    """
    horizon = max(clock.today() + AHEAD, meeting.first_on)
    until = min(horizon, meeting.until_on) if meeting.until_on else horizon
    days = days_of(meeting.repeats, meeting.first_on, until)
    rows = [
        {
            "public_id": new_id(12),
            "meeting_id": meeting.id,
            "group_id": meeting.group_id,
            **_stored(meeting, day),
            "status": "planned",
            "reason": "",
            "held": "unknown",
            "sequence": 0,
            "changed_on": clock.today(),
        }
        for day in days
        if day >= meeting.made_until
    ]
    made = 0
    if rows:
        statement = upsert(MeetingDate).on_conflict_do_nothing(index_elements=["meeting_id", "original_on"])
        made = len(session.execute(statement.returning(MeetingDate.id), rows).all())
    meeting.made_until = max(meeting.made_until, until)
    session.flush()
    return made


def _stored(meeting: GroupMeeting, day: date) -> dict[str, Any]:
    """The columns of a date by the rule, sealed like its meeting."""
    if meeting.sealed is None:
        return {"stored_original_on": day, "stored_on": day, "sealed": None}
    veiled = veiled_day(meeting.group_id, day)
    return {"stored_original_on": veiled, "stored_on": NO_DAY, "sealed": packed(day, day)}


def extend_series() -> int:
    """Add the next dates of meetings that come back; returns how many meetings were looked at."""
    soon = clock.today() + AHEAD - timedelta(days=30)
    query = (
        select(GroupMeeting)
        .join(Group, Group.id == GroupMeeting.group_id)
        .where(Group.state.in_((GroupState.FOUNDING, GroupState.ACTIVE)))
        .where(GroupMeeting.called_off.is_(False), GroupMeeting.repeats != Repeats.ONCE)
        .where(GroupMeeting.sealed.is_not(None) | (GroupMeeting.stored_made_until < soon))
    )
    meetings = [
        one
        for one in session.scalars(query).all()
        if one.made_until < soon and (one.until_on is None or one.until_on > one.made_until)
    ]
    for meeting in meetings:
        make_dates(meeting)
    return len(meetings)


# ---- what may stand in a plan


def checked_day(day: date | None, *, field: str = "day") -> date:
    """From today to two years ahead. Raises WrongDay."""
    if day is None or not clock.today() <= day <= clock.today() + FARTHEST:
        raise WrongDay(field=field)
    return day


def checked_rhythm(repeats: Repeats, day: date) -> date:
    """The first day fits the rhythm. Raises NotTheLast."""
    if repeats is Repeats.MONTHLY_LAST and not is_last_of_month(day):
        raise NotTheLast
    return day


def checked_starts(starts: str, day: date) -> str:
    """A time of day as "18:30", in whatever digits and with whatever dot it was typed; seconds are dropped.

    Raises ClockMissing, and ClockUnclear for a time of this day that comes twice or never.
    """
    typed = ascii_digits(clean_line(starts)).replace(".", ":").replace(" ", "")
    hours, _, minutes = typed.partition(":")
    if not (hours.isdigit() and len(hours) <= 2) or not (minutes[:2].isdigit() or not minutes):
        raise ClockMissing
    try:
        moment = time(int(hours), int(minutes[:2] or 0))
        clock.at_local(day, moment)
    except clock.UnclearTime:
        raise ClockUnclear from None
    except ValueError:
        raise ClockMissing from None
    return f"{moment:%H:%M}"


def checked_minutes(minutes: int) -> int:
    """Five minutes to one day. Raises LengthWrong."""
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise LengthWrong
    return minutes


def checked_words(title: str, place: str, note: str) -> dict[str, str]:
    """Title, place and note cleaned. Raises TooLong for the field."""
    words = {
        "title": clean_line(title),
        "place": clean_line(place),
        "note": clean_text(note).strip(),
    }
    most = {"title": MEETING_TITLE_LENGTH, "place": PLACE_LENGTH, "note": MEETING_NOTE_LENGTH}
    for name, text in words.items():
        if len(text) > most[name]:
            raise TooLong(field=name)
    return words


def allowed_seen(group: Group, wanted: MeetingSeen) -> MeetingSeen:
    """No more people than the group's privacy allows."""
    if group.is_discreet:
        return MeetingSeen.MEMBERS
    if wanted is MeetingSeen.EVERYBODY and group.privacy is not Privacy.OPEN:
        return MeetingSeen.GUESTS
    return wanted
