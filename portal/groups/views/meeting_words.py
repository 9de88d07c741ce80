"""Dates in words: weekday, day, from when to when, and what is special about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from portal.content.queries import html_language
from portal.core import clock
from portal.core.actors import Actor
from portal.core.i18n import format_date, ngettext
from portal.core.i18n import gettext as _
from portal.groups.models import Answer, Group, Held, Repeats
from portal.groups.models.labels import Look
from portal.groups.models.meeting_labels import (
    ANSWER_LOOKS,
    CANCELLED,
    HELD_LOOKS,
    MOVED,
    REPEATS_LABELS,
)
from portal.groups.permissions import is_member
from portal.groups.queries.meetings import DateLine, OwnDate, own_answers, people_coming


@dataclass(frozen=True)
class ShownDate:
    """A date as pages show it."""

    line: DateLine
    url: str
    title: str
    when: str
    repeats: str
    coming: str
    badges: tuple[Look, ...]
    own: Answer | None


def when_words(line: DateLine) -> str:
    """Tuesday, 6 October 2026, 18:00 to 20:00."""
    begin, end = clock.local(line.starts_at), clock.local(line.ends_at)
    day = format_date(line.starts_at, "full")
    if end.date() == begin.date():
        return _("%(day)s, %(begin)s to %(end)s", day=day, begin=f"{begin:%H:%M}", end=f"{end:%H:%M}")
    return _(
        "%(day)s, %(begin)s to %(last)s, %(end)s",
        day=day,
        begin=f"{begin:%H:%M}",
        last=format_date(line.ends_at, "full"),
        end=f"{end:%H:%M}",
    )


def title_of(line: DateLine) -> str:
    """What it is called."""
    return line.title or _("Meeting")


def shown(line: DateLine, group: Group, actor: Actor) -> ShownDate:
    """One date for its own page."""
    return shown_all([line], group, actor)[0]


def shown_all(lines: Iterable[DateLine], group: Group, actor: Actor) -> list[ShownDate]:
    """Dates for a list. Two questions, however many dates."""
    found = list(lines)
    own = own_answers(actor, group, found) if found else {}
    # How many come is for members; the rest of the world need not count them.
    counts = people_coming(found, group) if is_member(actor, group) and found else {}
    return [
        _shown(line, group, own[line.id].answer if line.id in own else None, counts.get(line.id, 0))
        for line in found
    ]


def _shown(line: DateLine, group: Group, own: Answer | None, people: int) -> ShownDate:
    return ShownDate(
        line,
        url_for("groups.meeting_date", pid=group.public_id, did=line.public_id),
        title_of(line),
        when_words(line),
        "" if line.meeting.repeats is Repeats.ONCE else str(REPEATS_LABELS[line.meeting.repeats]),
        ngettext("%(num)s person comes", "%(num)s people come", people) if people else "",
        tuple(_badges(line, own)),
        own,
    )


def _badges(line: DateLine, own: Answer | None) -> Iterable[Look]:
    if line.is_cancelled:
        yield CANCELLED
        return
    if line.is_moved and not line.is_over:
        yield MOVED
    if line.held is not Held.UNKNOWN:
        yield HELD_LOOKS[line.held]
    elif own is not None and not line.is_over:
        yield ANSWER_LOOKS[own]


@dataclass(frozen=True)
class ShownOwn:
    """A date in one's own calendar, with its group."""

    date: ShownDate
    title: str
    html_lang: str


def shown_own(found: Iterable[OwnDate]) -> list[ShownOwn]:
    """One's own dates for a list; asks nothing."""
    return [
        ShownOwn(
            _shown(one.line, one.group, one.answer, 0),
            ": ".join(filter(None, (one.group.name, one.line.title))),
            html_language(one.group.language),
        )
        for one in found
    ]
