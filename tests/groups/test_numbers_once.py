"""Who is told once is told about this one: its number never comes again, on SQLite neither."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from portal.core.db import session, transaction
from portal.groups.operations import joining
from portal.groups.permissions import membership_of
from portal.notifications.models import Notice
from tests.support.factories_groups import get_group, make_group, settled


def test_the_next_who_asks_is_not_taken_for_the_one_before(app: Flask) -> None:
    """One asks and takes it back; then another asks: those who answer hear of both."""
    group_id, people = make_group(3)
    told = select(func.count()).where(
        Notice.account_id == people[0].account_id, Notice.kind == "groups.request"
    )
    for number in (1, 2):
        asking = settled()
        with transaction():
            joining.ask_to_join(get_group(group_id), actor=asking, alias=f"Neu {number}", answers=[])
        with transaction(write=False):
            assert membership_of(asking, get_group(group_id)) is not None
            assert session.scalar(told) == number
        with transaction():
            joining.take_back(get_group(group_id), actor=asking)
