"""What moderation tells the packages whose things it concerns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SubjectHidden:
    """A thing was hidden: search, feeds, exports and mails not yet sent leave it out from now on."""

    kind: str
    id: int


@dataclass(frozen=True)
class SubjectRestored:
    """A hidden thing is there again."""

    kind: str
    id: int


@dataclass(frozen=True)
class ReportMade:
    """Somebody reported a thing."""

    case_id: int
    report_id: int


@dataclass(frozen=True)
class DecisionMade:
    """A decision was written, and took effect, in this transaction."""

    decision_id: int
