"""`python -m benchmarks`: measures and prints; a full run also renews docs/quality.md."""

import argparse
import sys
import tempfile
from fnmatch import fnmatch

from tqdm import tqdm

import benchmarks.groups
import benchmarks.seeding  # noqa: F401 - both add what fills the towns
from benchmarks import ballots, counting, report
from benchmarks.load import Get, Load
from benchmarks.processes import Server, cpu_ms, running
from benchmarks.report import Line, Measured
from benchmarks.rows import ROWS, Row, Town
from benchmarks.towns import DATABASES, SEEDERS, Place, towns

SIZES = [1_000, 10_000, 100_000]
WARM_UP_SECONDS = 0.4


def arguments(given: list[str]) -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("rows", nargs="*", default=["*"], help="only rows like these: 'list*'")
    parser.add_argument("--quick", action="store_true", help="one short run, smallest town, nothing written")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES if SEEDERS else [0])
    chosen = parser.parse_args(given)
    chosen.runs, chosen.seconds = (1, 1.0) if chosen.quick else (3, 0.5)
    if chosen.quick:
        chosen.sizes = chosen.sizes[:1]
    return chosen


def measure(server: Server, load: Load, seconds: float, place: Place | None) -> Measured:
    """One run: what the load saw, and what it cost the portal and its database."""
    others = place.database_pids() if place else []
    own_before, others_before = cpu_ms([server.process.pid]), cpu_ms(others)
    seen = load.run(seconds)
    own = cpu_ms([server.process.pid]) - own_before
    # A connection opened meanwhile is a new process of PostgreSQL's; warming up has opened them all.
    database = cpu_ms(others) - others_before
    return Measured(
        seen.per_second,
        seen.p50_ms,
        seen.p95_ms,
        own / seen.requests,
        database / seen.requests,
        seen.bytes_each,
    )


def measure_row(
    row: Row | None, portal: Server, hello: Server, place: Place, chosen: argparse.Namespace
) -> Line:
    """A row and hello in turns, so that both meet the same machine."""
    loads = Load(portal.port, row.requests(place.town) if row else Get("/")), Load(hello.port, Get("/"))
    for load in loads:
        load.run(WARM_UP_SECONDS)
    runs, hellos = [], []
    for _ in range(chosen.runs):
        hellos.append(measure(hello, loads[1], chosen.seconds, None))
        runs.append(measure(portal, loads[0], chosen.seconds, place))
    return Line(row, place.town, runs, hellos if row else runs)


def measure_place(place: Place, hello: Server, chosen: argparse.Namespace) -> tuple[list[Line], str]:
    """Every chosen row in one town, and a note about start and memory."""
    with running("portal", "serve", ready="/healthz", **place.settings) as portal:
        rows = [row for row in ROWS if any(fnmatch(row.name, pattern) for pattern in chosen.rows)]
        town = f"{place.town.database}, {place.town.proposals:,} proposals"
        here = [row for row in rows if row.is_measured_in(place.town)]
        bar = tqdm(here, desc=town, leave=False, disable=None)
        lines = [measure_row(row, portal, hello, place, chosen) for row in bar]
        note = f"{town}: started in {portal.started_in:.2f} s, {portal.memory_mb():.0f} MB after the load"
    return lines, note


def main(given: list[str]) -> int:
    """Measures what was asked for and says which promises are not kept."""
    chosen = arguments(given)
    lines: list[Line] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder, running("benchmarks.hello", instance=folder) as hello:
        nowhere = Place(Town("none", 0), {}, None)
        lines.append(measure_row(None, hello, hello, nowhere, chosen))
        with towns(chosen.databases, chosen.sizes) as places:
            for place in places:
                found, note = measure_place(place, hello, chosen)
                lines += found
                notes.append(note)
    text = report.table(lines, notes, runs=chosen.runs, seconds=chosen.seconds)
    broken = 0
    if chosen.rows == ["*"]:
        counted, broken = counting.table(quick=chosen.quick)
        text += f"\n\nCounting votes, CPU time, medians of three:\n\n{counted}"
        cast, late = ballots.table(quick=chosen.quick)
        text += f"\n\nPeople who press “cast” evenly over fifty seconds:\n\n{cast}"
        broken += late
    print(text)
    if not chosen.quick and chosen.rows == ["*"]:
        report.keep(text)
        print(f"\nKept in {report.QUALITY.relative_to(report.QUALITY.parents[1])}")
    broken += sum(not is_kept for line in lines for _, is_kept in line.goals())
    if broken:
        print(f"\n{broken} promises are not kept (✗).")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
