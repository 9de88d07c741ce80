"""What a piece of work asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from portal.core.db import db

_QUERIES = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements the block sends, without BEGIN and the like."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.split()[0] in _QUERIES:
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
