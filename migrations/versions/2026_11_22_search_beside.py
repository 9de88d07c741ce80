"""On SQLite what there is little of has an index of words of its own, as on PostgreSQL.

Revision: 3c8a6e1f70b2
Follows: 4be07d19c3a2
"""

from alembic import op

from portal.core.search import ddl

revision = "3c8a6e1f70b2"
down_revision = "4be07d19c3a2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        ddl.drop(connection)
        ddl.create(connection)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER IF EXISTS search_doc_{name}_beside")
    for name in ("word", "tri"):
        op.execute(f"DROP TABLE IF EXISTS search_{name}_beside")
    op.execute("DROP VIEW IF EXISTS search_beside")
