"""Checking a round's log: every line hashes to what the next one says, and nothing is missing between."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
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
    def roll(self) -> Roll:
        """What the entries say about the roll."""
        return roll_of(self.bodies)

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
            "roll": asdict(self.roll),
            "problems": [{"line": p.line, "code": p.code, "detail": p.detail} for p in self.problems],
        }


@dataclass(frozen=True)
class Roll:
    """The roll in the log, at the opening and at the end, and the ballots at the end; None: nothing is said.

    `by`: "letters" or "accounts". `could_take_part`: how many could, when the vote was opened. An entry of
    the roll is a number that stands for one ballot at most; every batch of codes for letters is in the log.
    """

    by: str | None = None
    could_take_part: int | None = None
    at_opening: int | None = None
    by_batches: int | None = None
    at_closing: int | None = None
    ballots: int | None = None

    def findings(self, counted: int) -> list[str]:
        """What does not fit, as codes. `counted`: the ballots of the file, blank ones too."""
        found = []
        if self.at_closing is not None and max(counted, self.ballots or 0) > self.at_closing:
            found.append("more_ballots_than_roll")
        if self.by == "letters" and self.at_closing is not None:
            said = self.at_opening if self.by_batches is None else self.by_batches
            if said != self.at_closing:
                found.append("roll_changed_unsaid")
        return found


def roll_of(bodies: dict[str, dict[str, Any]]) -> Roll:
    """The roll from the last body of each kind of entry; whatever is not a number counts as not said.

    >>> roll_of({"opened": {"roll": {"by": "accounts", "entries": 0, "could_take_part": 812}}})
    Roll(by='accounts', could_take_part=812, at_opening=0, by_batches=None, at_closing=None, ballots=None)
    """
    first, end = (_part(bodies, kind).get("roll") for kind in ("opened", "closing"))
    first, end = (one if isinstance(one, dict) else {} for one in (first, end))
    by = first.get("by")
    channels = [_number(_part(bodies, "closing").get(name)) for name in ("online", "paper")]
    return Roll(
        by=by if isinstance(by, str) else None,
        could_take_part=_number(first.get("could_take_part")),
        at_opening=_number(first.get("entries")),
        by_batches=_number(_part(bodies, "roll").get("entries")),
        at_closing=_number(end.get("entries")),
        ballots=None if None in channels else sum(one or 0 for one in channels),
    )


def _part(bodies: dict[str, dict[str, Any]], kind: str) -> dict[str, Any]:
    return bodies.get(kind, {})


def _number(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if isinstance(value, int) and is_number and value >= 0 else None


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
