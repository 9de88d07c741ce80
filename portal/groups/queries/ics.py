"""Dates as iCalendar (RFC 5545) for phones: what comes back as a rule with its exceptions, times of the town.

Dates of a discreet group in somebody's calendar say only that there is one: no name, no place, no link, each
under an id that differs from person to person and from date to date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any, cast

from portal.core import clock, crypto
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.core.later import Later
from portal.groups.models import GroupMeeting
from portal.groups.queries.meetings import DateLine, OwnDate
from portal.groups.queries.recurring import instant_of, rule_of

icalendar = Later("icalendar")
PRODUCT = "-//Nachbarnetz//groups//EN"
# The rules of summer time are written out for these years before and after today.
ZONE_YEARS = 2
REFRESH = timedelta(hours=6)
Link = Callable[[OwnDate], str]


def calendar(entries: Iterable[OwnDate], *, name: str, key: str, host: str, link: Link) -> bytes:
    """All entries as one file. `key`: whose calendar it is. `link`: the page of a date that is not discreet.

    The same dates give the same bytes, so that a phone that asks again is told that nothing has changed.
    """
    found = icalendar.Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    found.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    listed = list(entries)
    for entry in listed:
        if entry.group.is_discreet and not entry.line.is_cancelled:
            found.add_component(_neutral(entry, key, host))
    told = sorted((one for one in listed if not one.group.is_discreet), key=lambda one: one.line.meeting.id)
    for _id, of_meeting in groupby(told, key=lambda one: one.line.meeting.id):
        for event in _events(list(of_meeting), name, host, link):
            found.add_component(event)
    today = clock.today()
    found.add_missing_timezones(
        first_date=today.replace(year=today.year - ZONE_YEARS, day=1),
        last_date=today.replace(year=today.year + ZONE_YEARS, day=1),
    )
    return cast(bytes, found.to_ical())


def _neutral(entry: OwnDate, key: str, host: str) -> Any:
    line = entry.line
    event = _event(line.starts_at, line.ends_at, line)
    event.add("uid", f"{crypto.keyed_hash('groups.ics', f'{key}|{line.public_id}')[:32]}@{host}")
    event.add("sequence", line.sequence)
    event.add("summary", pgettext("neutral title", "Appointment"))
    event.add("class", "PRIVATE")
    return event


def _event(starts_at: datetime, ends_at: datetime, line: DateLine) -> Any:
    event = icalendar.Event()
    # When it was changed last, by the day: the instant of asking would make each answer another one.
    event.add("dtstamp", datetime.combine(line.changed_on, time(0), tzinfo=UTC))
    event.add("dtstart", clock.local(starts_at))
    event.add("dtend", clock.local(ends_at))
    return event


def _events(entries: list[OwnDate], name: str, host: str, link: Link) -> list[Any]:
    """A meeting: one event; or its rule, and an event more for each date that differs from it."""
    plan = entries[0].line.meeting
    rule = rule_of(plan.repeats, plan.first_on)
    if rule is None:
        return [_written(entry, plan, name, host, link) for entry in entries]
    events = [_series(entries[0], plan, rule, name, host, link)]
    for entry in entries:
        line = entry.line
        if plan.until_on is not None and line.original_on > plan.until_on:
            continue
        if line.is_cancelled or _differs(line, plan):
            event = _written(entry, plan, name, host, link)
            event.add("recurrence-id", clock.local(instant_of(line.original_on, plan.starts)))
            events.append(event)
    return events


def _differs(line: DateLine, plan: GroupMeeting) -> bool:
    planned = (plan.place, plan.note, timedelta(minutes=plan.minutes))
    return line.is_moved or (line.place, line.note, line.ends_at - line.starts_at) != planned


def _series(entry: OwnDate, plan: GroupMeeting, rule: str, name: str, host: str, link: Link) -> Any:
    begins = instant_of(plan.first_on, plan.starts)
    event = _event(begins, begins + timedelta(minutes=plan.minutes), entry.line)
    _tell(event, entry, plan, name, host, link)
    event.add("sequence", plan.sequence)
    _place(event, plan.place, plan.note)
    event.add("status", "CANCELLED" if plan.called_off else "CONFIRMED")
    recur = dict(icalendar.vRecur.from_ical(rule))
    if plan.until_on is not None:
        recur["UNTIL"] = instant_of(plan.until_on, plan.starts)
    event.add("rrule", recur)
    return event


def _written(entry: OwnDate, plan: GroupMeeting, name: str, host: str, link: Link) -> Any:
    line = entry.line
    event = _event(line.starts_at, line.ends_at, line)
    _tell(event, entry, plan, name, host, link)
    event.add("sequence", line.sequence)
    _place(event, line.place, "\n".join(filter(None, (line.reason, line.note))))
    event.add("status", "CANCELLED" if line.is_cancelled else "CONFIRMED")
    return event


def _tell(event: Any, entry: OwnDate, plan: GroupMeeting, name: str, host: str, link: Link) -> None:
    event.add("uid", f"{plan.public_id}@{host}")
    title, group = plan.title or _("Meeting"), entry.group.name
    event.add("summary", title if name == group else f"{group}: {title}")
    event.add("url", link(entry))


def _place(event: Any, place: str, note: str) -> None:
    if place:
        event.add("location", place)
    if note:
        event.add("description", note)
