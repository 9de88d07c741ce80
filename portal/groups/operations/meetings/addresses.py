"""Secret addresses from which a calendar fetches dates: made anew, taken back, ended with membership."""

from __future__ import annotations

import secrets

from sqlalchemy import delete

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.permissions import ensure
from portal.groups.errors import NotAMember
from portal.groups.models import CalendarAddress, Group
from portal.groups.permissions import membership_of
from portal.groups.queries.calendars import token_hash

_BYTES = 24


def make_own_address(actor: Actor) -> str:
    """A new address of all the actor's dates; the one before no longer works. Shown once, kept as a hash."""
    ensure(actor, "groups.own_calendar")
    return _make("account_id", actor.account_id)


def make_group_address(group: Group, *, actor: Actor) -> str:
    """A new address of one group's dates for this member; the one before no longer works."""
    ensure(actor, "groups.own_dates", group)
    membership = membership_of(actor, group)
    if membership is None:
        raise NotAMember
    return _make("membership_id", membership.id)


def _make(column: str, owner_id: int | None) -> str:
    token = secrets.token_urlsafe(_BYTES)
    values = {"token_hash": token_hash(token), "made_on": clock.today()}
    statement = upsert(CalendarAddress).values({column: owner_id, **values})
    session.execute(statement.on_conflict_do_update(index_elements=[column], set_=values))
    return token


def end_own_address(actor: Actor) -> None:
    """The address of all dates no longer works. Twice is once."""
    ensure(actor, "groups.own_calendar")
    session.execute(delete(CalendarAddress).where(CalendarAddress.account_id == actor.account_id))


def end_group_address(group: Group, *, actor: Actor) -> None:
    """The address of this group's dates no longer works."""
    ensure(actor, "groups.own_dates", group)
    membership = membership_of(actor, group)
    if membership is not None:
        forget_addresses(membership.id)


def forget_addresses(membership_id: int) -> None:
    """Somebody is out: their calendar fetches nothing any more."""
    session.execute(delete(CalendarAddress).where(CalendarAddress.membership_id == membership_id))
