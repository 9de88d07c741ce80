"""What the database knows about its own tables: without it, its planner guesses which index is best."""

from __future__ import annotations

from sqlalchemy import text

from portal.core.db import session

# Rows of each index that are looked at. SQLite's documentation names 100 to 1,000 as enough; measured, that
# calls an index good whose rows are nearly all alike (every public proposal is "listed"). So many cost 0.6 s
# a day in a town with 100,000 proposals, and no more in a larger one.
ROWS_LOOKED_AT = 100_000


def renew() -> None:
    """Count again what SQLite's planner goes by. PostgreSQL's autovacuum does the same by itself.

    `PRAGMA optimize` alone would do nothing here: before SQLite 3.46 it looks only at tables that this very
    connection has asked, and a worker's connection asks for jobs.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}"))
        session.execute(text("ANALYZE"))
