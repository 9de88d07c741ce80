"""`portal import proposals FILE`: a city's list of projects becomes proposals; `round FILE`: a whole vote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from portal.cli.root import main, open_app
from portal.core import statistics
from portal.core.db import transaction
from portal.core.delimited import BrokenStructure
from portal.core.later import Later
from portal.rounds.operations.importing import Imported, import_round
from portal.voting.pabulib import BadFile

running = Later("portal.importing.running")  # only for imports

MOST_PROBLEMS_SHOWN = 50


@main.group("import")
def group() -> None:
    """Bring data in from files."""


@group.command("proposals")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--source", default="", help="Name of the source; by default taken from the file.")
def proposals(file: Path, dry_run: bool, source: str) -> None:
    """Import proposals from a CSV table or a Pabulib .pb file.

    The whole file is checked first. Rows that cannot be used are listed with line and reason, the others
    are imported; a file whose structure is broken imports nothing. Running it again adds nothing twice.
    """
    with open_app().app_context():
        try:
            report = running.check_file(file, name=source)
        except BrokenStructure as broken:
            raise click.ClickException(f"{file.name}: {broken}. Nothing was imported.") from None
        _show(report)
        if dry_run or not report.good:
            click.echo("Nothing was imported.")
            return
        new = _import(file, source, report)
        with transaction():
            statistics.renew()
        click.echo(f"Imported {new} new proposals; {report.good - new} were there already.")


def _import(file: Path, source: str, report: Any) -> int:
    try:
        with tqdm(total=report.good, unit=" proposals", desc=report.source, disable=None) as bar:
            return running.import_file(file, name=source, progress=bar.update)
    except KeyboardInterrupt:
        raise click.ClickException("Stopped. Run it again to import the rest.") from None


def _show(report: Any) -> None:
    languages = ", ".join(f"{slug} {count}" for slug, count in sorted(report.languages.items()))
    click.echo(f"{report.source}: {report.good} good rows ({languages}), {report.bad} rows with problems.")
    for problem in report.problems[:MOST_PROBLEMS_SHOWN]:
        click.echo(f"  line {problem.line}: {problem.reason}", err=True)
    if report.bad > MOST_PROBLEMS_SHOWN:
        click.echo(f"  … and {report.bad - MOST_PROBLEMS_SHOWN} more", err=True)


@group.command("round")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", default="", help="What the vote is called here; by default taken from the file.")
def whole_round(file: Path, title: str) -> None:
    """Import a whole election from a Pabulib .pb file: projects, ballots and result, marked as imported.

    The file is read to the end before anything is written; one that cannot be counted imports nothing. The
    same file twice is one vote. Why each project won or lost is shown at once; what would have had to be
    different is worked out by the worker.
    """
    with open_app().app_context():
        size = file.stat().st_size
        try:
            with tqdm(total=size, unit="B", unit_scale=True, desc=file.stem[:30], disable=None) as bar:
                done = _load(file, title, bar)
        except BadFile as bad:
            raise click.ClickException(f"{file.name}: {bad}. Nothing was imported.") from None
        except KeyboardInterrupt:
            raise click.ClickException("Stopped. Nothing was imported.") from None
        click.echo(_said(done))
        for words in done.oddities[:MOST_PROBLEMS_SHOWN]:
            click.echo(f"  {words}", err=True)
        if len(done.oddities) > MOST_PROBLEMS_SHOWN:
            click.echo(f"  … and {len(done.oddities) - MOST_PROBLEMS_SHOWN} more", err=True)


def _load(file: Path, title: str, bar: Any) -> Imported:
    with transaction():
        done = import_round(file, title=title, progress=bar.update)
        bar.update(max(bar.total - bar.n, 0))
        return done


def _said(done: Imported) -> str:
    words = "Imported" if done.is_new else "There already:"
    notes = f" {len(done.oddities)} oddities in the file:" if done.oddities else ""
    path = f"/de/votes/{done.vote.public_id}/result"
    return f"{words} “{done.vote.title}”, {done.ballots:,} ballots. {path}{notes}"
