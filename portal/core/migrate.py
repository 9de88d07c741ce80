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
from sqlalchemy import JSON, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from portal.core.db import Base, EncryptedText, UtcDateTime, db
from portal.core.places_on_disk import data_root

# Made by hand-written DDL next to its model (search index), so autogenerate must not see them.
HIDDEN_PREFIXES = ("search_word", "search_tri", "search_doc_", "ix_search_", "sqlite_")
HIDDEN_COLUMNS = {"tsv", "tsv_title"}


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


def render_item(kind: str, thing: Any, autogenerate: Any) -> str | bool:
    """Write plain database types into migrations: they must not import the code they outlive."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, EncryptedText):
        return "sa.Text()"
    if kind == "type" and isinstance(thing, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def context_options() -> dict[str, Any]:
    """Options that `upgrade` and `differences` share."""
    return {
        "target_metadata": Base.metadata,
        "include_object": include_object,
        "compare_type": True,
        "render_item": render_item,
        "render_as_batch": db.engine.dialect.name == "sqlite",
    }


def run_online(migration_context: Any) -> None:
    """Called by migrations/env.py: run what was asked for, in one transaction, and check references."""
    engine = _engine_for_migrations()
    with engine.connect() as connection, connection.begin():
        migration_context.configure(connection=connection, **context_options())
        migration_context.run_migrations()
        if engine.dialect.name == "sqlite":
            _check_references(connection)
    engine.dispose()


def _engine_for_migrations() -> Engine:
    if db.engine.dialect.name != "sqlite":
        return create_engine(db.engine.url, poolclass=NullPool)
    engine = create_engine(db.engine.url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        # Takes effect only outside a transaction, so it stands here.
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise BrokenReferences(f"{len(broken)} rows point at nothing, first in {broken[0][0]}")


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


def is_behind() -> bool:
    """Whether tables or columns this code needs are still to be made."""
    here = current()
    if here is None:  # empty, or made by create_all as in tests
        return not inspect(db.engine).has_table("job")
    known = {one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()}
    return here in known and here != head()


def differences() -> list[Any]:
    """What autogenerate would still change; empty when models and database agree."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=context_options())
        return list(compare_metadata(context, Base.metadata))
