"""`portal import proposals FILE`: a city's list of projects becomes proposals."""

from __future__ import annotations

from pathlib import Path

import click
from tqdm import tqdm

from portal.cli.root import main, open_app
from portal.core.delimited import BrokenStructure
from portal.importing.running import Report, check_file, import_file

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
            report = check_file(file, name=source)
        except BrokenStructure as broken:
            raise click.ClickException(f"{file.name}: {broken}. Nothing was imported.") from None
        _show(report)
        if dry_run or not report.good:
            click.echo("Nothing was imported.")
            return
        new = _import(file, source, report)
        click.echo(f"Imported {new} new proposals; {report.good - new} were there already.")


def _import(file: Path, source: str, report: Report) -> int:
    try:
        with tqdm(total=report.good, unit=" proposals", desc=report.source, disable=None) as bar:
            return import_file(file, name=source, progress=bar.update)
    except KeyboardInterrupt:
        raise click.ClickException("Stopped. Run it again to import the rest.") from None


def _show(report: Report) -> None:
    languages = ", ".join(f"{slug} {count}" for slug, count in sorted(report.languages.items()))
    click.echo(f"{report.source}: {report.good} good rows ({languages}), {report.bad} rows with problems.")
    for problem in report.problems[:MOST_PROBLEMS_SHOWN]:
        click.echo(f"  line {problem.line}: {problem.reason}", err=True)
    if report.bad > MOST_PROBLEMS_SHOWN:
        click.echo(f"  … and {report.bad - MOST_PROBLEMS_SHOWN} more", err=True)
