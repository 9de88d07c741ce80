"""Checking a file, then importing it: first a whole reading without writing, then batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from portal.core.db import session, transaction
from portal.importing.reading import Problem, open_source
from portal.proposals.operations import ImportedProposal, import_proposals

BATCH = 500
MOST_PROBLEMS_KEPT = 1_000


@dataclass
class Report:
    """What a file holds: good rows, and problems with line and reason (the first thousand of them)."""

    source: str
    good: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    with_place: int = 0
    languages: dict[str, int] = field(default_factory=dict)

    def count(self, row: ImportedProposal | Problem) -> None:
        """Take one row into the report."""
        if isinstance(row, Problem):
            self.bad += 1
            if len(self.problems) < MOST_PROBLEMS_KEPT:
                self.problems.append(row)
            return
        self.good += 1
        self.with_place += row.lat is not None
        self.languages[row.language] = self.languages.get(row.language, 0) + 1


def check_file(path: Path, *, name: str = "") -> Report:
    """The dry run: reads everything, writes nothing. Raises BrokenStructure with line and reason."""
    source = open_source(path, name=name)
    report = Report(source.name)
    with transaction(write=False):
        for row in source.rows:
            report.count(row)
    return report


def import_file(path: Path, *, name: str = "", progress: Callable[[int], object] = lambda done: None) -> int:
    """Import the good rows; returns how many were new. Stopped half-way it is simply run again."""
    source = open_source(path, name=name)
    new, batch = 0, []
    for row in source.rows:
        if isinstance(row, Problem):
            continue
        batch.append(row)
        if len(batch) == BATCH:
            new += _write(source.name, batch, progress)
            batch = []
    return new + (_write(source.name, batch, progress) if batch else 0)


def _write(name: str, batch: list[ImportedProposal], progress: Callable[[int], object]) -> int:
    with transaction():
        new = import_proposals(name, batch)
    # Nothing of a finished batch stays in memory, so that 100,000 rows need no more than 500.
    session.expunge_all()
    progress(len(batch))
    return new
