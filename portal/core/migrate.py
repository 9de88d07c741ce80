"""Migrations (Alembic), driven from code: forward and back, on both databases.

On SQLite a batch migration rebuilds the table; with foreign keys on that would silently empty child
tables. So foreign keys are off while migrating and checked afterwards, before the commit.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import JSON, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from portal.core.db import Base, EncryptedText, UtcDateTime, db
from portal.core.later import Later
from portal.core.places_on_disk import data_root

# Only commands need them; a portal that serves only asks which revision it is at (8 MB).
alembic_command, alembic_config = Later("alembic.command"), Later("alembic.config")
autogenerate, alembic_migration = Later("alembic.autogenerate"), Later("alembic.migration")

_REVISION = re.compile(r'^(down_)?revision(?:: [^=]*)? = "(\w+)"', re.MULTILINE)
# Made by hand-written DDL next to its model (search index), so autogenerate must not see them.
HIDDEN_PREFIXES = ("search_word", "search_tri", "search_doc_", "ix_search_", "sqlite_")
HIDDEN_COLUMNS = {"tsv", "tsv_title"}


class BrokenReferences(Exception):
    """A migration left rows that point at nothing; it was rolled back."""


def config() -> Any:
    """Alembic's configuration without a file."""
    settings = alembic_config.Config()
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
    """Bring the database up to a revision. Alembic itself is asked only where there is something to do."""
    if revision == "head" and current() == head():
        return
    alembic_command.upgrade(config(), revision)


def downgrade(revision: str) -> None:
    """Bring the database back to a revision ("base": empty)."""
    alembic_command.downgrade(config(), revision)


def revision(message: str) -> None:
    """Write a new revision from the difference."""
    alembic_command.revision(config(), message, autogenerate=True)


def revisions() -> set[str]:
    """Every revision the code knows."""
    return {name for name, _ in _chain()}


def head() -> str | None:
    """The newest revision the code knows: the one no other builds on."""
    return next(iter(revisions() - {before for _, before in _chain()}), None)


def _chain() -> list[tuple[str, str]]:
    """(revision, the one before it or "") out of the files, which is all that Alembic would read, too."""
    chain = []
    for file in (data_root() / "migrations" / "versions").glob("*.py"):
        found = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
        chain.append((found[""], found.get("down_", "")))
    return chain


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
    return here in revisions() and here != head()


def differences() -> list[Any]:
    """What autogenerate would still change; empty when models and database agree."""
    with db.engine.connect() as connection:
        context = alembic_migration.MigrationContext.configure(connection, opts=context_options())
        return list(autogenerate.compare_metadata(context, Base.metadata))
