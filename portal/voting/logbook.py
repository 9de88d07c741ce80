"""Checking a round's log: every line hashes to what the next one says, and nothing is missing between."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
_FIELDS = {"round": str, "seq": int, "kind": str, "body": dict, "prev": str, "hash": str}
_MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class Problem:
    """A line that does not fit: its number from 1, a code, and what stood there."""

    line: int
    code: str
    detail: str = ""


@dataclass
class LogReport:
    """What a log says. `head` is the hash of its last entry: compare it with the one you were sent."""

    round: str = ""
    entries: int = 0
    head: str = GENESIS
    problems: list[Problem] = field(default_factory=list)
    # The body of the last entry of each kind.
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the chain holds from the first entry to the last."""
        return bool(self.entries) and not self.problems

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "round": self.round,
            "entries": self.entries,
            "head": self.head,
            "is_whole": self.is_whole,
            "problems": [{"line": p.line, "code": p.code, "detail": p.detail} for p in self.problems],
        }


def entry_hash(prev: str, round_id: str, seq: int, kind: str, body: dict[str, Any]) -> str:
    """SHA-256 of prev|round|seq|kind|body in UTF-8; the body as JSON with sorted keys and no spaces.

    >>> entry_hash("0" * 64, "k3mp", 1, "opened", {"at": "2026-05-01T08:00:00Z"})[:16]
    '6e1139ee9ce69a81'
    """
    return sha256(f"{prev}|{round_id}|{seq}|{kind}|{canonical(body)}".encode()).hexdigest()


def canonical(body: dict[str, Any]) -> str:
    """The one way to write a body down."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def verify(lines: Iterable[str]) -> LogReport:
    """Checks a log of JSON lines: one round, seq without gaps, prev and hash right. Never raises for bad
    lines.

    Each line is {"round", "seq", "at", "kind", "body", "prev", "hash"}; the first `prev` is 64 zeros. The
    instant is hashed as part of the body.
    """
    report = LogReport()
    expected_seq: int | None = None
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        entry = _parse(text)
        if isinstance(entry, str):
            report.problems.append(Problem(number, "unreadable", entry))
            return report
        if not report.entries:
            report.round = entry["round"]
            expected_seq = entry["seq"] if entry["seq"] in (0, 1) else 1
        for code, is_wrong in (
            ("other_round", entry["round"] != report.round),
            ("seq", entry["seq"] != expected_seq),
            ("prev", entry["prev"] != report.head),
            ("hash", entry["hash"] != _hash(entry)),
        ):
            if is_wrong:
                report.problems.append(Problem(number, code, str(entry["seq"])))
        report.entries += 1
        report.head = entry["hash"]
        report.bodies[entry["kind"]] = entry["body"]
        expected_seq = entry["seq"] + 1
    return report


def _hash(entry: dict[str, Any]) -> str:
    return entry_hash(entry["prev"], entry["round"], entry["seq"], entry["kind"], entry["body"])


def _parse(text: str) -> dict[str, Any] | str:
    """One entry, or what is wrong with the line."""
    if len(text) > _MOST_CHARACTERS:
        return "the line is too long"
    try:
        entry = json.loads(text)
        json.dumps(entry, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return "not JSON"
    if not isinstance(entry, dict):
        return "not an object"
    for name, kind in _FIELDS.items():
        value = entry.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            return f"{name} is missing or of the wrong kind"
    return entry
