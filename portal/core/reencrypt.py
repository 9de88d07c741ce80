"""Writing encrypted columns anew after a key rotation, in small steps beside running requests."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, Table, select, tuple_, type_coerce, update
from sqlalchemy import Text as PlainText

from portal.core import crypto
from portal.core.db import Base, EncryptedText, session, transaction

STEP = 200


def encrypted_columns() -> list[tuple[Table, Column[str]]]:
    """Every encrypted column of every table."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EncryptedText)
    ]


def ensure_key_is_here() -> None:
    """KeyMissing when the database holds texts whose key is not in this instance.

    An unmounted folder or half a restore: a new key would be made, nobody could sign in, and what is written
    from now on would need both keys.
    """
    for _table, column in encrypted_columns():
        stored = session.scalar(select(type_coerce(column, PlainText)).where(column.is_not(None)).limit(1))
        if stored is None:
            continue
        if not crypto.has_key(stored):
            raise crypto.KeyMissing
        return


def reencrypt_all() -> Iterator[tuple[str, int]]:
    """Write every text under the newest key; yields ("table.column", texts written). Safe to repeat."""
    for table, column in encrypted_columns():
        yield f"{table.name}.{column.name}", _reencrypt(table, column)


def _reencrypt(table: Table, column: Column[str]) -> int:
    """Walks by the whole primary key: its first column alone would leave rows out or write them alike."""
    keys = list(table.primary_key.columns)
    key = tuple_(*keys)
    raw = type_coerce(column, PlainText)
    written: int = 0
    last: tuple[object, ...] | None = None
    while True:
        with transaction():
            query = select(raw, *keys).where(column.is_not(None)).order_by(*keys).limit(STEP)
            rows = session.execute(query if last is None else query.where(key > last)).all()
            for stored, *row_key in rows:
                if crypto.needs_new_key(stored):
                    purpose = column.type.purpose  # type: ignore[attr-defined]
                    value = {column.name: crypto.decrypt(purpose, stored)}
                    session.execute(update(table).where(key == tuple(row_key)).values(value))
                    written += 1
        if len(rows) < STEP:
            return written
        last = tuple(rows[-1][1:])
