"""`make trust`: walks everything, makes every rule wrong, and writes the figures into docs/quality.md."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from portal.core.db import Base, db
from tests.conftest import make_settings, running_app
from tests.support.mutating import Mutant, all_mutants
from tests.trust import hostile, pitfalls
from tests.trust.choosing import by_day, visits
from tests.trust.expectations import Cell, cells, listed_routes, routes_of
from tests.trust.mutants import is_seen_by_tests, is_seen_walking, walk_and_listen
from tests.trust.people import PERSONAS
from tests.trust.timing import ROUNDS, Difference, differences
from tests.trust.walk import Report, missing_successes
from tests.trust.world import World, world_in

ROOT = Path(__file__).parents[2]
QUALITY = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- trust: written by `make trust` -->", "<!-- trust: end -->"
HEADING = """## Trust

Made by `make trust` (about half an hour): every route, method, persona and state is asked for and compared
with `tests/trust/expectations.json`, which is written by hand. Then every declared rule is made wrong, one
way after another: the walk has to notice, or a test of the rule's package. `make test` walks as well, by day
two of five steps."""


@dataclass
class Findings:
    """Everything that is written down."""

    report: Report
    seconds: float
    mutants: list[Mutant]
    undeclared: set[str]
    canaries: int
    clock: list[Difference]
    seen_walking: int = 0
    survivors: list[Mutant] = field(default_factory=list)

    @property
    def seen_by_tests(self) -> int:
        """Mutants that only the tests of their package noticed."""
        return len(self.mutants) - self.seen_walking - len(self.survivors)


def template_in(folder: Path) -> Path:
    """A database file with all tables."""
    settings = make_settings(folder / "instance")
    with running_app(settings):
        Base.metadata.create_all(db.engine)
    return settings.instance / "portal.db"


def files_of(package: str) -> tuple[str, ...]:
    """The test files of a package; those about permissions and visibility first, they notice soonest."""
    files = (ROOT / "tests" / package).glob("test_*.py")
    about = ("permission", "visib", "access", "decid", "draft")
    order = sorted(files, key=lambda path: (not any(word in path.name for word in about), path.name))
    return tuple(str(path.relative_to(ROOT)) for path in order)


def walk(world: World) -> tuple[Findings, dict[str, list[Cell]]]:
    """The walk with the right rules, and which cells ask which rule."""
    begun = time.process_time()
    report, asking = walk_and_listen(world, tqdm(cells(), unit="cell"))
    seconds = time.process_time() - begun
    world.restore()
    undeclared = routes_of(world.app).keys() - listed_routes().keys()
    places = len(world.canaries.places)
    return Findings(report, seconds, all_mutants(), undeclared, places, differences(world)), asking


def mutate(world: World, found: Findings, asking: dict[str, list[Cell]]) -> None:
    """Make every rule wrong, and sort the mutants by who notices: the walk by day, or the package's tests."""
    chosen = by_day(visits(cells(), world.things, PERSONAS))
    unseen = [
        one for one in tqdm(found.mutants, unit="mutant") if not is_seen_walking(world, one, asking, chosen)
    ]
    found.seen_walking = len(found.mutants) - len(unseen)

    def is_noticed(mutant: Mutant) -> bool:
        files = files_of(mutant.package)
        return bool(files) and is_seen_by_tests(mutant, files)

    with ThreadPoolExecutor(os.cpu_count()) as several:
        noticed = tqdm(several.map(is_noticed, unseen), total=len(unseen), unit="mutant", desc="tests")
        found.survivors = [one for one, is_seen in zip(unseen, noticed, strict=True) if not is_seen]


def rows(found: Findings) -> Iterable[tuple[str, str]]:
    """What stands in the table."""
    report, all_of_them = found.report, len(found.mutants)
    killed = all_of_them - len(found.survivors)
    slowest = max(one.apart_ms for one in found.clock)
    yield "routes", f"{len(listed_routes())}, undeclared {len(found.undeclared)}"
    yield "routes nobody gets through", str(len(missing_successes(cells(), report)))
    yield "persona cells checked", f"{len(cells()) * len(PERSONAS):,}, wrong {len(report.wrong)}"
    yield "requests", f"{report.requests.total():,} in {found.seconds:.0f} s of one processor"
    yield "refusals compared with an unknown id", f"{report.compared:,}, different {len(report.oracles)}"
    yield (
        f"the same by a clock (medians of {ROUNDS}, {len(found.clock)} pairs)",
        f"at most {slowest:.2f} ms apart",
    )
    yield "writes by reading, or by whoever was refused", str(len(report.written))
    yield "planted private words", f"{found.canaries}, seen by others {len(report.leaks)}"
    yield (
        "hostile inputs",
        f"{len(hostile.COVERED)} tested, harmful 0; {len(hostile.NOT_YET)} concern what is not there yet",
    )
    yield "measured pitfalls", f"{len(pitfalls.COVERED)} tested; {len(pitfalls.NOT_YET)} not yet"
    yield (
        "rules made wrong",
        f"{all_of_them}, noticed {killed} ({killed / all_of_them:.1%}): {found.seen_walking} by the walk "
        f"of a day, {found.seen_by_tests} by tests of the package",
    )


def section(found: Findings) -> str:
    """The section as it stands in the document."""
    table = "\n".join(f"| {name} | {value} |" for name, value in rows(found))
    left = ", ".join(f"`{one.name}` ({one.how})" for one in found.survivors) or "none"
    return f"{BEGIN}\n| what | figure |\n|---|---|\n{table}\n\nNot noticed: {left}.\n{END}"


def write(words: str) -> None:
    """Put the section in its place, or at the end."""
    text = QUALITY.read_text(encoding="utf-8")
    if BEGIN in text:
        before, _, rest = text.partition(BEGIN)
        text = before + words + rest.partition(END)[2]
    else:
        text = f"{text.rstrip()}\n\n{HEADING}\n\n{words}\n"
    QUALITY.write_text(text, encoding="utf-8")


def main() -> int:
    """Walk, mutate, write. 1 when the walk itself found something."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with world_in(folder / "world", template_in(folder)) as world:
            found, asking = walk(world)
            for finding in found.report.findings:
                print(finding)
            mutate(world, found, asking)
            words = section(found)
    write(words)
    print(words)
    return 1 if found.report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
