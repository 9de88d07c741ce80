"""`portal recount FILE`: counts a published vote again, as anybody can with recount.pyz."""

from __future__ import annotations

import sys

import click

from portal.cli.root import main
from portal.voting import recount as engine


@main.command("recount", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def recount(arguments: tuple[str, ...]) -> None:
    """Count a Pabulib file again: FILE.pb [--log LOG] [--json] [--rule RULE]."""
    sys.exit(engine.main(arguments))
