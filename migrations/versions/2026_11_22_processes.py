"""Processes with phases, districts and preview links; the process a proposal is for.

Revision: c3b7503370ec
Follows: a02606a3c5ff
"""

import sqlalchemy as sa
from alembic import op

revision = "c3b7503370ec"
down_revision = "a02606a3c5ff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "budget",
                "question",
                "survey",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "influence",
            sa.Enum(
                "information",
                "consultation",
                "cooperation",
                "decision",
                name="influence",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "archived",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("contact_account_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'archived') = (archived_at IS NOT NULL)", name=op.f("ck_process_archived")
        ),
        sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f("ck_process_published")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_process_titled")),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_process_whole_span")),
        sa.CheckConstraint("budget_cents > 0", name=op.f("ck_process_budget")),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_process_level")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_process_span")),
        sa.ForeignKeyConstraint(
            ["contact_account_id"],
            ["account.id"],
            name=op.f("fk_process_contact_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["account.id"],
            name=op.f("fk_process_created_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_process_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sa.UniqueConstraint("public_id", name=op.f("uq_process_public_id")),
    )
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.create_index("ix_process_listed", ["state", "ends_at", "starts_at"], unique=False)

    op.create_table(
        "process_district",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_process_district_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["process.id"],
            name=op.f("fk_process_district_process_id_process"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("process_id", "district_id", name=op.f("pk_process_district")),
    )
    with op.batch_alter_table("process_district", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_district_district_id"), ["district_id"], unique=False)

    op.create_table(
        "process_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "information",
                "proposals",
                "discussion",
                "examination",
                "voting",
                "result",
                "realisation",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text_md", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_process_phase_span")),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["process.id"],
            name=op.f("fk_process_phase_process_id_process"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_phase")),
        sa.UniqueConstraint("public_id", name=op.f("uq_process_phase_public_id")),
    )
    with op.batch_alter_table("process_phase", schema=None) as batch_op:
        batch_op.create_index("ix_process_phase_dates", ["process_id", "starts_at", "id"], unique=False)

    op.create_table(
        "process_preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["account.id"],
            name=op.f("fk_process_preview_created_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["process.id"],
            name=op.f("fk_process_preview_process_id_process"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_preview")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_process_preview_token_hash")),
    )
    with op.batch_alter_table("process_preview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_preview_process_id"), ["process_id"], unique=False)

    # Not in a batch: SQLite would rebuild the table and lose its CHECKs. Both databases add such a column as it is.
    op.execute(
        "ALTER TABLE proposal ADD COLUMN process_id INTEGER"
        " CONSTRAINT fk_proposal_process_id_process REFERENCES process (id)"
    )
    op.create_index("ix_proposal_of_process", "proposal", ["process_id", "listed", "published_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_proposal_of_process", table_name="proposal")
    op.execute("ALTER TABLE proposal DROP COLUMN process_id")

    with op.batch_alter_table("process_preview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_preview_process_id"))

    op.drop_table("process_preview")
    with op.batch_alter_table("process_phase", schema=None) as batch_op:
        batch_op.drop_index("ix_process_phase_dates")

    op.drop_table("process_phase")
    with op.batch_alter_table("process_district", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_district_district_id"))

    op.drop_table("process_district")
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.drop_index("ix_process_listed")

    op.drop_table("process")
