"""Moderation of groups: a hidden card, and a stop that two moderators decide together.

Revision: 3e9b0c7d41f8
Follows: 5c1b7e20a9d4
"""

import sqlalchemy as sa
from alembic import op

revision = "3e9b0c7d41f8"
down_revision = "5c1b7e20a9d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderation_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ground_kind", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("days BETWEEN 1 AND 14", name=op.f("ck_moderation_stop_days")),
        sa.CheckConstraint("answered_by <> proposed_by", name=op.f("ck_moderation_stop_two_people")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_moderation_stop_answered")
        ),
        sa.CheckConstraint(
            "decision_id IS NULL OR answered_at IS NOT NULL", name=op.f("ck_moderation_stop_decided_by_two")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_moderation_stop_answered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["moderation_case.id"],
            name=op.f("fk_moderation_stop_case_id_moderation_case"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_moderation_stop_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_moderation_stop_proposed_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_stop")),
    )
    op.create_index(
        "uq_moderation_stop_open",
        "moderation_stop",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    # A plain column, added without making the table anew.
    op.add_column("neighbour_group", sa.Column("hidden_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("neighbour_group", "hidden_on")
    op.drop_table("moderation_stop")
