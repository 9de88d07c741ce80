"""What data we keep: every table and column with its purpose, its class and its end (GDPR Art. 30).

A column without an entry fails a test, so nobody adds data without saying what for. Columns that mean the
same in every table stand in the vocabulary; tables say only what is their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.admin.queries.data_kept import (
    ground,
    groups,
    groups_inside,
    groups_meetings,
    groups_peace,
    groups_words,
    moderation,
    people,
    processes,
    proposals,
    rounds,
    texts,
)
from portal.admin.queries.data_kept.vocabulary import CLASS_WORDS, COMMON, Class, Note, TableNote
from portal.core.db import Base, EncryptedText

TABLES: dict[str, TableNote] = {
    **people.TABLES,
    **texts.TABLES,
    **processes.TABLES,
    **proposals.TABLES,
    **rounds.TABLES,
    **groups.TABLES,
    **groups_inside.TABLES,
    **groups_meetings.TABLES,
    **groups_words.TABLES,
    **groups_peace.TABLES,
    **moderation.TABLES,
    **ground.TABLES,
}

__all__ = ["CLASS_WORDS", "TABLES", "Class", "KeptColumn", "KeptTable", "data_kept", "gaps"]


@dataclass(frozen=True)
class KeptColumn:
    """One column as the page shows it."""

    name: str
    kind: Class
    purpose: str
    is_encrypted: bool


@dataclass(frozen=True)
class KeptTable:
    """One table as the page shows it."""

    name: str
    purpose: str
    kept: str
    seen_by: str
    columns: tuple[KeptColumn, ...]


def _note(table: str, column: str) -> Note | None:
    documented = TABLES.get(table)
    own = documented.columns.get(column) if documented else None
    return own or COMMON.get(column)


def gaps() -> list[str]:
    """Columns without a purpose, and entries for what no longer exists; empty when all is said."""
    real = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    missing = [
        f"{table}.{column} is not documented"
        for table, columns in real.items()
        for column in sorted(columns)
        if table not in TABLES or _note(table, column) is None
    ]
    stale = [
        f"{table}.{column} does not exist"
        for table, note in TABLES.items()
        for column in note.columns or [""]
        if table not in real or (column and column not in real[table])
    ]
    return missing + stale


def data_kept() -> list[KeptTable]:
    """Every table of the database by name."""
    found = []
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        note = TABLES.get(table.name)
        if note is None:
            continue
        columns = []
        for column in table.columns:
            said = _note(table.name, column.name)
            if said is not None:
                is_encrypted = isinstance(column.type, EncryptedText)
                columns.append(KeptColumn(column.name, said.kind, str(said.purpose), is_encrypted))
        found.append(
            KeptTable(table.name, str(note.purpose), str(note.kept), str(note.seen_by), tuple(columns))
        )
    return found
