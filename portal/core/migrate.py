"""Migrations (Alembic), driven from code: forward and back, on both databases.

On SQLite a batch migration rebuilds the table; with foreign keys on that would silently empty child
tables. So foreign keys are off while migrating and checked afterwards, before the commit.
"""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from portal.core.db import Base, db
from portal.core.places_on_disk import data_root

# Made by hand-written DDL next to its model (search index), so autogenerate must not see them.
HIDDEN_PREFIXES = ("search_word", "search_tri", "search_doc_", "ix_search_", "sqlite_")
HIDDEN_COLUMNS = {"tsv"}


class BrokenReferences(Exception):
    """A migration left rows that point at nothing; it was rolled back."""


def config() -> Config:
    """Alembic's configuration without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(data_root() / "migrations"))
    settings.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    return settings


def include_object(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave the search index's own objects alone."""
    if kind == "column" and name in HIDDEN_COLUMNS:
        return False
    return not (reflected and (name or "").startswith(HIDDEN_PREFIXES))


def context_options() -> dict[str, Any]:
    """Options that `upgrade` and `differences` share."""
    return {
        "target_metadata": Base.metadata,
        "include_object": include_object,
        "compare_type": True,
        "render_as_batch": db.engine.dialect.name == "sqlite",
        "transaction_per_migration": True,
    }


def run_online(migration_context: Any) -> None:
    """Called by migrations/env.py: run what was asked for on the app's engine."""
    engine = db.engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            connection = connection.execution_options(isolation_level="READ COMMITTED")
            migration_context.configure(connection=connection, **context_options())
            with migration_context.begin_transaction():
                migration_context.run_migrations()
            connection.commit()
            return
        _run_on_sqlite(connection, migration_context)


def _run_on_sqlite(connection: Connection, migration_context: Any) -> None:
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        migration_context.configure(connection=connection, **context_options() | {"transactional_ddl": False})
        migration_context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise BrokenReferences(f"{len(broken)} rows point at nothing, first in {broken[0][0]}")
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    finally:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def upgrade(revision: str = "head") -> None:
    """Bring the database up to a revision."""
    command.upgrade(config(), revision)


def downgrade(revision: str) -> None:
    """Bring the database back to a revision ("base": empty)."""
    command.downgrade(config(), revision)


def revision(message: str) -> None:
    """Write a new revision from the difference."""
    command.revision(config(), message, autogenerate=True)


def head() -> str | None:
    """The newest revision the code knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


def current() -> str | None:
    """The revision the database is at; None when it is empty."""
    with db.engine.connect() as connection:
        if "alembic_version" not in inspect(connection).get_table_names():
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def differences() -> list[Any]:
    """What autogenerate would still change; empty when models and database agree."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=context_options())
        return list(compare_metadata(context, Base.metadata))
