"""`portal search`: the search index."""

from __future__ import annotations

import click
from tqdm import tqdm

from portal.cli.root import main, open_app
from portal.core import search


@main.group("search")
def search_group() -> None:
    """Look after the search index."""


@search_group.command("rebuild")
def rebuild() -> None:
    """Make the index anew from all that is public. The portal may run; stopping and repeating is safe."""
    app = open_app()
    with app.app_context(), tqdm(unit=" documents") as bar:

        def progress(kind: str, count: int) -> None:
            bar.set_description(kind)
            bar.update(count)

        counts = search.rebuild(progress)
    for kind, count in counts.items():
        click.echo(f"{kind}: {count}")
    click.echo(f"The index holds {sum(counts.values())} documents.")
