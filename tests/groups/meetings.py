"""A meeting of a test: planned for a Tuesday in October, and what is told about it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import MeetingDate
from portal.groups.operations.meetings import planning
from portal.groups.operations.meetings.changing import Change
from portal.groups.operations.meetings.planning import Plan
from portal.notifications.models import Notice
from tests.groups.conftest import group

TUESDAY = date(2026, 10, 6)
NOON = "2026-10-06 10:00:00+00:00"


def plan(**given: object) -> Plan:
    values: dict[str, object] = {
        "day": TUESDAY,
        "starts": "18:00",
        "place": "Treff",
        "title": "Offener Abend",
    }
    return Plan(**{**values, **given})  # type: ignore[arg-type]


def plan_in(group_id: int, actor: Actor, **given: object) -> int:
    """Plan in a transaction; returns the id of the meeting."""
    with transaction():
        return planning.plan_meeting(group(group_id), plan(**given), actor=actor).id


def rows_of(group_id: int) -> list[MeetingDate]:
    query = select(MeetingDate).where(MeetingDate.group_id == group_id).order_by(MeetingDate.on)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def change(**given: object) -> Change:
    values: dict[str, object] = {"day": TUESDAY, "starts": "18:00", "minutes": 120, "place": "Treff"}
    return Change(**{**values, **given})  # type: ignore[arg-type]


def told() -> list[tuple[int, str]]:
    rows = session.execute(select(Notice.account_id, Notice.context).order_by(Notice.id))
    return [(account_id, context["what"]) for account_id, context in rows]
