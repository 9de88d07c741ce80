"""Accompaniment: meetings held, closing reports, and a note while a group is being founded.

Revision: 5c1b7e20a9d4
Follows: 7c0e5d91a4b8
"""

import sqlalchemy as sa
from alembic import op

revision = "5c1b7e20a9d4"
down_revision = "7c0e5d91a4b8"
branch_labels = None
depends_on = None


def _of_agreement(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("accompaniment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accompaniment_id"],
            ["group_accompaniment.id"],
            name=op.f(f"fk_{table}_accompaniment_id_group_accompaniment"),
            ondelete="CASCADE",
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "group_accompaniment_met",
        *_of_agreement("group_accompaniment_met"),
        sa.Column("day_key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("accompaniment_id", "day_key", name=op.f("pk_group_accompaniment_met")),
    )
    op.create_table(
        "group_accompaniment_report",
        *_of_agreement("group_accompaniment_report"),
        sa.Column(
            "side",
            sa.Enum("group", "companion", name="side", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("accompaniment_id", "side", name=op.f("pk_group_accompaniment_report")),
    )
    op.create_table(
        "group_founding_note",
        *_of_agreement("group_founding_note"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("accompaniment_id", name=op.f("pk_group_founding_note")),
    )


def downgrade() -> None:
    op.drop_table("group_founding_note")
    op.drop_table("group_accompaniment_report")
    op.drop_table("group_accompaniment_met")
