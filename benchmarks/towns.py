"""Towns to measure in: an empty database of either kind, filled to a size by the seeders."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rows import Town
from portal.app import create_app
from portal.core.db import Base, db, session
from portal.core.settings import load_settings
from tests.support.services import Postgres, running_postgres

DATABASES = ("sqlite", "postgresql")

# A seeder gets the number of proposals, runs in an app context, commits, and returns facts for the rows.
Seeder = Callable[[int], dict[str, Any]]
SEEDERS: list[Seeder] = []


def seeder(function: Seeder) -> Seeder:
    """Adds what fills a town; several run in the order in which they were added."""
    SEEDERS.append(function)
    return function


@dataclass(frozen=True)
class Place:
    """A town with where it lies."""

    town: Town
    settings: dict[str, str]
    postgres: Postgres | None

    def database_pids(self) -> list[int]:
        """Processes that work for the portal beside its own."""
        return self.postgres.pids() if self.postgres else []


@contextmanager
def towns(databases: list[str], sizes: list[int]) -> Iterator[Iterator[Place]]:
    """Every database in every size, one after the other; PostgreSQL is started once."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if "postgresql" in databases:
            with running_postgres() as postgres:
                yield _places(Path(folder), databases, sizes, postgres)
        else:
            yield _places(Path(folder), databases, sizes, None)


def _places(
    folder: Path, databases: list[str], sizes: list[int], postgres: Postgres | None
) -> Iterator[Place]:
    for database in databases:
        for size in sizes:
            settings = {"instance": str(folder / f"{database}-{size}"), "worker": "0", "proxy_hops": "1"}
            if database == "postgresql" and postgres:
                settings["database_url"] = postgres.url(postgres.create())
            facts = fill(settings, size)
            used = postgres if database == "postgresql" else None
            yield Place(Town(database, size, facts), settings, used)


def fill(settings: dict[str, str], size: int) -> dict[str, Any]:
    """Makes the tables and runs the seeders; returns what they want the rows to know."""
    app = create_app(load_settings({f"PORTAL_{name.upper()}": value for name, value in settings.items()}))
    facts: dict[str, Any] = {}
    with app.app_context():
        Base.metadata.create_all(db.engine)
        for seed in SEEDERS:
            facts.update(seed(size))
        session.remove()
        # Without statistics the planner would guess; a running town has them.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        db.engine.dispose()
    return facts
