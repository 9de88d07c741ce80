"""Decisions of some members, begun by a role, with or without reasons; sealed slots; who is in a draw; limits.

Revision: 6a1d93e0c75b
Follows: 2d8f41c6be07
"""

import sqlalchemy as sa
from alembic import op

from portal.core import crypto

revision = "6a1d93e0c75b"
down_revision = "2d8f41c6be07"
branch_labels = None
depends_on = None

_TARGETS = "target IN ('free', 'charter', 'role', 'date', 'merge', 'pause', 'review', 'privacy'"
# CHECKs of decisions that say more now: name -> (before, after).
_RULES = {
    "electorate": (
        "electorate IN ('at_opening', 'at_closing')",
        "electorate IN ('at_opening', 'at_closing', 'named_list')",
    ),
    "target": (f"{_TARGETS})", f"{_TARGETS}, 'starters')"),
    "open_electorate_for_dates": (
        "electorate = 'at_opening' OR method = 'date'",
        "electorate <> 'at_closing' OR method = 'date'",
    ),
}
_SEALED = "group_decision_option.starts"
_OPTION = sa.table(
    "group_decision_option",
    sa.column("id"),
    sa.column("local_start", sa.String),
    sa.column("starts", sa.Text),
)


def upgrade() -> None:
    _say(_RULES)
    _add(
        "group_decision",
        "reasons VARCHAR(30) DEFAULT 'optional' NOT NULL",
        reasons="reasons IN ('off', 'optional', 'for_objection')",
        reasons_of_methods="reasons = 'optional' OR"
        " (reasons = 'for_objection') = (method IN ('consent', 'consensus'))",
        asked_are_some="electorate <> 'named_list' OR target IN ('free', 'date')",
    )
    op.create_table(
        "group_asked",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_asked_decision_id_group_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("decision_id", "ref", name=op.f("pk_group_asked")),
    )
    _seal_slots()
    op.create_table(
        "group_lot_person",
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["group_decision_option.id"],
            name=op.f("fk_group_lot_person_option_id_group_decision_option"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["group_membership.id"],
            name=op.f("fk_group_lot_person_membership_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("option_id", name=op.f("pk_group_lot_person")),
    )
    op.create_index(op.f("ix_group_lot_person_membership_id"), "group_lot_person", ["membership_id"])
    op.add_column(
        "group_role", sa.Column("starts_decisions", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "uq_group_role_starts",
        "group_role",
        ["group_id"],
        unique=True,
        sqlite_where=sa.text("starts_decisions"),
        postgresql_where=sa.text("starts_decisions"),
    )
    op.add_column("group_outcome", sa.Column("role_key", sa.String(length=16), nullable=True))
    op.add_column("group_outcome", sa.Column("limit_on", sa.Date(), nullable=True))
    _add(
        "group_outcome",
        "limit_cents INTEGER",
        limit="limit_cents > 0",
        limits_of_a_role="role_key IS NOT NULL OR (limit_cents IS NULL AND limit_on IS NULL)",
    )


def downgrade() -> None:
    for column in ("limit_cents", "limit_on", "role_key"):
        op.drop_column("group_outcome", column)
    op.drop_index("uq_group_role_starts", table_name="group_role")
    op.drop_column("group_role", "starts_decisions")
    op.drop_table("group_lot_person")
    _open_slots()
    op.drop_table("group_asked")
    if op.get_bind().dialect.name != "sqlite":  # There it goes with the column it came with.
        op.drop_constraint(op.f("ck_group_decision_asked_are_some"), "group_decision")
    op.drop_column("group_decision", "reasons")
    # Who may answer is frozen in rows of its own and stays; what a role may begin is forgotten.
    op.execute("UPDATE group_decision SET electorate = 'at_opening' WHERE electorate = 'named_list'")
    op.execute("UPDATE group_decision SET target = 'free' WHERE target = 'starters'")
    _say({name: (after, before) for name, (before, after) in _RULES.items()})


def _add(table: str, column: str, **rules: str) -> None:
    """A column that brings its CHECKs along: no table is made anew for it, and they go with it."""
    checks = "".join(f" CONSTRAINT ck_{table}_{name} CHECK ({rule})" for name, rule in rules.items())
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column}{checks}")


def _say(rules: dict[str, tuple[str, str]]) -> None:
    """Change CHECKs of decisions from one wording to another."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(rules)
        return
    for name, (_before, after) in rules.items():
        op.drop_constraint(op.f(f"ck_group_decision_{name}"), "group_decision")
        op.create_check_constraint(op.f(f"ck_group_decision_{name}"), "group_decision", after)


def _rebuild(rules: dict[str, tuple[str, str]]) -> None:
    """SQLite cannot change a CHECK: the table is made anew with all it had. Foreign keys are off meanwhile."""
    connection = op.get_bind()
    query = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'group_decision' AND sql IS NOT NULL"
    kept = connection.exec_driver_sql(query).all()
    words = next(sql for kind, sql in kept if kind == "table")
    for name, (before, after) in rules.items():
        old = f"ck_group_decision_{name} CHECK ({before})"
        if old not in words:
            raise ValueError(f"no such rule: {old}")
        words = words.replace(old, f"ck_group_decision_{name} CHECK ({after})")
    fresh = words.replace("group_decision", "group_decision_new", 1)
    connection.exec_driver_sql(fresh)
    connection.exec_driver_sql("INSERT INTO group_decision_new SELECT * FROM group_decision")
    connection.exec_driver_sql("DROP TABLE group_decision")
    connection.exec_driver_sql("ALTER TABLE group_decision_new RENAME TO group_decision")
    for kind, sql in kept:
        if kind != "table":
            connection.exec_driver_sql(sql)


def _seal_slots() -> None:
    connection = op.get_bind()
    op.add_column("group_decision_option", sa.Column("starts", sa.Text(), nullable=True))
    for row in connection.execute(sa.select(_OPTION).where(_OPTION.c.local_start.is_not(None))).all():
        sealed = {"starts": crypto.encrypt(_SEALED, row.local_start)}
        connection.execute(sa.update(_OPTION).where(_OPTION.c.id == row.id).values(sealed))
    op.drop_column("group_decision_option", "local_start")


def _open_slots() -> None:
    connection = op.get_bind()
    op.add_column("group_decision_option", sa.Column("local_start", sa.String(length=16), nullable=True))
    for row in connection.execute(sa.select(_OPTION).where(_OPTION.c.starts.is_not(None))).all():
        readable = {"local_start": crypto.decrypt(_SEALED, row.starts)}
        connection.execute(sa.update(_OPTION).where(_OPTION.c.id == row.id).values(readable))
    op.drop_column("group_decision_option", "starts")
