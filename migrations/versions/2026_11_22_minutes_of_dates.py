"""Minutes say which date of the group's calendar they are of.

Revision: 7e94c0d1b352
Follows: 3e9b0c7d41f8
"""

import sqlalchemy as sa
from alembic import op

revision = "7e94c0d1b352"
down_revision = "3e9b0c7d41f8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_minutes_date",
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("date_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["date_id"],
            ["group_meeting_date.id"],
            name=op.f("fk_group_minutes_date_date_id_group_meeting_date"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["minutes_id"],
            ["group_minutes.id"],
            name=op.f("fk_group_minutes_date_minutes_id_group_minutes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("minutes_id", name=op.f("pk_group_minutes_date")),
    )
    op.create_index("ix_group_minutes_date_date_id", "group_minutes_date", ["date_id"])


def downgrade() -> None:
    op.drop_index("ix_group_minutes_date_date_id", "group_minutes_date")
    op.drop_table("group_minutes_date")
