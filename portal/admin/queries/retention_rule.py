"""One rule of retention: which rows must be gone, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date

from portal.core import clock

SLACK = timedelta(days=2)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Rule:
    """Rows of `model` go `days` after the moment in `column`. is_swept: by admin's job, not a package's.

    `column` may ask another table (then it has a `name`); a day is over when the day after has begun.
    """

    model: Any
    column: Any
    days: int
    is_swept: bool = False
    only: Callable[[], ColumnElement[bool]] | None = None
    name: str = ""

    @property
    def table(self) -> str:
        """The table's name."""
        return str(self.model.__tablename__)

    @property
    def words(self) -> str:
        """ "table.column:days"."""
        return f"{self.table}.{self.name or self.column.key}:{self.days}"

    def is_overdue(self, now: datetime) -> ColumnElement[bool]:
        """The rows that should be gone; for swept tables on the day itself, else with two days of slack."""
        end = now - timedelta(days=self.days) - (timedelta() if self.is_swept else SLACK)
        limit = clock.local(end).date() if isinstance(self.column.type, Date) else end
        overdue: ColumnElement[bool] = self.column < limit
        return overdue & self.only() if self.only else overdue
