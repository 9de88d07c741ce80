"""Days of discreet groups' meetings and minutes stand encrypted; what was readable is sealed, and back.

Revision: 2d8f41c6be07
Follows: 4d2a7f90c6e1
"""

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from alembic import op

from portal.core import crypto
from portal.groups.models.meetings import NO_DAY, packed, unpacked, veiled_day

revision = "2d8f41c6be07"
down_revision = "4d2a7f90c6e1"
branch_labels = None
depends_on = None

_group = sa.table("neighbour_group", sa.column("id"), sa.column("is_discreet", sa.Boolean))


def _table(name: str, *days: str) -> sa.TableClause:
    columns = [sa.column(day, sa.Date) for day in days]
    return sa.table(name, sa.column("id"), sa.column("group_id"), sa.column("sealed", sa.Text), *columns)


_PLANS = _table("group_meeting", "first_on", "until_on", "made_until")
_DATES = _table("group_meeting_date", "original_on", "on")
_SHEETS = _table("group_minutes", "met_on")


def upgrade() -> None:
    for table in (_PLANS, _DATES, _SHEETS):
        op.add_column(table.name, sa.Column("sealed", sa.Text(), nullable=True))
    _each(
        _PLANS,
        lambda row: {
            "sealed": packed(row.first_on, row.until_on, row.made_until),
            "first_on": NO_DAY,
            "until_on": None,
            "made_until": NO_DAY,
        },
    )
    _each(
        _DATES,
        lambda row: {
            "sealed": packed(row.original_on, row.on),
            "original_on": veiled_day(row.group_id, row.original_on),
            "on": NO_DAY,
        },
    )
    _each(_SHEETS, lambda row: {"sealed": packed(row.met_on), "met_on": NO_DAY})


def downgrade() -> None:
    for table, names in (
        (_PLANS, ("first_on", "until_on", "made_until")),
        (_DATES, ("original_on", "on")),
        (_SHEETS, ("met_on",)),
    ):
        _open(table, names)
        op.drop_column(table.name, "sealed")


def _each(table: sa.TableClause, sealed: Callable[[sa.Row], dict[str, object]]) -> None:
    """Seal the rows of discreet groups."""
    connection = op.get_bind()
    query = sa.select(table).where(table.c.group_id.in_(sa.select(_group.c.id).where(_group.c.is_discreet)))
    for row in connection.execute(query).all():
        values = sealed(row)
        values["sealed"] = crypto.encrypt(f"{table.name}.sealed", str(values["sealed"]))
        connection.execute(sa.update(table).where(table.c.id == row.id).values(values))


def _open(table: sa.TableClause, names: tuple[str, ...]) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(table).where(table.c.sealed.is_not(None))).all():
        days: list[date | None] = unpacked(crypto.decrypt(f"{table.name}.sealed", row.sealed))
        values = dict(zip(names, days, strict=True))
        connection.execute(sa.update(table).where(table.c.id == row.id).values(values))
