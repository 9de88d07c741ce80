"""What happens to processes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProcessPublished:
    """A process is public from now on; also when an archived one was opened again."""

    process_id: int


@dataclass(frozen=True)
class ProcessEdited:
    """Words or facts of a process changed."""

    process_id: int


@dataclass(frozen=True)
class PhasesChanged:
    """The dates of a public process changed: who plans by them looks again."""

    process_id: int


@dataclass(frozen=True)
class ProcessArchived:
    """The town closed a process: it stays readable, nothing in it is open any more."""

    process_id: int
