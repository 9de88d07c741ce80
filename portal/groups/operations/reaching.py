"""Reaching members: in full words, or so that nobody who looks over a shoulder learns anything.

Everybody who tells members something uses `tell_members`. In a discreet group only members who asked for it
can be reached at all, always by the neutral notice; in other groups members may choose the neutral one too,
so that having one says nothing about which kind of group it comes from.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock, crypto, jobs
from portal.core.db import session
from portal.core.subjects import SubjectRef
from portal.groups.models import Group, Membership, MemberState, Right
from portal.groups.operations.news import NEUTRAL
from portal.groups.queries.members import active_count
from portal.groups.queries.standing import answer_token, members_with_right
from portal.notifications.operations import notify

# Neutral notices arrive spread out: the same instant would tell who belongs to one group.
SPREAD_SECONDS = 20 * 60
Context = Callable[[Membership], dict[str, Any]]


def tell_members(
    group: Group,
    kind: str,
    what: str,
    *,
    to: Iterable[int] | None = None,
    besides: Iterable[int] = (),
    once: str = "",
    subject: SubjectRef | None = None,
    context: Context | None = None,
) -> int:
    """Tell members of a group one piece of news; returns how many can be reached.

    kind: a declared notice kind. what: the name of the line (operations/news.py). to: membership ids, else
    all who take part. besides: ids left out (whoever did it). once: whoever was told under this key is not
    told again. subject: what the notice leads to, else the group. context: more plain values per member.
    """
    members = [one for one in _wanted(group, to) if one.id not in set(besides)]
    reached = 0
    loud: dict[int, Membership] = {}
    for membership in members:
        account_id = account_of(membership)
        if account_id is None:
            continue
        reached += 1
        if group.is_discreet or membership.quiet:
            _tell_neutrally(group, account_id, what, once)
        else:
            loud[account_id] = membership
    place = subject or SubjectRef("group", group.id)
    key = f"{place.kind}-{place.id}-{what}-{once}" if once else None
    if context is None:
        notify(loud, kind, subject=place, context={"what": what}, dedupe_key=key)
        return reached
    for account_id, membership in loud.items():
        values = {"what": what, **context(membership)}
        notify([account_id], kind, subject=place, context=values, dedupe_key=key)
    return reached


def _wanted(group: Group, to: Iterable[int] | None) -> list[Membership]:
    query = select(Membership).where(Membership.group_id == group.id)
    if to is None:
        query = query.where(Membership.state == MemberState.MEMBER)
    else:
        query = query.where(Membership.id.in_(list(to)))
    return list(session.scalars(query.order_by(Membership.id)))


def account_of(membership: Membership) -> int | None:
    """The account that can be told something; in discreet groups only of those who asked for it."""
    if membership.account_id is not None:
        return membership.account_id
    return int(membership.reach) if membership.reach else None


def _tell_neutrally(group: Group, account_id: int, what: str, once: str) -> None:
    """Later by some minutes of chance, never twice for one `once`. The key tells neither group nor news."""
    payload: dict[str, Any] = {"account_id": account_id}
    unique = None
    if once:
        unique = crypto.keyed_hash("groups.told", f"{group.id}|{account_id}|{what}|{once}")
        payload["once"] = unique
    later = clock.now() + timedelta(seconds=secrets.randbelow(SPREAD_SECONDS))
    jobs.enqueue("groups.tell_neutrally", payload, run_at=later, unique_key=unique)


def tell_account_neutrally(account_id: int) -> None:
    """The neutral notice to one person, some minutes later: about talks nobody is ever told more."""
    later = clock.now() + timedelta(seconds=secrets.randbelow(SPREAD_SECONDS))
    jobs.enqueue("groups.tell_neutrally", {"account_id": account_id}, run_at=later)


def tell_all_neutrally(group: Group) -> None:
    """The neutral notice to all, whatever they chose: the group is about to forget their accounts."""
    for membership in _wanted(group, None):
        account_id = account_of(membership)
        if account_id is not None:
            _tell_neutrally(group, account_id, "", "")


def deliver_neutral(account_id: int, once: str | None) -> None:
    """The notice that says nothing; unread ones are counted together."""
    notify([account_id], NEUTRAL, context={}, group_key=NEUTRAL, dedupe_key=once)


def answer_link(membership: Membership) -> dict[str, Any]:
    """For the mail that asks whether the group goes on: its buttons work without signing in."""
    return {"answer": answer_token(membership)}


def tell_those_who_may(
    group: Group, right: Right, kind: str, what: str, *, besides: Iterable[int] = (), once: str = ""
) -> int:
    """Tell those whose task it is; in a group without a leader, all."""
    if group.leaderless_since is not None and active_count(group) > 1:
        return tell_members(group, kind, what, besides=besides, once=once)
    ids = [one.id for one in members_with_right(group, right)]
    return tell_members(group, kind, what, to=ids, besides=besides, once=once)
