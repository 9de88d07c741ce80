"""The one clock. Everything asks here, so that tests can stop time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_zone = ZoneInfo("Europe/Berlin")
_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def set_zone(name: str) -> None:
    """The town's time zone, set once at start."""
    global _zone
    _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    """The town's time zone."""
    return _zone


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
