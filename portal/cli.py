"""The command `portal`: serve, worker, demo, import, staff, settings, search, db."""

from __future__ import annotations

import sys

import click

from portal.app import create_app
from portal.core.db import Base, db
from portal.core.settings import UnsafeSettings, load_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Nachbarnetz, a participation portal for towns and neighbourhoods."""


@main.command("routes")
def routes() -> None:
    """List every route with the permission it needs."""
    app = create_app()
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        click.echo(f"{methods:6} {rule.rule}  {getattr(app.view_functions[rule.endpoint], 'access', '?')}")


@main.group("settings")
def settings_group() -> None:
    """Look at the settings."""


@settings_group.command("check")
def settings_check() -> None:
    """Say whether the portal would start with these settings."""
    try:
        load_settings()
    except UnsafeSettings as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    click.echo("The settings are fine.")


@main.group("db")
def db_group() -> None:
    """The database."""


@db_group.command("create")
def db_create() -> None:
    """Make all tables in an empty database (development)."""
    app = create_app()
    with app.app_context():
        Base.metadata.create_all(db.engine)
