"""Whose a secret calendar address is, and what its calendar holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts.queries import actor_for, get_account
from portal.core import clock, crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.models import CalendarAddress, Group, Membership, MemberState
from portal.groups.permissions import membership_of
from portal.groups.queries.meetings import OwnDate, dates_between, own_dates

_PURPOSE = "groups.calendar"
BEHIND, AHEAD = timedelta(days=92), timedelta(days=366)
# A phone has to read it all; overrides of twelve series for a year fit.
MOST_ENTRIES = 500


@dataclass(frozen=True)
class Feed:
    """What one address shows. `key`: whose, so that ids of discreet dates differ between people."""

    key: str
    group: Group | None
    entries: list[OwnDate]


def token_hash(token: str) -> str:
    """What an address is stored as."""
    return crypto.keyed_hash(_PURPOSE, token)


def feed_of(token: str) -> Feed | None:
    """The calendar behind an address; None for an unknown one, or when its owner is no member any more."""
    address = session.scalar(select(CalendarAddress).where(CalendarAddress.token_hash == token_hash(token)))
    if address is None:
        return None
    if address.account_id is not None:
        return _of_account(address.account_id)
    membership = session.get(Membership, address.membership_id)
    if membership is None or membership.state not in (MemberState.MEMBER, MemberState.PAUSED):
        return None
    group = session.get_one(Group, membership.group_id)
    lines = dates_between([group.id], *_span())
    return Feed(membership.ref, group, [OwnDate(line, group, None) for line in lines[:MOST_ENTRIES]])


def _of_account(account_id: int) -> Feed | None:
    account = get_account(account_id)
    if account is None or account.deleted_at is not None:
        return None
    begin, end = _span()
    return Feed(str(account_id), None, own_dates(actor_for(account), begin, end)[:MOST_ENTRIES])


def _span() -> tuple[date, date]:
    return clock.today() - BEHIND, clock.today() + AHEAD


def has_own_address(actor: Actor) -> bool:
    """Whether a phone may fetch all dates of the actor."""
    query = select(CalendarAddress.id).where(CalendarAddress.account_id == actor.account_id)
    return actor.account_id is not None and session.scalar(query) is not None


def has_group_address(actor: Actor, group: Group) -> bool:
    """Whether a phone may fetch this group's dates for this member."""
    membership = membership_of(actor, group)
    if membership is None:
        return False
    query = select(CalendarAddress.id).where(CalendarAddress.membership_id == membership.id)
    return session.scalar(query) is not None
