"""What became of it: steps and news of accepted proposals.

Revision: 54da2448d5b4
Follows: 0ed410e05a57
"""

import sqlalchemy as sa
from alembic import op

revision = "54da2448d5b4"
down_revision = "0ed410e05a57"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal_milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "done",
                "dropped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_milestone_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_milestone")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_milestone_public_id")),
    )
    with op.batch_alter_table("proposal_milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_milestone_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "proposal_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text_md", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("picture_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_proposal_news_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_news_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_news")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_news_public_id")),
    )
    with op.batch_alter_table("proposal_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_news_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "proposal_outcome",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("step_count", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "done_count >= 0 AND step_count >= done_count", name=op.f("ck_proposal_outcome_counters")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_proposal_outcome_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_outcome_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal_outcome")),
    )
    with op.batch_alter_table("proposal_outcome", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_outcome_news", ["news_at", "proposal_id"], unique=False)
    # What was accepted before has its page, too; nothing has been told about it yet.
    op.execute(
        "INSERT INTO proposal_outcome (proposal_id, accepted_at, news_at, step_count, done_count)"
        " SELECT id, COALESCE(answered_at, last_activity_at), last_activity_at, 0, 0 FROM proposal"
        " WHERE stage IN ('accepted', 'under_way', 'done') AND published_at IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("proposal_outcome", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_outcome_news")

    op.drop_table("proposal_outcome")
    with op.batch_alter_table("proposal_news", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_news_proposal_id"))

    op.drop_table("proposal_news")
    with op.batch_alter_table("proposal_milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_milestone_proposal_id"))

    op.drop_table("proposal_milestone")
