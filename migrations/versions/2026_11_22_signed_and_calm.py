"""Videos in sign language; suggested changes; slow conversations; blocked people.

Revision: 5b7e1c94d2a6
Follows: 8d1f6a20b7e3
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5b7e1c94d2a6"
down_revision = "8d1f6a20b7e3"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "video",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("uploader_id", sa.Integer(), nullable=True),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("extension", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("has_poster", sa.Boolean(), nullable=False),
        sa.Column("text_md", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("bytes > 0", name=op.f("ck_video_bytes")),
        sa.CheckConstraint("extension IN ('mp4', 'webm')", name=op.f("ck_video_extension")),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["account.id"], name=op.f("fk_video_uploader_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video")),
        sa.UniqueConstraint("owner_kind", "owner_id", "page", name=op.f("uq_video_owner_kind_owner_id_page")),
        sa.UniqueConstraint("public_id", name=op.f("uq_video_public_id")),
    )
    op.create_index("ix_video_quota", "video", ["uploader_id", "created_at"], unique=False)
    # Plain columns, added without making the tables anew: nothing that hangs on them is touched.
    op.add_column("proposal", sa.Column("video_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "proposal_text_offer", sa.Column("is_change", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("thread", sa.Column("slow_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("blocked", JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("account", "blocked")
    op.drop_column("thread", "slow_at")
    op.drop_column("proposal_text_offer", "is_change")
    op.drop_column("proposal", "video_count")
    op.drop_index("ix_video_quota", table_name="video")
    op.drop_table("video")
