"""Two members together: what a missing role could do, and ending a group that has gone silent.

One starts, another confirms within a week. Starting what somebody else has started is confirming it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.groups.errors import NeedsTwo, NotAMember, NothingToDecide, TooLate
from portal.groups.events import GroupProfileChanged, StartedTogether
from portal.groups.models import Group, GroupPost, GroupRole, Membership, PairAct, RemovedBy, Right
from portal.groups.operations.board import empty
from portal.groups.operations.founding import checked_aim, checked_contact_way
from portal.groups.operations.joining import accept_for_group, decline_for_group, write_code
from portal.groups.operations.letters import answer_for_group
from portal.groups.operations.living import archive, may_end_by_two
from portal.groups.operations.offers import offer_for_group
from portal.groups.operations.profile import make_changes
from portal.groups.operations.telling import tell
from portal.groups.operations.turns import one_at_a_time
from portal.groups.permissions import membership_of
from portal.groups.queries.letters import is_to, letter_by_public_id
from portal.groups.queries.members import active_count
from portal.groups.queries.roles import empty_required_roles

CONFIRM_WITHIN = timedelta(days=7)
STOP = "stop"

# Does what was agreed; what it returns is shown once to the one who confirmed (a code).
Do = Callable[[Group, dict[str, Any], Membership], str | None]


@dataclass(frozen=True)
class Act:
    """Something two members may do together: the right a role would need (None: no role could), and how."""

    right: Right | None
    do: Do


def _asker(data: dict[str, Any], group: Group) -> Membership:
    membership = session.get(Membership, int(data["membership_id"]))
    if membership is None or membership.group_id != group.id:
        raise NothingToDecide
    return membership


def _accept(group: Group, data: dict[str, Any], by: Membership) -> None:
    accept_for_group(_asker(data, group), group=group)


def _decline(group: Group, data: dict[str, Any], by: Membership) -> None:
    decline_for_group(_asker(data, group), group=group)


def _contact(group: Group, data: dict[str, Any], by: Membership) -> None:
    group.contact_way = checked_contact_way(str(data["words"]))
    emit(GroupProfileChanged(group.id))


def _aim(group: Group, data: dict[str, Any], by: Membership) -> None:
    group.aim = checked_aim(str(data["words"]))
    emit(GroupProfileChanged(group.id))


def _profile(group: Group, data: dict[str, Any], by: Membership) -> None:
    make_changes(group, data)


def _code(group: Group, data: dict[str, Any], by: Membership) -> str:
    return write_code(group, made_by=by, uses=int(data.get("uses", 1)))


def _role(group: Group, data: dict[str, Any], by: Membership) -> None:
    role = session.get(GroupRole, int(data["role_id"]))
    if role is None or role.group_id != group.id:
        raise NothingToDecide
    offer_for_group(role, _asker(data, group), group=group)


def _letter(group: Group, data: dict[str, Any], by: Membership) -> None:
    letter = letter_by_public_id(str(data["letter"]))
    if letter is None or not is_to(letter, group):
        raise NothingToDecide
    answer_for_group(letter, group=group, text=str(data["words"]))


def _take_out(group: Group, data: dict[str, Any], by: Membership) -> None:
    post = session.get(GroupPost, int(data["post_id"]))
    if post is None or post.group_id != group.id or not post.is_readable:
        raise NothingToDecide
    empty(post, RemovedBy.GROUP)


def _stop(group: Group, data: dict[str, Any], by: Membership) -> None:
    archive(group)


ACTS: dict[str, Act] = {
    "accept": Act(Right.ACCEPT_MEMBERS, _accept),
    "decline": Act(Right.ACCEPT_MEMBERS, _decline),
    "code": Act(Right.ACCEPT_MEMBERS, _code),
    "contact": Act(Right.EDIT_PROFILE, _contact),
    "aim": Act(Right.EDIT_PROFILE, _aim),
    "profile": Act(Right.EDIT_PROFILE, _profile),
    "role": Act(Right.ASSIGN_ROLES, _role),
    "letter": Act(Right.ANSWER_CONTACT, _letter),
    "take_out": Act(Right.MODERATE, _take_out),
    STOP: Act(None, _stop),
}


def can_be_done_together(group: Group, act: str) -> bool:
    """Whether two members may do this now: a role that could is empty, or the group has gone silent."""
    if act == STOP:
        return may_end_by_two(group)
    right = ACTS[act].right
    return any(str(right) in role.rights for role in empty_required_roles(group))


def start_together(group: Group, act: str, *, actor: Actor, **data: Any) -> PairAct:
    """One member starts; nothing happens before another confirms. The same twice is once.

    Started by another already: this confirms it (`confirmed_by_id` is set then). Ending a group of one needs
    nobody else. Raises NothingToDecide where a role can do it, NotAMember.
    """
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    member = membership_of(actor, group)
    if member is None:
        raise NotAMember
    if not can_be_done_together(group, act):
        raise NothingToDecide
    same = next((one for one in open_acts(group) if (one.act, data_of(one)) == (act, data)), None)
    if same is not None:
        if same.started_by_id != member.id:
            confirm_together(same, group=group, actor=actor)
        return same
    started = PairAct(
        group_id=group.id,
        right=str(ACTS[act].right or ""),
        act=act,
        data=json.dumps(data, ensure_ascii=False),
        started_by_id=member.id,
        expires_at=clock.now() + CONFIRM_WITHIN,
    )
    session.add(started)
    session.flush()
    if act == STOP and active_count(group) == 1:
        _finish(started, group, member)
        return started
    emit(StartedTogether(group.id, member.id))
    return started


def data_of(started: PairAct) -> dict[str, Any]:
    """What exactly was started."""
    found = json.loads(started.data)
    assert isinstance(found, dict)
    return found


def confirm_together(started: PairAct, *, group: Group, actor: Actor) -> str | None:
    """Another member confirms, and it is done; returns what is shown once (a code).

    Confirmed by two at once, it is done once. Raises NeedsTwo for the one who started, TooLate after a week
    or when it is done, NothingToDecide when a role can do it again.
    """
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    member = membership_of(actor, group)
    if member is None or started.group_id != group.id:
        raise NotAMember
    if member.id == started.started_by_id:
        raise NeedsTwo
    if not can_be_done_together(group, started.act):
        raise NothingToDecide
    won = session.execute(
        update(PairAct)
        .where(PairAct.id == started.id, PairAct.confirmed_by_id.is_(None), PairAct.expires_at > clock.now())
        .values(confirmed_by_id=member.id)
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        raise TooLate
    return _finish(started, group, member)


def _finish(started: PairAct, group: Group, by: Membership) -> str | None:
    shown = ACTS[started.act].do(group, data_of(started), by)
    tell(group, "done_together", who="two members", act=started.act)
    if started.act == STOP:
        session.execute(delete(PairAct).where(PairAct.group_id == group.id))
    else:
        # Words of the group are no longer needed once they are where they belong.
        started.data = "{}"
    return shown


def call_off(started: PairAct, *, group: Group, actor: Actor) -> None:
    """The one who started it would rather not. Raises NotAMember for another's, TooLate when it is done."""
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    member = membership_of(actor, group)
    if member is None or member.id != started.started_by_id:
        raise NotAMember
    gone = session.execute(delete(PairAct).where(PairAct.id == started.id, PairAct.confirmed_by_id.is_(None)))
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise TooLate


def open_acts(group: Group) -> list[PairAct]:
    """What waits for a second member, oldest first."""
    query = (
        select(PairAct)
        .where(PairAct.group_id == group.id, PairAct.confirmed_by_id.is_(None))
        .where(PairAct.expires_at > clock.now())
        .order_by(PairAct.id)
    )
    return list(session.scalars(query))
