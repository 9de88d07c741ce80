"""The staff log: what staff and the system did, by ids and names of roles, without any content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, and_, func, or_, select

from portal.accounts.queries import AuthorCard, account_names
from portal.core import clock
from portal.core.actors import ActorKind
from portal.core.audit import AuditEntry, schemas
from portal.core.db import session
from portal.core.i18n import gettext
from portal.core.subjects import kinds

BY_STAFF = (ActorKind.STAFF.value, ActorKind.SYSTEM.value)
CSV_HEADER = ("at", "name", "role", "account", "subject", "subject_id", "details")
CSV_AT_MOST = 100_000


@dataclass(frozen=True)
class LogFilter:
    """Which rows: an audit name ("" for all), the first and the last day."""

    name: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class LogRow:
    """One row as administrators see it. `role` is words, never a person's name."""

    at: datetime
    name: str
    role: str
    account_id: int | None
    subject_kind: str
    subject_id: int
    details: str


def log_names() -> list[str]:
    """Every audit name there is."""
    return [schema.name for schema in schemas()]


def _entries(chosen: LogFilter) -> Select[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.actor_kind.in_(BY_STAFF))
    if chosen.name:
        query = query.where(AuditEntry.name == chosen.name)
    if chosen.since:
        query = query.where(AuditEntry.at >= _midnight(chosen.since))
    if chosen.until:
        query = query.where(AuditEntry.at < _midnight(chosen.until + timedelta(days=1)))
    return query


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.zone())


def log_page(chosen: LogFilter, number: int, per_page: int) -> tuple[list[LogRow], int]:
    """One page of the log, newest first, and how many rows there are in all."""
    query = _entries(chosen)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.order_by(AuditEntry.id.desc()).limit(per_page).offset((number - 1) * per_page)
    )
    return _rows(list(rows)), total


def log_cells(chosen: LogFilter) -> Iterator[tuple[str | int | datetime, ...]]:
    """The log for a spreadsheet, oldest first, at most 100,000 rows."""
    entries = list(session.scalars(_entries(chosen).order_by(AuditEntry.id).limit(CSV_AT_MOST)))
    for row in _rows(entries):
        yield (
            row.at,
            row.name,
            row.role,
            row.account_id or "",
            row.subject_kind,
            row.subject_id,
            row.details,
        )


def _rows(entries: Iterable[AuditEntry]) -> list[LogRow]:
    entries = list(entries)
    cards = account_names(entry.actor_id for entry in entries)
    return [
        LogRow(
            entry.at,
            entry.name,
            role_of(entry, cards),
            entry.actor_id,
            entry.subject_kind,
            entry.subject_id,
            ", ".join(f"{key}: {value}" for key, value in sorted(entry.data.items())),
        )
        for entry in entries
    ]


def role_of(entry: AuditEntry, cards: dict[int, AuthorCard]) -> str:
    """By which hat something was done, in words; never whose head was under it."""
    if entry.actor_kind == ActorKind.SYSTEM:
        return gettext("The portal itself")
    if entry.actor_kind != ActorKind.STAFF:
        return gettext("A resident")
    card = cards.get(entry.actor_id) if entry.actor_id is not None else None
    return (card.role_label if card else None) or gettext("Somebody who works here")


@dataclass(frozen=True)
class OwnRow:
    """One thing staff did about a person, as the person sees it."""

    at: datetime
    name: str
    role: str
    about: str


def log_about(account_id: int, number: int, per_page: int) -> tuple[list[OwnRow], int]:
    """What staff and the system did about an account and about what it wrote; newest first, and how many."""
    about = [and_(AuditEntry.subject_kind == "account", AuditEntry.subject_id == account_id)]
    labels = {"account": gettext("Your account")}
    for kind in kinds():
        labels[kind.kind] = str(kind.label)
        if kind.written_by is not None:
            mine = AuditEntry.subject_id.in_(kind.written_by(account_id))
            about.append(and_(AuditEntry.subject_kind == kind.kind, mine))
    query = select(AuditEntry).where(
        or_(*about),
        AuditEntry.actor_kind.in_(BY_STAFF),
        AuditEntry.visibility.in_(("public", "parties")),
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(AuditEntry.id.desc()).limit(per_page).offset((number - 1) * per_page)
    entries = list(session.scalars(page))
    cards = account_names(entry.actor_id for entry in entries)
    return [
        OwnRow(one.at, one.name, role_of(one, cards), labels.get(one.subject_kind, "")) for one in entries
    ], total
