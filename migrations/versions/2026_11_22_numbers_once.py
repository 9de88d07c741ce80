"""On SQLite no number of a deleted row is given again, as on PostgreSQL.

Audit, notices, reports and jobs name things by kind and number. SQLite gave the number of the last row, once
that was deleted, to the next one, and with it what had been written about the first.

Revision: 7a40c2e9d1b5
Follows: 3c8a6e1f70b2
"""

import sqlalchemy as sa
from alembic import op

revision = "7a40c2e9d1b5"
down_revision = "3c8a6e1f70b2"
branch_labels = None
depends_on = None

BEFORE, AFTER = "\tid INTEGER NOT NULL, ", "\tid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
# Its numbers are made by the portal, out of the day.
OWN_NUMBERS = "search_doc"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    # Triggers of other tables may name one that is away for a moment.
    connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    for table, words in _tables(connection):
        _rebuild(connection, table, words)
    connection.exec_driver_sql("PRAGMA legacy_alter_table=OFF")


def downgrade() -> None:
    """Nothing: the code before does not mind."""


def _tables(connection: sa.Connection) -> list[tuple[str, str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE ? AND name <> ?"
    found = connection.exec_driver_sql(query, (f"%{BEFORE}%", OWN_NUMBERS)).all()
    return [(name, sql) for name, sql in found if f"CONSTRAINT pk_{name} PRIMARY KEY (id)" in sql]


def _rebuild(connection: sa.Connection, table: str, words: str) -> None:
    """The table is made anew with all it had. Foreign keys are off meanwhile."""
    query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type <> 'table' AND sql IS NOT NULL"
    beside = connection.exec_driver_sql(query, (table,)).scalars().all()
    start = words.index("(")
    fresh = (
        words[start:]
        .replace(BEFORE, AFTER, 1)
        .replace(f", \n\tCONSTRAINT pk_{table} PRIMARY KEY (id)", "", 1)
    )
    connection.exec_driver_sql(f'CREATE TABLE "{table}_new" {fresh}')
    # What is computed out of the others (hidden 2 or 3) is computed anew.
    rows = connection.exec_driver_sql(f'PRAGMA table_xinfo("{table}")').mappings()
    names = [row["name"] for row in rows if row["hidden"] < 2]
    old, new = (sa.table(name, *map(sa.column, names)) for name in (table, f"{table}_new"))
    connection.execute(sa.insert(new).from_select(names, sa.select(old)))
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE "{table}_new" RENAME TO "{table}"')
    for sql in beside:
        connection.exec_driver_sql(sql)
