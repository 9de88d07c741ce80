"""`make trust`: walks everything, makes every rule wrong, and writes the figures into docs/quality.md."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tqdm import tqdm

from portal.core.db import Base, db
from tests.conftest import make_settings, running_app
from tests.trust import hostile, pitfalls
from tests.trust.expectations import cells, listed_routes
from tests.trust.mutants import Mutant, all_mutants, is_killed
from tests.trust.people import PERSONAS
from tests.trust.walk import Report, Walk, missing_successes
from tests.trust.world import World, world_in

QUALITY = Path(__file__).parents[2] / "docs" / "quality.md"
BEGIN, END = "<!-- trust: written by `make trust` -->", "<!-- trust: end -->"
HEADING = """## Trust

Made by `make trust` (some minutes): every route, method, persona and state is asked for and compared with
`tests/trust/expectations.json`, which is written by hand; then every declared rule is made wrong, one way
after another, to see whether the walk notices. The same walk runs in every `make test`."""


def template_in(folder: Path) -> Path:
    """A database file with all tables."""
    settings = make_settings(folder / "instance")
    with running_app(settings):
        Base.metadata.create_all(db.engine)
    return settings.instance / "portal.db"


def survivors_of(world: World, mutants: list[Mutant]) -> list[Mutant]:
    """Those nobody noticed."""
    return [one for one in tqdm(mutants, unit="mutant") if not is_killed(world, one)]


def figures(world: World, report: Report, seconds: float, mutants: int, survivors: list[Mutant]) -> str:
    """The section as it stands in the document."""
    killed = mutants - len(survivors)
    rows = [
        ("routes", f"{len(listed_routes())}, not expected 0"),
        ("routes nobody gets through", str(len(missing_successes(cells(), report)))),
        ("personas", str(len(PERSONAS))),
        ("requests", f"{report.requests.total():,} in {seconds:.0f} s of one processor"),
        ("wrong answers", str(len(report.wrong))),
        ("refusals compared with an unknown id", f"{report.compared:,}, different {len(report.oracles)}"),
        ("writes by reading or by whoever was refused", str(len(report.written))),
        ("planted private words", f"{len(world.canaries.places)}, seen by others {len(report.leaks)}"),
        (
            "hostile inputs",
            f"{len(hostile.COVERED)} tested, {len(hostile.NOT_YET)} wait for votes and groups",
        ),
        ("measured pitfalls", f"{len(pitfalls.COVERED)} tested, {len(pitfalls.NOT_YET)} not yet"),
        ("rules made wrong", f"{mutants}, noticed {killed} ({killed / mutants:.1%})"),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    left = ", ".join(f"`{one.name}` ({one.how})" for one in survivors) or "none"
    return f"{BEGIN}\n| what | figure |\n|---|---|\n{table}\n\nNot noticed: {left}.\n{END}"


def write(section: str) -> None:
    """Put the section in its place, or at the end."""
    text = QUALITY.read_text(encoding="utf-8")
    if BEGIN in text:
        before, _, rest = text.partition(BEGIN)
        text = before + section + rest.partition(END)[2]
    else:
        text = f"{text.rstrip()}\n\n{HEADING}\n\n{section}\n"
    QUALITY.write_text(text, encoding="utf-8")


def main() -> None:
    """Walk, mutate, write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with world_in(folder / "world", template_in(folder)) as world:
            begun = time.process_time()
            report = Walk(world).go(tqdm(cells(), unit="cell"))
            seconds = time.process_time() - begun
            for finding in report.findings:
                print(finding)
            mutants = all_mutants()
            survivors = survivors_of(world, mutants)
            section = figures(world, report, seconds, len(mutants), survivors)
    write(section)
    print(section)


if __name__ == "__main__":
    main()
