"""Rows of membership: making one, ending one, and what an alias may be."""

from __future__ import annotations

from sqlalchemy import select

from portal.core import clock, crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.names import skeleton
from portal.core.text import clean_line
from portal.groups.errors import AliasMissing, AliasTaken, TooLong
from portal.groups.models import ALIAS_LENGTH, Group, GroupState, Membership, MemberState
from portal.groups.operations.telling import sign_of_life
from portal.groups.permissions import forget_standing, membership_of, ref_of


def checked_alias(group: Group, alias: str, *, own: Membership | None = None) -> tuple[str, str]:
    """The alias cleaned and the keyed hash of its shape. Raises AliasMissing, TooLong, AliasTaken.

    The shape is hashed, since it would tell the alias otherwise.
    """
    cleaned = clean_line(alias)
    if not cleaned:
        raise AliasMissing
    if len(cleaned) > ALIAS_LENGTH:
        raise TooLong(field="alias")
    shape = crypto.keyed_hash("groups.alias", f"{group.id}|{skeleton(cleaned)}")
    query = select(Membership.id).where(Membership.group_id == group.id, Membership.alias_skeleton == shape)
    taken = session.scalar(query)
    if taken is not None and (own is None or taken != own.id):
        raise AliasTaken
    return cleaned, shape


def row_for(group: Group, actor: Actor, state: MemberState) -> Membership:
    """The actor's row in this group, made if there is none, in this state. Flushed."""
    membership = membership_of(actor, group)
    if membership is None:
        assert actor.account_id is not None, "only people with an account stand to a group"
        membership = Membership(
            group_id=group.id,
            is_discreet=group.is_discreet,
            ref=ref_of(actor.account_id, group.id),
            account_id=None if group.is_discreet else actor.account_id,
            state=MemberState.INTERESTED,
        )
        session.add(membership)
    membership.state = state
    return membership


def make_member(
    group: Group, actor: Actor, *, alias: str, invited_by: Membership | None = None
) -> Membership:
    """The actor is a member from now on, under this alias."""
    known = membership_of(actor, group)
    cleaned, shape = checked_alias(group, alias, own=known)
    membership = row_for(group, actor, MemberState.INTERESTED)
    membership.alias, membership.alias_skeleton = cleaned, shape
    membership.invited_by_id = invited_by.id if invited_by else None
    admit(membership)
    if group.state is GroupState.FOUNDING:
        sign_of_life(group)
    session.flush()
    forget_standing(group)
    return membership


def admit(membership: Membership) -> None:
    """From now on a member; what was asked before is forgotten."""
    membership.waited = membership.state in (MemberState.REQUESTED, MemberState.WAITING)
    membership.state = MemberState.MEMBER
    membership.member_since = clock.today()
    membership.answers = membership.asked_on = membership.reminded_on = None
    membership.decided_on = clock.today()


def wipe(membership: Membership, state: MemberState) -> None:
    """The row of somebody who is gone keeps what a repeat must know: reference, state, day."""
    membership.state = state
    membership.alias, membership.alias_skeleton = "", None
    membership.answers = membership.reach = membership.member_since = membership.paused_until = None
    membership.asked_on = membership.reminded_on = None
    membership.charter_version, membership.shown_publicly = 0, False
    membership.quiet = membership.waited = False
    membership.decided_on = clock.today()
