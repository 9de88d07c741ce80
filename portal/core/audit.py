"""Append-only audit: what happened to a thing, by which hat, with a declared schema per name.

Rows name accounts by id only and hold no content. The same rows feed public histories, the pages where
people see what staff did about them, and the administrators' log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import DDL, Index, Row, bindparam, delete, event, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import Base, session
from portal.core.jobs import periodic

# The database itself refuses to delete rows younger than twelve months.
KEEP = timedelta(days=367)


class AuditEntry(Base):
    """One thing that happened. Never updated; deleted only when it is older than a year."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    name: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    visibility: Mapped[str]
    data: Mapped[dict[str, Any]]


SQLITE_GUARDS = (
    "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry"
    " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
    " WHEN OLD.at > datetime('now', '-12 months')"
    " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '12 months' THEN RETURN OLD; END IF;"
    " RAISE EXCEPTION 'audit is append-only'; END $$",
    "CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON audit_entry"
    " FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()",
)
GUARDS = {"sqlite": SQLITE_GUARDS, "postgresql": POSTGRES_GUARDS}
for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        event.listen(
            AuditEntry.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )


@dataclass(frozen=True)
class Schema:
    """What an audit name records, and who may read it: public, parties or staff."""

    name: str
    fields: frozenset[str]
    visibility: str


_schemas: dict[str, Schema] = {}


def schema(name: str, *, fields: tuple[str, ...] = (), visibility: str = "staff") -> None:
    """Declare an audit name "package.what_happened" and its fields."""
    if name in _schemas:
        raise ValueError(f"audit schema {name} is declared twice")
    if visibility not in {"public", "parties", "staff"}:
        raise ValueError(f"unknown visibility {visibility}")
    _schemas[name] = Schema(name, frozenset(fields), visibility)


def schemas() -> list[Schema]:
    """Every declared schema by name."""
    return [_schemas[name] for name in sorted(_schemas)]


def record(name: str, *, actor: Actor, subject: tuple[str, int], **data: Any) -> AuditEntry:
    """Write one row. KeyError for an undeclared name, ValueError for fields the schema does not know."""
    declared = _schemas[name]
    if set(data) != declared.fields:
        raise ValueError(f"audit {name}: fields {sorted(data)} are not {sorted(declared.fields)}")
    entry = AuditEntry(
        at=clock.now(),
        name=name,
        actor_kind=str(actor.kind),
        actor_id=actor.account_id,
        subject_kind=subject[0],
        subject_id=subject[1],
        visibility=declared.visibility,
        data=data,
    )
    session.add(entry)
    return entry


def entries_for(
    kind: str, subject_id: int, *, visibilities: tuple[str, ...] = ("public",)
) -> Sequence[Row[Any]]:
    """The history of one thing, oldest first: rows with the columns of AuditEntry, for reading only."""
    values = {"kind": kind, "subject_id": subject_id, "visibilities": visibilities}
    return session.execute(_entries_statement(), values).all()


@cache
def _entries_statement() -> Any:
    table = AuditEntry.__table__
    return (
        select(table)
        .where(table.c.subject_kind == bindparam("kind"), table.c.subject_id == bindparam("subject_id"))
        .where(table.c.visibility.in_(bindparam("visibilities", expanding=True)))
        .order_by(table.c.id)
    )


@periodic("core.prune_audit", every_minutes=24 * 60)
def prune() -> None:
    """Forget rows older than twelve months."""
    session.execute(delete(AuditEntry).where(AuditEntry.at < clock.now() - KEEP))
