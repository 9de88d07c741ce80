"""A group may decide its own end.

Revision: 4be07d19c3a2
Follows: 6a1d93e0c75b
"""

import sqlalchemy as sa
from alembic import op

revision = "4be07d19c3a2"
down_revision = "6a1d93e0c75b"
branch_labels = None
depends_on = None

_TARGETS = "target IN ('free', 'charter', 'role', 'date', 'merge', 'pause', 'review', 'privacy', 'starters'"
_BEFORE, _AFTER = f"{_TARGETS})", f"{_TARGETS}, 'end')"


def upgrade() -> None:
    _say(_BEFORE, _AFTER)


def downgrade() -> None:
    # The words and what came out of them stay; what it did to the group has happened.
    op.execute("UPDATE group_decision SET target = 'free' WHERE target = 'end'")
    _say(_AFTER, _BEFORE)


def _say(before: str, after: str) -> None:
    """Change the CHECK of targets from one wording to the other."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(before, after)
        return
    op.drop_constraint(op.f("ck_group_decision_target"), "group_decision")
    op.create_check_constraint(op.f("ck_group_decision_target"), "group_decision", after)


def _rebuild(before: str, after: str) -> None:
    """SQLite cannot change a CHECK: the table is made anew with all it had. Foreign keys are off meanwhile."""
    connection = op.get_bind()
    query = sa.text(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'group_decision' AND sql IS NOT NULL"
    )
    kept = connection.execute(query).all()
    words = next(sql for kind, sql in kept if kind == "table")
    old = f"ck_group_decision_target CHECK ({before})"
    if old not in words:
        raise ValueError(f"no such rule: {old}")
    words = words.replace(old, f"ck_group_decision_target CHECK ({after})")
    connection.exec_driver_sql(words.replace("group_decision", "group_decision_new", 1))
    connection.exec_driver_sql("INSERT INTO group_decision_new SELECT * FROM group_decision")
    connection.exec_driver_sql("DROP TABLE group_decision")
    connection.exec_driver_sql("ALTER TABLE group_decision_new RENAME TO group_decision")
    for kind, sql in kept:
        if kind != "table":
            connection.exec_driver_sql(sql)
