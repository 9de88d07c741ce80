"""On SQLite a number is given to one row only, as on PostgreSQL.

Nothing to do here: `portal.core.migrate` sees to it after every upgrade, since tables that a migration builds
anew would lose it. This revision makes towns that are up to date go through it once.

Revision: 7a40c2e9d1b5
Follows: 3c8a6e1f70b2
"""

revision = "7a40c2e9d1b5"
down_revision = "3c8a6e1f70b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
