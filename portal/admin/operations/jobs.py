"""Jobs that gave up: once more, or never. And the search index anew."""

from __future__ import annotations

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.jobs import Job, drop_dead, enqueue, retry_dead
from portal.core.permissions import ensure


def retry_job(actor: Actor, job: Job) -> None:
    """Let a job that gave up try again for three days."""
    ensure(actor, "admin.operate")
    audit.record("admin.job_retried", actor=actor, subject=("job", job.id), kind=job.kind)
    retry_dead(job)


def drop_job(actor: Actor, job: Job) -> None:
    """Forget a job that gave up."""
    ensure(actor, "admin.operate")
    audit.record("admin.job_dropped", actor=actor, subject=("job", job.id), kind=job.kind)
    drop_dead(job)


def ask_for_rebuild(actor: Actor) -> None:
    """Have the search index made anew in the background; twice within a minute is once."""
    ensure(actor, "admin.operate")
    minute = int(clock.now().timestamp() // 60)
    enqueue("admin.rebuild_search", {}, unique_key=f"admin.rebuild_search:{minute}")
    audit.record("admin.search_rebuild_asked", actor=actor, subject=("search", 0))
