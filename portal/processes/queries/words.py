"""Dates and standings of phases in sentences."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from portal.core import clock
from portal.core.i18n import format_date, format_datetime
from portal.core.i18n import gettext as _
from portal.processes.models import PHASE_LOOKS, Phase, PhaseKind
from portal.processes.queries.phases import Gap, Overlap, Standing, Window

MIDNIGHT = time(0, 0)
MOMENT = timedelta(microseconds=1)


def name_of(phase: Phase, title: str | None = None) -> str:
    """A phase by its own name (in whatever language it stands), or by its kind."""
    return title or phase.title or str(PHASE_LOOKS[phase.kind].label)


def is_midnight(instant: datetime) -> bool:
    """Whether the town's clocks show the beginning of a day."""
    return clock.local(instant).time() == MIDNIGHT


def from_words(instant: datetime) -> str:
    """A beginning: the day, with the time unless the whole day counts."""
    return format_date(instant) if is_midnight(instant) else format_datetime(instant)


def until_words(instant: datetime) -> str:
    """An end. Midnight is said as the end of the day before: nobody means the next day by it."""
    if is_midnight(instant):
        return _("the end of %(day)s", day=format_date(instant - MOMENT))
    return format_datetime(instant)


def span_words(start: datetime, end: datetime) -> str:
    """From when until when; one whole day is only that day."""
    if is_midnight(start) and is_midnight(end):
        first, last = clock.local(start).date(), clock.local(end - MOMENT).date()
        if first == last:
            return format_date(first)
        return _("%(first)s to %(last)s", first=format_date(first), last=format_date(last))
    one, other = clock.local(start), clock.local(end)
    if one.date() == other.date():
        opens, closes = f"{one:%H:%M}", f"{other:%H:%M}"
        return _("%(day)s, %(first)s to %(last)s", day=format_date(one.date()), first=opens, last=closes)
    return _("%(start)s until %(end)s", start=from_words(start), end=until_words(end))


def now_words(standing: Standing, names: dict[int, str]) -> list[str]:
    """What runs now, one sentence each."""
    return [
        _("%(phase)s, until %(end)s", phase=names[one.id], end=until_words(one.ends_at))
        for one in standing.current
    ]


def next_words(standing: Standing, names: dict[int, str]) -> str | None:
    """What comes next and when."""
    coming = standing.next
    if coming is None:
        return None
    return _("%(phase)s, from %(start)s", phase=names[coming.id], start=from_words(coming.starts_at))


def closed_words(kind: PhaseKind, window: Window) -> str | None:
    """Why nobody can propose or vote now: it was, or it will be. None when it is open, or never will be."""
    if window.open:
        return None
    is_vote = kind is PhaseKind.VOTING
    if window.coming:
        start = from_words(window.coming.starts_at)
        return (
            _("Voting begins: %(start)s.", start=start)
            if is_vote
            else _("Proposing begins: %(start)s.", start=start)
        )
    if window.past is None:
        return None
    end = window.past.ends_at
    if is_midnight(end):
        day = format_date(end - MOMENT)
        return (
            _("Voting ended with %(day)s.", day=day)
            if is_vote
            else _("Proposing ended with %(day)s.", day=day)
        )
    clock_time, day = f"{clock.local(end):%H:%M}", format_date(end)
    if is_vote:
        return _("Voting ended at %(time)s on %(day)s.", time=clock_time, day=day)
    return _("Proposing ended at %(time)s on %(day)s.", time=clock_time, day=day)


def overlap_words(one: Overlap) -> str:
    """Two phases at once, in a sentence."""
    return _(
        "“%(first)s” and “%(second)s” run at the same time: %(span)s.",
        first=name_of(one.first),
        second=name_of(one.second),
        span=span_words(one.start, one.end),
    )


def gap_words(one: Gap) -> str:
    """Nothing between two phases, in a sentence."""
    return _(
        "Nothing runs between “%(first)s” and “%(second)s”: %(span)s.",
        first=name_of(one.first),
        second=name_of(one.second),
        span=span_words(one.start, one.end),
    )
