"""Costs of assessments in 64 bits; reminders of forgotten drafts; threats are looked at by two people.

Revision: 8d1f6a20b7e3
Follows: 54da2448d5b4
"""

import sqlalchemy as sa
from alembic import op

revision = "8d1f6a20b7e3"
down_revision = "54da2448d5b4"
branch_labels = None
depends_on = None

COSTS = ("cost_cents", "running_cost_cents")


def upgrade() -> None:
    with op.batch_alter_table("proposal_assessment", schema=None) as batch_op:
        for name in COSTS:
            batch_op.alter_column(
                name, existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=True
            )
    op.add_column("proposal", sa.Column("draft_reminded_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_decider_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_moderation_case_first_decider_id_account"),
            "account",
            ["first_decider_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_moderation_case_first_decider_id_account"), type_="foreignkey"
        )
        batch_op.drop_column("first_decider_id")
    op.drop_column("proposal", "draft_reminded_at")
    with op.batch_alter_table("proposal_assessment", schema=None) as batch_op:
        for name in COSTS:
            batch_op.alter_column(
                name, existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=True
            )
