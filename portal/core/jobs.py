"""Transactional outbox and worker: what must happen after commit, on both databases, without a queue server.

A job is a row written in the business transaction; nothing is sent for a transaction that rolled back. A
worker leases due rows, runs each handler in a transaction of its own, retries with growing pauses and puts
hopeless ones aside as dead letters. Delivery is at least once: handlers are safe to run twice.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Index, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, db, session, transaction, upsert

log = logging.getLogger("portal.jobs")

LEASE = timedelta(minutes=5)
RETRY_MINUTES = (1, 2, 4, 8, 15, 30, 60)
GIVE_UP_AFTER = timedelta(days=3)
KEEP_DONE = timedelta(days=14)
KEEP_DEAD = timedelta(days=90)


class Job(Base):
    """One thing to do. Done rows stay 14 days without their payload, so that unique keys hold."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "done_at", "dead_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    unique_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Periodic:
    """A job that comes back."""

    name: str
    every: timedelta


Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
_slow: set[str] = set()
_periodic: list[Periodic] = []


def handler(kind: str, *, slow: bool = False) -> Callable[[Handler], Handler]:
    """Decorator: this function does jobs of this kind. It must be safe to run twice.

    slow: it talks to the outside (a mail server); it runs without a transaction and opens short ones
    itself, so that a hanging partner never holds the database.
    """

    def register(function: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"job kind {kind} has two handlers")
        _handlers[kind] = function
        if slow:
            _slow.add(kind)
        return function

    return register


def periodic(name: str, *, every_minutes: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Decorator: run this function once per slot of so many minutes, whatever the number of workers."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        handler(name)(lambda payload: function())
        _periodic.append(Periodic(name, timedelta(minutes=every_minutes)))
        return function

    return register


def enqueue(
    kind: str, payload: dict[str, Any], *, run_at: datetime | None = None, unique_key: str | None = None
) -> None:
    """Write a job in the current transaction. A second job with the same unique key is dropped silently."""
    now = clock.now()
    statement = upsert(Job).values(
        kind=kind, payload=payload, unique_key=unique_key, created_at=now, run_at=run_at or now, attempts=0
    )
    session.execute(statement.on_conflict_do_nothing(index_elements=["unique_key"]))


def cancel(unique_key: str) -> None:
    """Take back a job that has not begun."""
    session.execute(
        delete(Job).where(Job.unique_key == unique_key, Job.done_at.is_(None), Job.lease.is_(None))
    )


def schedule_periodic() -> None:
    """Write the jobs of the current slots; repeated calls and other workers change nothing."""
    now = clock.now()
    due = [(one.name, int(now.timestamp() // one.every.total_seconds())) for one in _periodic]
    keys = [f"{name}:{slot}" for name, slot in due]
    with transaction(write=False):
        known = set(session.scalars(select(Job.unique_key).where(Job.unique_key.in_(keys))))
    missing = [(name, key) for (name, _), key in zip(due, keys, strict=True) if key not in known]
    if missing:
        with transaction():
            for name, key in missing:
                enqueue(name, {}, unique_key=key)


def _due(now: datetime) -> Any:
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    return (Job.done_at.is_(None), Job.dead_at.is_(None), Job.run_at <= now, free)


def lease_due(limit: int = 10) -> list[tuple[int, str]]:
    """Take up to `limit` due jobs for this worker; returns (id, lease token). Workers never take the same."""
    now = clock.now()
    with transaction(write=False):
        if session.scalar(select(Job.id).where(*_due(now)).limit(1)) is None:
            return []
    with transaction():
        query = select(Job.id).where(*_due(now)).order_by(Job.run_at, Job.id).limit(limit)
        if db.engine.dialect.name == "postgresql":
            query = query.with_for_update(skip_locked=True)
        ids = list(session.scalars(query))
        lease = secrets.token_hex(8)
        session.execute(
            update(Job)
            .where(Job.id.in_(ids))
            .values(lease=lease, leased_until=now + LEASE, attempts=Job.attempts + 1)
        )
    return [(job_id, lease) for job_id in ids]


def run_one(job_id: int, lease: str) -> bool:
    """Run a leased job in its own transaction. Returns whether it succeeded."""
    try:
        with transaction(write=False):
            job = _leased(job_id, lease)
            kind, payload = (job.kind, dict(job.payload)) if job else ("", {})
        if not kind:
            return False
        if kind in _slow:
            _handlers[kind](payload)
        with transaction():
            job = _leased(job_id, lease)
            if job is None:
                return False
            if kind not in _slow:
                _handlers[kind](payload)
            job.done_at, job.payload, job.lease, job.leased_until = clock.now(), {}, None, None
        return True
    except Exception as error:  # whatever a handler raises, the worker goes on
        _put_back(job_id, lease, error)
        return False


def _leased(job_id: int, lease: str) -> Job | None:
    job = session.get(Job, job_id)
    return job if job is not None and job.lease == lease and job.done_at is None else None


def _put_back(job_id: int, lease: str, error: Exception) -> None:
    with transaction():
        job = session.get(Job, job_id)
        if job is None or job.lease != lease:
            return
        now = clock.now()
        pause = RETRY_MINUTES[min(job.attempts, len(RETRY_MINUTES)) - 1]
        job.error = type(error).__name__
        job.lease = job.leased_until = None
        if now - job.created_at > GIVE_UP_AFTER or job.kind not in _handlers:
            job.dead_at = now
        else:
            job.run_at = now + timedelta(minutes=pause)
        spot = traceback.extract_tb(error.__traceback__)[-1]
        log.warning(
            "job_failed kind=%s id=%s attempt=%s error=%s at=%s",
            *(job.kind, job.id, job.attempts, job.error),
            f"{Path(spot.filename).stem}.{spot.name}:{spot.lineno}",
        )


def run_due(limit: int = 10) -> int:
    """One round of a worker: schedule periodic jobs, lease what is due, run it. Returns how many ran."""
    schedule_periodic()
    leased = lease_due(limit)
    for job_id, lease in leased:
        run_one(job_id, lease)
    return len(leased)


def prune() -> None:
    """Forget finished jobs after 14 days, those that gave up after 90."""
    session.execute(delete(Job).where(Job.done_at < clock.now() - KEEP_DONE))
    session.execute(delete(Job).where(Job.dead_at < clock.now() - KEEP_DEAD))


periodic("core.prune_jobs", every_minutes=24 * 60)(prune)


def dead_letters() -> list[Job]:
    """Jobs nobody could do, newest first."""
    return list(
        session.scalars(select(Job).where(Job.dead_at.is_not(None)).order_by(Job.id.desc()).limit(200))
    )


def retry_dead(job: Job) -> None:
    """Try a job that gave up once more, with another three days."""
    now = clock.now()
    job.dead_at, job.error, job.attempts = None, None, 0
    job.created_at = job.run_at = now
    session.flush()


def drop_dead(job: Job) -> None:
    """Forget a job that gave up."""
    session.delete(job)
    session.flush()
