"""Members as their group sees them; counts as coarse as the group's privacy asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.core.db import session
from portal.groups.models import Group, Membership, MemberState, Privacy

BAND = 5


@dataclass(frozen=True)
class MemberLine:
    """A member in the list of a group that has one."""

    public_id: str
    alias: str
    state: MemberState
    member_since: date | None
    shown_publicly: bool


def active_count(group: Group) -> int:
    """Members, pausing ones among them. For rules; pages ask `shown_size`."""
    query = select(func.count()).where(
        Membership.group_id == group.id, Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED))
    )
    return session.scalar(query) or 0


def count_band(count: int) -> int:
    """Rounded to the nearest five, so that nobody sees a single person come or go: 7 -> 5, 8 -> 10."""
    return max(BAND, BAND * ((count + BAND // 2) // BAND))


def shown_size(group: Group, *, is_inside: bool = False) -> int | None:
    """How many members a page may show: exact for open groups, rounded for closed ones, None for discreet.

    is_inside: to members of a closed group, who have its list and would wonder about "5" while they are two.
    """
    if group.privacy is Privacy.DISCREET:
        return None
    count = active_count(group)
    return count if is_inside or group.privacy is Privacy.OPEN else count_band(count)


def member_lines(group: Group) -> list[MemberLine]:
    """The members by alias. Empty for a discreet group: nobody gets a list of it, members neither."""
    if group.is_discreet:
        return []
    query = select(
        Membership.public_id,
        Membership.alias,
        Membership.state,
        Membership.member_since,
        Membership.shown_publicly,
    ).where(Membership.group_id == group.id, Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)))
    return sorted(
        (MemberLine(*row) for row in session.execute(query)), key=lambda line: line.alias.casefold()
    )


def shown_members(group: Group) -> list[str]:
    """The names of those who want to be seen from outside, by name; only in open groups."""
    if group.privacy is not Privacy.OPEN:
        return []
    query = select(Membership.alias).where(
        Membership.group_id == group.id, Membership.state == MemberState.MEMBER, Membership.shown_publicly
    )
    return sorted(session.scalars(query), key=str.casefold)


def open_requests(group: Group) -> list[Membership]:
    """Requests that wait for an answer, oldest first, then the waiting list."""
    query = (
        select(Membership)
        .where(
            Membership.group_id == group.id,
            Membership.state.in_((MemberState.REQUESTED, MemberState.WAITING)),
        )
        .order_by(Membership.state, Membership.asked_on, Membership.id)
    )
    return list(session.scalars(query))


def members_to_tell(group: Group, *, besides: Iterable[int] = ()) -> list[int]:
    """Accounts of members who can be told something; `besides`: membership ids left out.

    In a discreet group only those who switched neutral notices on can be reached at all.
    """
    left_out = set(besides)
    query = select(Membership.id, Membership.account_id, Membership.reach).where(
        Membership.group_id == group.id, Membership.state == MemberState.MEMBER
    )
    rows = [row for row in session.execute(query) if row.id not in left_out]
    if group.is_discreet:
        return sorted(int(row.reach) for row in rows if row.reach)
    return sorted(row.account_id for row in rows if row.account_id is not None)


def who_asked(group: Group) -> list[int]:
    """Accounts of those who asked to join and have no answer yet."""
    asked = (MemberState.INTERESTED, MemberState.REQUESTED, MemberState.WAITING)
    query = select(Membership.account_id).where(
        Membership.group_id == group.id, Membership.state.in_(asked), Membership.account_id.is_not(None)
    )
    return [one for one in session.scalars(query) if one is not None]


@dataclass(frozen=True)
class RequestLine:
    """Somebody who would like to join; `answers` are (question, answer) pairs."""

    public_id: str
    alias: str
    state: MemberState
    asked_on: date | None
    answers: tuple[tuple[str, str], ...]


def request_line(membership: Membership, group: Group) -> RequestLine:
    """A request as those read it who answer it."""
    given = json.loads(membership.answers) if membership.answers else []
    pairs = tuple(zip(group.questions, given, strict=False))
    return RequestLine(membership.public_id, membership.alias, membership.state, membership.asked_on, pairs)


def membership_by_public_id(public_id: str) -> Membership | None:
    """The membership; the caller compares its group."""
    return session.scalar(select(Membership).where(Membership.public_id == public_id))


def group_of(membership: Membership) -> Group:
    """The group it belongs to."""
    return session.get_one(Group, membership.group_id)


def refs_in(group: Group) -> set[str]:
    """References of everybody who stands to the group in any way."""
    return set(session.scalars(select(Membership.ref).where(Membership.group_id == group.id)))
