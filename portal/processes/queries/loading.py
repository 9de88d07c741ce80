"""One process, one phase, one preview link."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.core.crypto import keyed_hash
from portal.core.db import session
from portal.processes.models import Phase, PreviewLink, Process


def process_by_public_id(public_id: str) -> Process | None:
    """The process with this public id, in whatever state; permissions decide who sees it."""
    return session.scalar(select(Process).where(Process.public_id == public_id))


def process_by_id(process_id: int) -> Process | None:
    """The process, in whatever state."""
    return session.get(Process, process_id)


def processes_by_ids(ids: Sequence[int]) -> dict[int, Process]:
    """Processes by id in one query, for lists."""
    return {one.id: one for one in session.scalars(select(Process).where(Process.id.in_(ids)))}


def phase_of(process: Process, public_id: str) -> Phase | None:
    """A phase of this process."""
    return session.scalar(select(Phase).where(Phase.process_id == process.id, Phase.public_id == public_id))


def preview_by_token(token: str) -> PreviewLink | None:
    """The link somebody holds, revoked or not; only the hash of its token is kept."""
    digest = keyed_hash("processes.preview", token)
    return session.scalar(select(PreviewLink).where(PreviewLink.token_hash == digest))


def open_previews(process: Process) -> list[PreviewLink]:
    """Links that still work, newest first."""
    query = select(PreviewLink).where(PreviewLink.process_id == process.id, PreviewLink.revoked_at.is_(None))
    return list(session.scalars(query.order_by(PreviewLink.id.desc())))
