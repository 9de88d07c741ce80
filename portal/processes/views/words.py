"""Dates and standings of phases in sentences."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from portal.core import clock
from portal.core.i18n import format_date, format_datetime
from portal.core.i18n import gettext as _
from portal.processes.models import PHASE_LOOKS, Phase, PhaseKind
from portal.processes.queries import Gap, Overlap, Standing, Window

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
    return _("%(start)s until %(end)s", start=from_words(start), end=until_words(end))


def ended_words(instant: datetime) -> str:
    """Since when something is over, to the minute."""
    if is_midnight(instant):
        return _("ended with the end of %(day)s", day=format_date(instant - MOMENT))
    local = clock.local(instant)
    return _("ended at %(time)s on %(day)s", time=f"{local:%H:%M}", day=format_date(instant))


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


CLOSED_WORDS = {
    PhaseKind.PROPOSALS: lambda: _("Proposing"),
    PhaseKind.VOTING: lambda: _("Voting"),
}


def closed_words(kind: PhaseKind, window: Window) -> str | None:
    """Why something is not open now: it was, or it will be. None when it is open or never meant to be."""
    what = CLOSED_WORDS[kind]()
    if window.open:
        return None
    if window.coming:
        return _("%(what)s begins on %(day)s.", what=what, day=from_words(window.coming.starts_at))
    if window.past:
        return _("%(what)s %(ended)s.", what=what, ended=ended_words(window.past.ends_at))
    return None


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
