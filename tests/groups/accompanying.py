"""Somebody who accompanies a group, and terms both have agreed to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import Accompaniment, Grant, Scope
from portal.groups.operations.accompanying import agreeing
from portal.groups.operations.accompanying.agreeing import Terms
from tests.groups.conftest import group
from tests.support.factories import actor_of, make_staff

START = date(2026, 10, 6)
TERMS = Terms(
    goal="Ein Raum für den Winter",
    months=4,
    scope=(Scope.ROOM,),
    grants=(Grant.BOARD, Grant.EVENTS),
    meetings=3,
)


def professional() -> tuple[Account, Actor]:
    account = make_staff("professional")
    return account, actor_of(account)


def the_one() -> Accompaniment:
    return session.scalars(select(Accompaniment).execution_options(populate_existing=True)).one()


def agreed(group_id: int, member: Actor, account: Account, actor: Actor, terms: Terms = TERMS) -> None:
    with transaction():
        agreeing.ask_companion(group(group_id), terms, actor=member, companion=account)
    with transaction():
        agreeing.sign_as_companion(the_one(), group=group(group_id), actor=actor)
