"""The root command. The other files of this folder add theirs to it, each when it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from portal import __version__
from portal.core import memory
from portal.core.later import Later
from portal.core.settings import UnsafeSettings, load_settings

if TYPE_CHECKING:
    from flask import Flask

# Not before garbage is left alone (`run`): the app brings nearly everything along.
app, logs = Later("portal.app"), Later("portal.web.logs")

# Command -> the file that adds it: serving needs no importer, and a recount no portal at all.
FILES = {
    "db": "database",
    "demo": "demo",
    "docs": "documents",
    "import": "importing",
    "keys": "keys",
    "recount": "recounting",
    "routes": "inspection",
    "search": "search",
    "serve": "running",
    "settings": "inspection",
    "staff": "staff",
    "worker": "running",
}


class Commands(click.Group):
    """A group whose commands are in files that are read late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, for --help."""
        return list(FILES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, out of its file."""
        if cmd_name in FILES:
            import_module(f"portal.cli.{FILES[cmd_name]}")
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="portal")
def main() -> None:
    """Nachbarnetz, a participation portal for towns and neighbourhoods."""


def open_app() -> Flask:
    """The app for a command; unsafe settings end it with one plain sentence."""
    try:
        settings = load_settings()
        logs.set_up(settings)
        opened: Flask = app.create_app(settings)
    except UnsafeSettings as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    memory.end_loading()
    return opened
