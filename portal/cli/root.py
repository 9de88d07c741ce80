"""The root command. Every other file of this folder adds its commands to it."""

from __future__ import annotations

import sys

import click
from flask import Flask

from portal import __version__
from portal.app import create_app
from portal.core.settings import UnsafeSettings, load_settings
from portal.web import logs


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="portal")
def main() -> None:
    """Nachbarnetz, a participation portal for towns and neighbourhoods."""


def open_app() -> Flask:
    """The app for a command; unsafe settings end it with one plain sentence."""
    try:
        settings = load_settings()
        logs.set_up(settings)
        return create_app(settings)
    except UnsafeSettings as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
