"""Lists of processes: what runs, what comes, what is over, and what moderators prepare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import can
from portal.processes.models import Phase, Process, ProcessState
from portal.processes.queries.phases import phases_of

PER_PAGE = 20
MOST_AT_ONCE = 50
MOST_ON_DESK = 200


@dataclass(frozen=True)
class Listed:
    """A process of a list with its phases."""

    process: Process
    phases: list[Phase]


@dataclass(frozen=True)
class ProcessLists:
    """Running ones (those that end first in front), coming ones, and one page of those that are over."""

    running: list[Listed]
    coming: list[Listed]
    past: list[Listed]
    past_total: int


PUBLISHED = Process.state == ProcessState.PUBLISHED


def _running(now: datetime) -> Select[Any]:
    query = select(Process).where(PUBLISHED, Process.starts_at <= now, Process.ends_at > now)
    return query.order_by(Process.ends_at, Process.id)


def _coming(now: datetime) -> Select[Any]:
    query = select(Process).where(PUBLISHED, Process.starts_at > now)
    return query.order_by(Process.starts_at, Process.id)


def _past(now: datetime) -> Select[Any]:
    over = or_(Process.state == ProcessState.ARCHIVED, PUBLISHED & (Process.ends_at <= now))
    return select(Process).where(over)


def running_processes(limit: int = MOST_AT_ONCE) -> list[Listed]:
    """What runs now. Two queries, one when nothing runs."""
    return _with_phases(list(session.scalars(_running(clock.now()).limit(limit))))


def process_lists(page: int = 1) -> ProcessLists:
    """Everything the public list shows; later pages show only what is over. At most five queries."""
    now, first = clock.now(), page == 1
    running = list(session.scalars(_running(now).limit(MOST_AT_ONCE))) if first else []
    coming = list(session.scalars(_coming(now).limit(MOST_AT_ONCE))) if first else []
    order = _past(now).order_by(Process.ends_at.desc(), Process.id.desc())
    past = list(session.scalars(order.limit(PER_PAGE).offset((page - 1) * PER_PAGE)))
    total = session.scalar(select(func.count()).select_from(_past(now).subquery())) or 0
    phases = phases_of([one.id for one in (*running, *coming, *past)])
    parts = [[Listed(one, phases[one.id]) for one in rows] for rows in (running, coming, past)]
    return ProcessLists(parts[0], parts[1], parts[2], total)


def desk_processes(actor: Actor) -> list[Listed]:
    """What this moderator may prepare and change: drafts first, then by their end. Three queries."""
    query = select(Process).options(selectinload(Process.districts))
    order = (Process.state != ProcessState.DRAFT, Process.archived_at.is_not(None), Process.id.desc())
    rows = session.scalars(query.order_by(*order).limit(MOST_ON_DESK))
    return _with_phases([one for one in rows if can(actor, "processes.edit", one)])


def _with_phases(rows: list[Process]) -> list[Listed]:
    phases = phases_of([one.id for one in rows])
    return [Listed(one, phases[one.id]) for one in rows]


def public_processes() -> list[Process]:
    """Everything public, for the sitemap."""
    query = select(Process).where(Process.state != ProcessState.DRAFT).order_by(Process.id)
    return list(session.scalars(query))
