"""The log of a round: its entries, its head, and the lines anybody can verify."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select

from portal.core.db import session
from portal.rounds.models import NO_ENTRY_BEFORE, Round, RoundLogEntry
from portal.voting.logbook import Roll, roll_of


def canonical(body: Any) -> str:
    """JSON with one spelling: keys sorted, no spaces, letters as they are. Hashed in UTF-8."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_hash(prev: str, public_id: str, seq: int, kind: str, body: str) -> str:
    """SHA-256 over "prev|round|seq|kind|body", hex. `body` is canonical and holds the time as "at".

    >>> entry_hash("0" * 64, "k3mp", 1, "opened", '{"at":"2026-12-01T08:00:00Z"}')[:16]
    'a60c53686993dcee'
    """
    return hashlib.sha256(f"{prev}|{public_id}|{seq}|{kind}|{body}".encode()).hexdigest()


def entries(vote: Round) -> list[RoundLogEntry]:
    """Every entry, oldest first."""
    query = select(RoundLogEntry).where(RoundLogEntry.round_id == vote.id).order_by(RoundLogEntry.seq)
    return list(session.scalars(query))


def head(vote: Round) -> RoundLogEntry | None:
    """The newest entry; its hash vouches for all before it."""
    query = select(RoundLogEntry).where(RoundLogEntry.round_id == vote.id)
    return session.scalar(query.order_by(RoundLogEntry.seq.desc()).limit(1))


def export_jsonl(vote: Round) -> str:
    """The log as lines {"round","seq","at","kind","body","prev","hash"}, oldest first."""
    return "".join(canonical(_line(vote, entry)) + "\n" for entry in entries(vote))


def _line(vote: Round, entry: RoundLogEntry) -> dict[str, Any]:
    body = json.loads(entry.body)
    return {
        "round": vote.public_id,
        "seq": entry.seq,
        "at": body["at"],
        "kind": entry.kind,
        "body": body,
        "prev": entry.prev,
        "hash": entry.hash,
    }


def roll_said(rows: list[RoundLogEntry]) -> Roll:
    """What these entries say about the roll, as the recount reads it."""
    return roll_of({one.kind: json.loads(one.body) for one in rows})


def is_unbroken(vote: Round) -> bool:
    """Whether the chain holds: numbers without a gap, each entry naming the one before, each hash its own."""
    return holds(vote, entries(vote))


def holds(vote: Round, rows: list[RoundLogEntry]) -> bool:
    """The same for entries at hand."""
    prev = NO_ENTRY_BEFORE
    for number, entry in enumerate(rows, 1):
        right = entry_hash(prev, vote.public_id, number, entry.kind, entry.body)
        if (entry.seq, entry.prev, entry.hash) != (number, prev, right):
            return False
        prev = entry.hash
    return True
