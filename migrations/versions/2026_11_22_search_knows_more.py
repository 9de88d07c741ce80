"""Search knows organisations and votes: its index is made anew in the background.

Revision: 5c1d7a90e2b4
Follows: fcd31ca77fdf
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "5c1d7a90e2b4"
down_revision = "fcd31ca77fdf"
branch_labels = None
depends_on = None

_KEY = "admin.rebuild_search:organizations-and-votes"


def upgrade() -> None:
    job = sa.table(
        "job",
        sa.column("kind", sa.String),
        sa.column("payload", sa.JSON),
        sa.column("unique_key", sa.String),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("run_at", sa.DateTime(timezone=True)),
        sa.column("attempts", sa.Integer),
    )
    now = datetime.now(UTC)
    if op.get_bind().scalar(sa.text("SELECT 1 FROM search_doc LIMIT 1")) is None:
        return  # a new portal: everything is indexed as it is written
    op.execute(
        job.insert().values(
            kind="admin.rebuild_search", payload={}, unique_key=_KEY, created_at=now, run_at=now, attempts=0
        )
    )


def downgrade() -> None:
    # An older portal would drop these documents at its next rebuild; searching, it does not ask for them.
    op.execute(sa.text("DELETE FROM search_doc WHERE kind IN ('organization', 'round')"))
    op.execute(sa.text("DELETE FROM job WHERE unique_key = :key").bindparams(key=_KEY))
