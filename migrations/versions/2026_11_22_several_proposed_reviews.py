"""Reviews of memberships: several may be proposed, one runs; nobody learns of a proposal by guessing.

Revision: 4d2a7f90c6e1
Follows: 2b8f4a6c0d17
"""

import sqlalchemy as sa
from alembic import op

revision = "4d2a7f90c6e1"
down_revision = "2b8f4a6c0d17"
branch_labels = None
depends_on = None

RUNS = "state IN ('hearing', 'voting', 'decided')"
OPEN = "state IN ('proposed', 'hearing', 'voting', 'decided')"
PROPOSED = "state = 'proposed'"


def _one_per(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name,
        "group_review",
        columns,
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def upgrade() -> None:
    op.drop_index("uq_group_review_open", table_name="group_review")
    _one_per("uq_group_review_runs", ["group_id"], RUNS)
    _one_per("uq_group_review_proposed", ["group_id", "starter_id"], PROPOSED)


def downgrade() -> None:
    # Where several are proposed, only those that run or were proposed first can stay.
    op.execute(
        "DELETE FROM group_review WHERE state = 'proposed' AND EXISTS (SELECT 1 FROM group_review AS other"
        " WHERE other.group_id = group_review.group_id AND (other.state IN ('hearing', 'voting', 'decided')"
        " OR (other.state = 'proposed' AND other.id < group_review.id)))"
    )
    op.drop_index("uq_group_review_proposed", table_name="group_review")
    op.drop_index("uq_group_review_runs", table_name="group_review")
    _one_per("uq_group_review_open", ["group_id"], OPEN)
