"""The database: base class of models, column types, session, and the one way to write outside a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Enum, MetaData, Text, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from portal.core import clock, crypto
from portal.core.settings import Settings
from portal.core.sqlite import prepare_engine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware in Python, UTC in the database; a naive value is a mistake and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime: use clock.now()")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC value."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that stands encrypted in the database and its backup. `purpose` is usually "table.column"."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt under the newest key."""
        return None if value is None else crypto.encrypt(self.purpose, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt; raises CannotDecrypt for a text that was moved or changed."""
        return None if value is None else crypto.decrypt(self.purpose, value)


# 64-bit keys everywhere; SQLite wants plain INTEGER for its row id.
Json = JSON().with_variant(postgresql.JSONB(), "postgresql")


class Base(DeclarativeBase):
    """Base class of every model. (The type map sits in the registry: Flask-SQLAlchemy refuses it here.)"""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime(), dict[str, Any]: Json, list[Any]: Json, list[str]: Json},
    )

    def __init_subclass__(cls, **given: Any) -> None:
        """A number names one row for ever, as on PostgreSQL: SQLite would give that of a deleted row again.

        Notices, jobs, cases of moderation and the record know things by kind and number, also longer than
        these exist: the next person who asked to join would be taken for the one before.
        """
        super().__init_subclass__(**given)
        table = cls.__dict__.get("__table__")
        if table is not None and table.autoincrement_column is not None:
            table.dialect_options["sqlite"]["autoincrement"] = True


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
session = db.session


def one_of(words: type[StrEnum], name: str) -> Enum:
    """A column of one word out of an enum, held by a CHECK; `name` is its own, unique per table."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        length=30,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


# What the current unit of work intends; the HTTP half sets "read" for GET and HEAD.
_intent: ContextVar[str] = ContextVar("intent", default="read")


def intend(intent: str) -> None:
    """Say "read" or "write" before the first statement of a unit of work."""
    _intent.set(intent)


def is_writing() -> bool:
    """Whether the current unit of work intends to write."""
    return _intent.get() == "write"


@contextmanager
def transaction(*, write: bool = True) -> Iterator[Any]:
    """One unit of work outside a request (command line, job, test): commits at the end, or rolls back."""
    token = _intent.set("write" if write else "read")
    session.rollback()
    try:
        yield session
        if write:
            session.commit()
        else:
            session.rollback()
    except BaseException:
        session.rollback()
        raise
    finally:
        _intent.reset(token)


def configuration(settings: Settings) -> dict[str, Any]:
    """Flask-SQLAlchemy's configuration for these settings."""
    url = make_url(settings.database_url)
    options: dict[str, Any] = {}
    if url.get_backend_name() == "postgresql":
        size = max(settings.threads + 2, 5)
        options = {"pool_size": size, "max_overflow": 4, "pool_pre_ping": True, "pool_recycle": 1800}
        url = url.set(drivername="postgresql+psycopg")
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options}


def prepare(settings: Settings) -> None:
    """Hang the SQLite recipe on the engine; needs an app context, called once by the app factory."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or settings.instance / "portal.db")
        prepare_engine(engine, path, synchronous=settings.sqlite_synchronous, is_writing=is_writing)


def upsert(table: Any) -> Any:
    """An INSERT that knows ON CONFLICT on the database in use (both dialects speak the same words)."""
    return postgresql.insert(table) if db.engine.dialect.name == "postgresql" else sqlite.insert(table)


def instant() -> datetime:
    """This instant by the one clock that all machines share: PostgreSQL's; with SQLite, this machine's.

    For decisions that must not depend on which web server was asked. (Not now(): that is when the transaction
    began, and it may have waited for a lock since.)
    """
    if db.engine.dialect.name != "postgresql" or clock.is_pretended():
        return clock.now()
    shown = session.scalar(select(func.clock_timestamp()))
    assert isinstance(shown, datetime)
    return shown.astimezone(UTC)
