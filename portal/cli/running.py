"""`portal serve` and `portal worker`: the portal at work."""

from __future__ import annotations

import signal
from types import FrameType

import click
from flask import Flask

from portal.cli.demo import prepare, show_guide
from portal.cli.root import main, open_app
from portal.core import memory, migrate, reencrypt
from portal.core.crypto import KeyMissing
from portal.core.db import transaction
from portal.core.settings import current_settings
from portal.core.worker import Worker
from portal.web.server import serve as serve_http


@main.command("serve")
@click.option("--upgrade", is_flag=True, help="Bring the database up to date first.")
@click.option("--demo", is_flag=True, help="The same, and build the demo town where there is nothing yet.")
def serve(upgrade: bool, demo: bool) -> None:
    """Answer requests (and, unless PORTAL_WORKER=0, do the background work too)."""
    app = open_app()
    settings = current_settings()
    if demo:
        prepare(app)
        show_guide()
    elif upgrade:
        with app.app_context():
            migrate.upgrade()
    _need_the_key(app)
    memory.settle()
    worker = Worker(app) if settings.worker else None
    if worker:
        worker.start()
    click.echo(f"The portal answers on {settings.base_url}")
    try:
        serve_http(app.wsgi_app, settings)
    finally:
        if worker:
            worker.stop()


def _need_the_key(app: Flask) -> None:
    """Nothing starts that would write under a new key while the old one is only missing."""
    try:
        with app.app_context():
            if migrate.is_behind():
                return  # the database cannot be asked yet, and nobody can use it
            with transaction(write=False):
                reencrypt.ensure_key_is_here()
    except KeyMissing:
        path = current_settings().instance / "keys" / "data.key"
        raise click.ClickException(
            f"The database holds encrypted texts, but their key is not in {path}. Put the file back from the"
            " backup of the keys and start again."
        ) from None


@main.command("worker")
def work() -> None:
    """Only do the background work: mails, deadlines, clean-up."""
    app = open_app()
    _need_the_key(app)
    worker = Worker(app)

    def end(number: int, frame: FrameType | None) -> None:
        worker.stop(timeout=0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    click.echo("The worker is running. Stop it with Ctrl+C.")
    worker.run()
