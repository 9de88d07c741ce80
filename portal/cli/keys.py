"""`portal keys rotate`: a new key for encrypted columns."""

from __future__ import annotations

import click

from portal.cli.root import main, open_app
from portal.core.crypto import rotate_keys
from portal.core.reencrypt import reencrypt_all


@main.group("keys")
def group() -> None:
    """Keys of encrypted texts."""


@group.command("rotate")
def rotate() -> None:
    """Make a new key and write every encrypted text anew with it. Old keys stay in the key file."""
    app = open_app()
    with app.app_context():
        key_id = rotate_keys()
        for column, count in reencrypt_all():
            click.echo(f"{column}: {count} texts")
    click.echo(f"The new key is {key_id}. Back up instance/keys apart from the database.")
