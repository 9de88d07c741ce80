"""The id of a searchable document says where it stands: kind, date, object, language.

Revision: 9e4b27c6d1f3
Follows: 7e94c0d1b352
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from portal.core.search import ddl
from portal.core.search.order import document_id

revision = "9e4b27c6d1f3"
down_revision = "7e94c0d1b352"
branch_labels = None
depends_on = None

BATCH = 5_000


def upgrade() -> None:
    connection = op.get_bind()
    ddl.drop(connection)
    doc = sa.table(
        "search_doc",
        sa.column("id", sa.BigInteger),
        sa.column("kind", sa.String),
        sa.column("object_id", sa.BigInteger),
        sa.column("language", sa.String),
        sa.column("weight_date", sa.DateTime(timezone=True)),
    )
    rows = connection.execute(sa.select(doc)).all()
    change = sa.update(doc).where(doc.c.id == sa.bindparam("before")).values(id=sa.bindparam("now"))
    for begin in range(0, len(rows), BATCH):
        connection.execute(change, [_moved(row) for row in rows[begin : begin + BATCH]])
    ddl.create(connection)


def _moved(row: sa.Row) -> dict[str, int]:
    date: datetime | None = row.weight_date
    if date is not None and date.tzinfo is None:
        date = date.replace(tzinfo=UTC)  # SQLite keeps UTC without saying so
    return {"before": row.id, "now": document_id(row.kind, row.object_id, row.language, date)}


def downgrade() -> None:
    """An older portal sorts by the columns and takes any id."""
    if op.get_bind().dialect.name == "postgresql":
        for name in ("words_beside", "parts_beside"):
            op.execute(f"DROP INDEX search_doc_{name}")
