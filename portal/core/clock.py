"""The one clock. Everything asks here, so that tests can stop time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class UnclearTime(ValueError):
    """The town's clocks show this time twice or never, because they are changed in that night."""


_zone = ZoneInfo("Europe/Berlin")
_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def set_zone(name: str) -> None:
    """The town's time zone, set once at start."""
    global _zone
    _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    """The town's time zone."""
    return _zone


def is_pretended() -> bool:
    """Whether time is made up at the moment (demo), or the clock is said to be the only one (tests)."""
    return _pretended.get() is not None or is_the_only_one


# Tests stop this clock; the database's would go on.
is_the_only_one = False


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(instant: datetime) -> Iterator[None]:
    """Inside the block it is this instant. Only for making a town whose history lies behind it (demo)."""
    token = _pretended.set(instant)
    try:
        yield
    finally:
        _pretended.reset(token)


def local(instant: datetime) -> datetime:
    """The instant as the town's clocks show it."""
    return instant.astimezone(_zone)


def today() -> date:
    """The day it is in the town."""
    return local(now()).date()


def at_local(day: date, moment: time) -> datetime:
    """The instant at which the town's clocks show this time of this day, in UTC.

    UnclearTime in the hour in which clocks are put back (two instants) or forward (none): whoever sets an
    end must choose another time, since nobody could say when it is.
    """
    shown = datetime.combine(day, moment, tzinfo=_zone)
    if shown.utcoffset() != shown.replace(fold=1).utcoffset():
        raise UnclearTime(f"{day} {moment}")
    return shown.astimezone(UTC)
