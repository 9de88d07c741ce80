"""`portal db`: bring the database up to date, or look where it stands."""

from __future__ import annotations

import click

from portal.cli.root import main, open_app
from portal.core import migrate


@main.group("db")
def group() -> None:
    """The database."""


@group.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the tables up to date. Safe to repeat; data stays."""
    with open_app().app_context():
        migrate.upgrade(revision)
    click.echo("The database is up to date.")


@group.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Go back to an older shape of the tables (make a backup first)."""
    with open_app().app_context():
        migrate.downgrade(revision)
    click.echo(f"The database is at {revision} now.")


@group.command("current")
def current() -> None:
    """Say which shape the tables have, and which they should have."""
    with open_app().app_context():
        click.echo(f"database: {migrate.current() or 'empty'}, code: {migrate.head()}")


@group.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from the difference between models and database (development)."""
    with open_app().app_context():
        migrate.revision(message)


@group.command("check")
def check() -> None:
    """Say whether models and migrations agree (exit code 1 if not)."""
    with open_app().app_context():
        differences = migrate.differences()
    for difference in differences:
        click.echo(str(difference), err=True)
    raise SystemExit(1 if differences else 0)
