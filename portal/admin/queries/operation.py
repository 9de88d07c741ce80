"""How the portal is doing: versions, jobs that gave up, mails that wait, the search index."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from portal import __version__
from portal.content.models import BarrierReport
from portal.content.queries import overdue_barrier_count
from portal.core import migrate
from portal.core.db import db, session
from portal.core.jobs import Job, dead_letters
from portal.core.search import trigram_ok
from portal.core.search.rebuilding import document_count
from portal.notifications.models import MailMessage, MailStatus


@dataclass(frozen=True)
class Versions:
    """What runs here. `schema` is the database's revision, `schema_wanted` the code's."""

    portal: str
    database: str
    schema: str
    schema_wanted: str

    @property
    def is_current(self) -> bool:
        """Whether the tables have the shape the code expects."""
        return self.schema == self.schema_wanted


@dataclass(frozen=True)
class State:
    """The figures of the page; counts only, nothing of what is inside."""

    versions: Versions
    dead: list[Job]
    waiting_jobs: int
    late_jobs: int
    mails: dict[str, int]
    documents: int
    finds_parts_of_words: bool
    open_barriers: int
    overdue_barriers: int


def versions() -> Versions:
    """Versions of the portal and of its tables."""
    dialect = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[db.engine.dialect.name]
    return Versions(__version__, dialect, migrate.current() or "", migrate.head() or "")


def mail_counts() -> dict[str, int]:
    """Status -> number of mails; every status is there."""
    rows = session.execute(select(MailMessage.status, func.count()).group_by(MailMessage.status))
    found = {row[0]: row[1] for row in rows}
    return {status.value: found.get(status.value, 0) for status in MailStatus}


def state() -> State:
    """Everything the page of operation shows."""
    open_jobs = (Job.done_at.is_(None), Job.dead_at.is_(None))
    return State(
        versions=versions(),
        dead=dead_letters(),
        waiting_jobs=session.scalar(select(func.count()).where(*open_jobs)) or 0,
        late_jobs=session.scalar(select(func.count()).where(*open_jobs, Job.attempts > 0)) or 0,
        mails=mail_counts(),
        documents=document_count(),
        finds_parts_of_words=trigram_ok(),
        open_barriers=session.scalar(select(func.count()).where(BarrierReport.answered_at.is_(None))) or 0,
        overdue_barriers=overdue_barrier_count(),
    )


def dead_job(job_id: int) -> Job | None:
    """A job that gave up, or None."""
    job = session.get(Job, job_id)
    return job if job is not None and job.dead_at is not None else None


def barrier_page(number: int, per_page: int) -> tuple[list[BarrierReport], int]:
    """Reports of barriers: open ones by their deadline, then answered ones, newest first; and how many."""
    query = select(BarrierReport).order_by(
        BarrierReport.answered_at.is_not(None),
        case((BarrierReport.answered_at.is_(None), BarrierReport.due_on)),
        BarrierReport.answered_at.desc(),
        BarrierReport.id,
    )
    total = session.scalar(select(func.count()).select_from(BarrierReport)) or 0
    return list(session.scalars(query.limit(per_page).offset((number - 1) * per_page))), total
