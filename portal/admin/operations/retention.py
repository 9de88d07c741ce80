"""Deleting what is past its date, where no package does it itself."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, delete

from portal.admin.queries.retention import RULES
from portal.core import clock
from portal.core.db import session


def sweep() -> dict[str, int]:
    """Delete the overdue rows of every table whose rule is swept here; table -> rows that went."""
    gone = {}
    for rule in RULES:
        if rule.is_swept:
            result = session.execute(delete(rule.model).where(rule.is_overdue(clock.now())))
            gone[rule.table] = cast("CursorResult[Any]", result).rowcount
    return gone
