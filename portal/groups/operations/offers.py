"""Handing a role on: somebody is asked, and says yes or no. Nobody holds a role without their own word."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import can, ensure
from portal.groups.errors import DecidedTogether, NotAMember, NotYours, RoleFull, TooLate
from portal.groups.events import RoleOffered
from portal.groups.models import (
    Group,
    GroupRole,
    Membership,
    MemberState,
    RoleHolder,
    RoleOffer,
    RoleWay,
    Trust,
)
from portal.groups.operations.peace.frozen import ensure_not_frozen
from portal.groups.operations.roles import give, notice_empty_roles, take
from portal.groups.operations.telling import tell
from portal.groups.operations.turns import one_at_a_time
from portal.groups.permissions import membership_of
from portal.groups.permissions.holding import holders_of
from portal.groups.queries.roles import trust_needed

# Somebody who is asked has so long to answer; a successor of somebody who left the same.
ANSWER_WITHIN = timedelta(days=14)


def offer(role: GroupRole, receiver: Membership, *, group: Group, actor: Actor) -> RoleOffer:
    """Ask a member to take on a role: whoever holds it hands it over, whoever assigns roles adds a holder.

    Asking the same person again is the same question. Raises NotYours, DecidedTogether, NotAMember.
    """
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    ensure_not_frozen(group)
    giver = membership_of(actor, group)
    if giver is None or receiver.id == giver.id:
        raise NotAMember
    holds = giver in holders_of(role)
    if not holds:
        if not can(actor, "groups.assign_roles", group):
            raise NotYours
        if role.how is RoleWay.DECISION:
            raise DecidedTogether
    return offer_for_group(role, receiver, group=group, giver=giver if holds else None)


def offer_for_group(
    role: GroupRole, receiver: Membership, *, group: Group, giver: Membership | None = None
) -> RoleOffer:
    """The same, once the right to do it has been settled. `giver`: who hands it over."""
    if role.group_id != group.id or receiver.group_id != group.id:
        raise NotAMember
    if receiver.state is not MemberState.MEMBER:
        raise NotAMember
    row = {
        "role_id": role.id,
        "membership_id": receiver.id,
        "from_id": giver.id if giver else None,
        "hands_over": giver is not None,
        "until_on": clock.today() + ANSWER_WITHIN,
    }
    changed = {name: row[name] for name in ("from_id", "hands_over", "until_on")}
    statement = upsert(RoleOffer).values(**row)
    session.execute(
        statement.on_conflict_do_update(index_elements=["role_id", "membership_id"], set_=changed)
    )
    session.flush()
    emit(RoleOffered(group.id, receiver.id))
    query = select(RoleOffer).where(RoleOffer.role_id == role.id, RoleOffer.membership_id == receiver.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def accept_offer(made: RoleOffer, *, group: Group, actor: Actor) -> GroupRole:
    """ "Yes, I will do it": it counts at once, and twice is once; whoever handed it over no longer holds it.

    Raises NotAMember for somebody else's question, TooLate after two weeks, RoleFull.
    """
    role, membership = _asked(made, group, actor)
    ensure_not_frozen(group)
    if made.until_on < clock.today():
        if membership in holders_of(role):
            return role
        raise TooLate
    giver = session.get(Membership, made.from_id) if made.hands_over and made.from_id else None
    others = [one for one in holders_of(role) if one not in (giver, membership)]
    if role.max_holders is not None and len(others) >= role.max_holders:
        raise RoleFull
    if giver is not None:
        take(role, giver)
    _answered(made)
    how = RoleWay.ROTATION if role.how is RoleWay.ROTATION else RoleWay.DECISION
    give(role, membership, group=group, how=how, own=True)
    return role


def decline_offer(made: RoleOffer, *, group: Group, actor: Actor) -> GroupRole:
    """ "No": without a reason. In a role that goes round, the next one is asked. Raises NotAMember."""
    role, membership = _asked(made, group, actor)
    if made.until_on < clock.today():
        return role
    before = made.from_id
    _answered(made)
    if role.how is RoleWay.ROTATION and before is not None and not holders_of(role):
        offer_in_turn(role, group=group, after=membership.id, last=before)
    return role


def _answered(made: RoleOffer) -> None:
    """It waits no more. The row goes with the next tidying, so that a second tap is not told "not found"."""
    made.until_on = clock.today() - timedelta(days=1)
    session.flush()


def _asked(made: RoleOffer, group: Group, actor: Actor) -> tuple[GroupRole, Membership]:
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    membership, role = membership_of(actor, group), session.get(GroupRole, made.role_id)
    if membership is None or role is None or made.membership_id != membership.id:
        raise NotAMember
    return role, membership


def offer_in_turn(role: GroupRole, *, group: Group, after: int, last: int) -> RoleOffer | None:
    """A role that goes round: ask the next member in the order of joining; None once everybody was asked.

    after: who was asked last (or held it); last: who held it, where the round ends.
    """
    query = select(Membership).where(Membership.group_id == group.id, Membership.state == MemberState.MEMBER)
    members = list(session.scalars(query.order_by(Membership.id)))
    turn = [one for one in members if one.id > after] + [one for one in members if one.id <= after]
    for receiver in turn:
        if receiver.id == last:
            return None
        made = offer_for_group(role, receiver, group=group)
        made.from_id = last if session.get(Membership, last) else None
        return made
    return None


def term_over(holder: RoleHolder, *, group: Group) -> bool:
    """A term ends today; returns whether it goes on for another.

    Trust given anew since the reminder is trust for the next term; older trust ends with this one. A role
    that goes round is offered to the next member.
    """
    role, membership = session.get(GroupRole, holder.role_id), session.get(Membership, holder.membership_id)
    if role is None or membership is None:
        return False
    renewed = select(func.count()).where(
        Trust.role_id == role.id, Trust.receiver_id == membership.id, Trust.is_against.is_(False)
    )
    fresh = renewed.where(Trust.on >= (holder.reminded_on or holder.until_on))
    enough = (session.scalar(fresh) or 0) >= trust_needed(group)
    if enough and holder.how is RoleWay.TRUST and membership.state is MemberState.MEMBER:
        give(role, membership, group=group, how=RoleWay.TRUST, own=True)
        return True
    take(role, membership)
    tell(group, "role_term_over", who="system", role=role.key)
    if role.how is RoleWay.ROTATION:
        offer_in_turn(role, group=group, after=membership.id, last=membership.id)
    notice_empty_roles(group)
    return False
