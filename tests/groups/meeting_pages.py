"""A date of a test, and the forms that are sent about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import MeetingDate
from portal.groups.operations.meetings import planning
from portal.groups.operations.meetings.planning import Plan
from tests.support.factories_groups import get_group

TUESDAY = date(2026, 10, 6)
PLACE = "Hinterhof Sieben"


def plan(group_id: int, actor: Actor, **given: Any) -> str:
    """A meeting in a transaction of its own; returns the public id of its first date."""
    values: dict[str, Any] = {"day": TUESDAY, "starts": "18:00", "place": PLACE, "title": "Offener Abend"}
    with transaction():
        meeting = planning.plan_meeting(get_group(group_id), Plan(**{**values, **given}), actor=actor)
        return planning.first_date(meeting).public_id


def first() -> MeetingDate:
    """The first date there is."""
    return session.scalars(select(MeetingDate).order_by(MeetingDate.original_on).limit(1)).one()


def send(browser: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return browser.post(path, data=fields)
