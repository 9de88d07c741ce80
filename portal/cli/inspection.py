"""`portal settings check` and `portal routes`: look before you start."""

from __future__ import annotations

import sys

import click

from portal.cli.root import main, open_app
from portal.core.settings import UnsafeSettings, load_settings
from portal.web.access import route_access


@main.group("settings")
def group() -> None:
    """Look at the settings."""


@group.command("check")
def check() -> None:
    """Say whether the portal would start with these settings (exit code 1 if not)."""
    try:
        load_settings()
    except UnsafeSettings as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    click.echo("The settings are fine.")


@main.command("routes")
def routes() -> None:
    """List every route with the permission it needs."""
    app = open_app()
    access = route_access(app)
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        click.echo(f"{methods:6} {rule.rule}  {access[rule.endpoint]}")
