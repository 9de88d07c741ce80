"""What stands in people's notices, and time that passes between them."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import GroupRole
from portal.groups.operations.profile import change_own
from portal.notifications.models import MailMessage, Notice
from tests.groups.conftest import group

Told = list[tuple[int, str, str]]


def told() -> Told:
    """(account, kind, what) of every notice, oldest first."""
    with transaction(write=False):
        rows = session.scalars(select(Notice).order_by(Notice.id)).all()
        return [(row.account_id, row.kind, str(row.context.get("what", ""))) for row in rows]


def forget_notices() -> None:
    """What was told so far does not matter."""
    with transaction():
        session.query(MailMessage).delete()
        session.query(Notice).delete()


def whats(actor: Actor) -> list[str]:
    """What one person was told."""
    return [what for account_id, _kind, what in told() if account_id == actor.account_id]


def later(days: int) -> time_machine.travel:
    """So many days from now."""
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def contact(group_id: int) -> GroupRole:
    """The role of the preset."""
    return session.scalars(select(GroupRole).where(GroupRole.group_id == group_id)).one()


def wants_notices(group_id: int, actor: Actor, alias: str) -> None:
    """Somebody switches notices on."""
    with transaction():
        change_own(group(group_id), actor=actor, alias=alias, notices="neutral")
