"""`portal serve` and `portal worker`: the portal at work."""

from __future__ import annotations

import signal
from types import FrameType

import click

from portal.cli.demo import prepare, show_guide
from portal.cli.root import main, open_app
from portal.core import memory, migrate
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


@main.command("worker")
def work() -> None:
    """Only do the background work: mails, deadlines, clean-up."""
    worker = Worker(open_app())

    def end(number: int, frame: FrameType | None) -> None:
        worker.stop(timeout=0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    click.echo("The worker is running. Stop it with Ctrl+C.")
    worker.run()
