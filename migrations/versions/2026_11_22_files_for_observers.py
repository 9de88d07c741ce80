"""The file of a vote with few ballots can be opened for its observers.

Revision: 7c0e5d91a4b8
Follows: 5c1d7a90e2b4
"""

import sqlalchemy as sa
from alembic import op

revision = "7c0e5d91a4b8"
down_revision = "5c1d7a90e2b4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_file_release",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("observers", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("approved_by_id <> asked_by_id", name=op.f("ck_round_file_release_two_people")),
        sa.CheckConstraint(
            "(approved_by_id IS NULL) = (approved_at IS NULL)", name=op.f("ck_round_file_release_approved")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_round_file_release_round_id_voting_round")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_round_file_release_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_round_file_release_approved_by_id_account")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_file_release")),
    )


def downgrade() -> None:
    op.drop_table("round_file_release")
