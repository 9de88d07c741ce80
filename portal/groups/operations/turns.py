"""Who changes a group's people or roles, one after the other: the group's row first, then everything else."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from portal.core.db import session
from portal.groups.models import Group, Membership, MemberState
from portal.groups.permissions import forget_standing

_READ_ANEW = ("state", "leaderless_since", "purge_on", "last_sign_on")


def one_at_a_time(group: Group) -> None:
    """Wait for whoever is changing members or roles of this group, then see what they did.

    Called before the first row of such a change is touched: two people who take rows in different orders
    would wait for each other. Weaker than a lock on the key, so that lines of history written by both do not
    make them wait in a ring. SQLite lets only one write anyway.
    """
    session.flush()
    session.refresh(group, attribute_names=_READ_ANEW, with_for_update={"key_share": True})
    forget_standing(group)
    _read_members_anew(group.id)


def _read_members_anew(group_id: int) -> None:
    """Memberships this transaction read before it waited; a row that is gone is somebody who left."""
    known = {
        one.id: one
        for one in list(session.identity_map.values())
        if isinstance(one, Membership) and one.__dict__.get("group_id") == group_id
    }
    if not known:
        return
    query = select(Membership).where(Membership.id.in_(known)).execution_options(populate_existing=True)
    for gone in set(known) - {one.id for one in session.scalars(query)}:
        session.expunge(known[gone])
        known[gone].state = MemberState.LEFT


def all_at_once(group_ids: Iterable[int]) -> list[Group]:
    """The same for several groups, in one order whoever asks; returns those that are still there."""
    query = select(Group).where(Group.id.in_(sorted(set(group_ids)))).order_by(Group.id)
    groups = list(session.scalars(query))
    for group in groups:
        one_at_a_time(group)
    return groups
