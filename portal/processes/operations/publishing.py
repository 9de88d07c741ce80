"""Public, archived, open again; and secret links to look before."""

from __future__ import annotations

import secrets

from sqlalchemy import update

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.crypto import keyed_hash
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.processes.errors import PhasesMissing, ProcessArchived, SummaryMissing
from portal.processes.events import ProcessArchived as Archived
from portal.processes.events import ProcessPublished
from portal.processes.models import PreviewLink, Process, ProcessState


def publish_process(process: Process, *, actor: Actor) -> None:
    """Let everybody read it; links of its preview end. A second call changes nothing.

    Raises SummaryMissing, PhasesMissing or ProcessArchived.
    """
    ensure(actor, "processes.edit", process)
    if process.is_archived:
        raise ProcessArchived
    if not process.is_draft:
        return
    if not process.summary.strip():
        raise SummaryMissing
    if process.starts_at is None:
        raise PhasesMissing
    process.state, process.published_at = ProcessState.PUBLISHED, clock.now()
    _revoke(process)
    session.flush()
    audit.record("processes.published", actor=actor, subject=("process", process.id))
    emit(ProcessPublished(process.id))


def archive_process(process: Process, *, actor: Actor) -> None:
    """Close it: it stays readable, and nothing in it is open any more. Drafts are deleted instead."""
    ensure(actor, "processes.edit", process)
    if process.state is not ProcessState.PUBLISHED:
        return
    process.state, process.archived_at = ProcessState.ARCHIVED, clock.now()
    session.flush()
    audit.record("processes.archived", actor=actor, subject=("process", process.id))
    emit(Archived(process.id))


def reopen_process(process: Process, *, actor: Actor) -> None:
    """Its dates count again."""
    ensure(actor, "processes.edit", process)
    if not process.is_archived:
        return
    process.state, process.archived_at = ProcessState.PUBLISHED, None
    session.flush()
    audit.record("processes.reopened", actor=actor, subject=("process", process.id))
    emit(ProcessPublished(process.id))


def make_preview(process: Process, *, actor: Actor) -> str:
    """A secret link for people without an account; returns its token, which is not stored."""
    ensure(actor, "processes.edit", process)
    token = secrets.token_urlsafe(24)
    session.add(
        PreviewLink(
            process_id=process.id,
            token_hash=keyed_hash("processes.preview", token),
            created_by_id=actor.account_id,
            created_at=clock.now(),
        )
    )
    session.flush()
    audit.record("processes.preview_made", actor=actor, subject=("process", process.id))
    return token


def revoke_previews(process: Process, *, actor: Actor) -> None:
    """From now on no link of this process shows anything."""
    ensure(actor, "processes.edit", process)
    _revoke(process)
    audit.record("processes.previews_revoked", actor=actor, subject=("process", process.id))


def _revoke(process: Process) -> None:
    session.execute(
        update(PreviewLink)
        .where(PreviewLink.process_id == process.id, PreviewLink.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
