"""`portal demo`: the demo town, and how to be one of its people. Never in production."""

from __future__ import annotations

import time

import click
from flask import Flask

from portal.cli.root import main, open_app
from portal.core import migrate
from portal.core.db import transaction
from portal.core.later import Later
from portal.core.settings import current_settings
from portal.demo import standing

# Only for building a town: a portal that serves does without (and without its texts, pictures and cities).
cities, guide, people, town, votes = (
    Later(f"portal.demo.{name}") for name in ("cities", "guide", "people", "town", "votes")
)
progress = Later("tqdm")


def prepare(app: Flask, *, fresh: bool = False) -> bool:
    """Bring the tables up to date and build the town where there is nothing yet; True if it was built.

    Data that is there stays, unless `fresh` asks for a new town in place of an old one.
    """
    with app.app_context():
        try:
            standing.refuse_in_production(current_settings())
            migrate.upgrade()
            if fresh:
                town.wipe()
        except standing.NotADemo as problem:
            raise click.ClickException(str(problem)) from None
        with transaction(write=False):
            if not standing.is_empty():
                return False
        _build()
    return True


def _build() -> None:
    started = time.monotonic()
    with progress.tqdm(unit=" steps", desc="Building the demo town", disable=None, leave=False) as bar:
        steps = town.build(bar.update)
        for name, count in cities.import_cities(bar.update):
            click.echo(f"Imported {count} proposals of {name}.")
        click.echo(f"A vote to look at: {votes.load_past(bar.update)}.")
    click.echo(f"Built the demo town in {time.monotonic() - started:.0f} seconds ({steps} steps).")


def show_guide() -> None:
    """Who there is and how to sign in."""
    for line in guide.lines(current_settings()):
        click.echo(line)


@main.group("demo", invoke_without_command=True)
@click.option("--fresh", is_flag=True, help="Throw the demo town away and build it anew.")
@click.pass_context
def demo(context: click.Context, fresh: bool) -> None:
    """Build the demo town. Data that is there stays."""
    if context.invoked_subcommand is not None:
        return
    app = open_app()
    if not prepare(app, fresh=fresh):
        click.echo("There is data already; it stays. A new demo town: portal demo --fresh")
    with app.app_context(), transaction(write=False):
        if standing.is_demo():
            show_guide()


@demo.command("code")
@click.argument("email")
def code(email: str) -> None:
    """Show the six digits of the second step of EMAIL, somebody of the demo town's staff."""
    with open_app().app_context():
        try:
            standing.refuse_in_production(current_settings())
        except standing.NotADemo as problem:
            raise click.ClickException(str(problem)) from None
        with transaction(write=False):
            digits = people.second_factor_code(email) if standing.is_demo() else None
    if digits is None:
        raise click.ClickException("Nobody of a demo town's staff has this address.")
    click.echo(digits)
