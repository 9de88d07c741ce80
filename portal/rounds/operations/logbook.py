"""Writing the log of a round."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.rounds.models import NO_ENTRY_BEFORE, Round, RoundLogEntry
from portal.rounds.queries.logbook import canonical, entry_hash, head


def append(vote: Round, kind: str, body: dict[str, Any]) -> RoundLogEntry:
    """Add one entry. The time goes into the body as "at" (ISO, UTC, whole seconds), so that it is hashed.

    Two at once: the round's row is locked first; whoever comes second reads the new head. Without the lock
    UNIQUE(round, prev) would refuse the second one.
    """
    session.execute(select(Round.id).where(Round.id == vote.id).with_for_update())
    at = clock.now().astimezone(UTC).replace(microsecond=0)
    before = head(vote)
    prev, seq = (before.hash, before.seq + 1) if before else (NO_ENTRY_BEFORE, 1)
    words = canonical({**body, "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")})
    entry = RoundLogEntry(
        round_id=vote.id,
        seq=seq,
        at=at,
        kind=kind,
        body=words,
        prev=prev,
        hash=entry_hash(prev, vote.public_id, seq, kind, words),
    )
    session.add(entry)
    session.flush()
    return entry
