"""Whoever reports may give a name; a slow conversation ends on a date.

Revision: 2b8f4a6c0d17
Follows: 9e4b27c6d1f3
"""

import sqlalchemy as sa
from alembic import op

revision = "2b8f4a6c0d17"
down_revision = "9e4b27c6d1f3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("thread", sa.Column("slow_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("thread", "slow_until")
    op.drop_column("report", "name")
