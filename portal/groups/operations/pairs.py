"""Groups without a leader: one member starts what a role could do, another confirms it within a week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.groups.errors import NeedsTwo, NotAMember, NothingToDecide, TooLate
from portal.groups.models import Group, Membership, PairAct, Right
from portal.groups.operations.joining import accept_for_group
from portal.groups.operations.telling import tell
from portal.groups.permissions import membership_of

CONFIRM_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Act:
    """Something two members may do together: the right a role would need, and what is done."""

    right: Right
    do: Callable[[Group, dict[str, Any]], None]


def _accept(group: Group, data: dict[str, Any]) -> None:
    membership = session.get(Membership, int(data["membership_id"]))
    if membership is None:
        raise NothingToDecide
    accept_for_group(membership, group=group)


def _contact(group: Group, data: dict[str, Any]) -> None:
    group.contact_way = str(data["words"])


ACTS: dict[str, Act] = {
    "accept": Act(Right.ACCEPT_MEMBERS, _accept),
    "contact": Act(Right.EDIT_PROFILE, _contact),
}


def start_together(group: Group, act: str, *, actor: Actor, **data: Any) -> PairAct:
    """One member starts; nothing happens before another confirms. Only while the group has no leader."""
    ensure(actor, "groups.take_part", group)
    member = membership_of(actor, group)
    if member is None:
        raise NotAMember
    if group.leaderless_since is None:
        raise NothingToDecide
    started = PairAct(
        group_id=group.id,
        right=ACTS[act].right,
        act=act,
        data=data,
        started_by_id=member.id,
        expires_at=clock.now() + CONFIRM_WITHIN,
    )
    session.add(started)
    session.flush()
    return started


def confirm_together(started: PairAct, *, group: Group, actor: Actor) -> None:
    """Another member confirms, and it is done. Confirmed by two at once, it is done once.

    Raises NeedsTwo for the one who started, TooLate after a week or when it is done.
    """
    ensure(actor, "groups.take_part", group)
    member = membership_of(actor, group)
    if member is None or started.group_id != group.id:
        raise NotAMember
    if member.id == started.started_by_id:
        raise NeedsTwo
    won = session.execute(
        update(PairAct)
        .where(PairAct.id == started.id, PairAct.confirmed_by_id.is_(None), PairAct.expires_at > clock.now())
        .values(confirmed_by_id=member.id)
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        raise TooLate
    ACTS[started.act].do(group, started.data)
    tell(group, "done_together", who="two members", act=started.act)


def open_acts(group: Group) -> list[PairAct]:
    """What waits for a second member, oldest first."""
    query = (
        select(PairAct)
        .where(PairAct.group_id == group.id, PairAct.confirmed_by_id.is_(None))
        .where(PairAct.expires_at > clock.now())
        .order_by(PairAct.id)
    )
    return list(session.scalars(query))
