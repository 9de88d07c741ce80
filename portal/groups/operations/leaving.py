"""Leaving is always possible, at once, without a reason; the group goes on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.groups.errors.peace import (
    BarredUntil,
)
from portal.groups.events import MemberGone
from portal.groups.models import (
    ClaimState,
    Group,
    InviteCode,
    Membership,
    MemberState,
    PairAct,
    RoleClaim,
    RoleHolder,
    RoleOffer,
    TaskDoer,
)
from portal.groups.operations.board import take_out_texts
from portal.groups.operations.deciding.closing import drop_leaver
from portal.groups.operations.files import remove_files_of
from portal.groups.operations.joining import fill_places
from portal.groups.operations.membership import wipe
from portal.groups.operations.peace.reviewing import drop_from_reviews
from portal.groups.operations.roles import notice_empty_roles
from portal.groups.operations.telling import tell
from portal.groups.operations.turns import all_at_once, one_at_a_time
from portal.groups.permissions import forget_standing, membership_of, ref_of
from portal.groups.queries import active_count

# A group nobody belongs to any more is archived after this time.
EMPTY_LASTS = timedelta(days=30)


def leave(group: Group, *, actor: Actor, take_texts: bool = False) -> None:
    """The actor is out, now. Their roles end, their codes are void, their trust in others stays.

    `take_texts`: what they wrote and sent disappears; else it stays under the name they had. The last person
    who held a required role leaves the group without a leader, not without a future.
    """
    ensure(actor, "groups.leave", group)
    one_at_a_time(group)
    membership = membership_of(actor, group)
    if membership is not None:
        if take_texts:
            take_out_everything(membership)
        end_membership(group, membership, MemberState.LEFT)
        tell(group, "left")


def end_membership(group: Group, membership: Membership, state: MemberState) -> None:
    """What leaving, being removed and erasing an account have in common."""
    one_at_a_time(group)
    session.execute(delete(RoleHolder).where(RoleHolder.membership_id == membership.id))
    session.execute(delete(TaskDoer).where(TaskDoer.membership_id == membership.id))
    drop_leaver(membership.ref, group)
    drop_from_reviews(membership)
    session.execute(
        update(InviteCode)
        .where(InviteCode.made_by_id == membership.id, InviteCode.revoked_on.is_(None))
        .values(revoked_on=clock.today())
    )
    # What was offered to them is void; what they offered to a successor still stands.
    session.execute(delete(RoleOffer).where(RoleOffer.membership_id == membership.id))
    session.execute(
        update(RoleClaim)
        .where(RoleClaim.membership_id == membership.id, RoleClaim.state == ClaimState.OPEN)
        .values(state=ClaimState.WITHDRAWN)
    )
    session.execute(
        delete(PairAct).where(PairAct.started_by_id == membership.id, PairAct.confirmed_by_id.is_(None))
    )
    wipe(membership, state)
    session.flush()
    forget_standing(group)
    fill_places(group)
    notice_empty_roles(group)
    if active_count(group) == 0:
        group.purge_on = clock.today() + EMPTY_LASTS
    emit(MemberGone(group.id, membership.id))


def take_out_everything(membership: Membership) -> None:
    """What the member wrote on the board and the files they sent are gone."""
    take_out_texts(membership)
    remove_files_of(membership)


def pause(group: Group, *, actor: Actor, days: int) -> None:
    """The actor pauses: no notices, no roles counted; at most a year. They stay a member."""
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    membership = membership_of(actor, group)
    if membership is not None:
        membership.state = MemberState.PAUSED
        membership.paused_until = clock.today() + timedelta(days=max(1, min(days, 365)))
        session.flush()
        notice_empty_roles(group)


def come_back(group: Group, *, actor: Actor) -> None:
    """The pause is over. Raises BarredUntil where the group decided on it."""
    one_at_a_time(group)
    ensure(actor, "groups.leave", group)
    membership = membership_of(actor, group)
    if membership is not None and membership.state is MemberState.PAUSED:
        if membership.barred_until is not None and clock.today() < membership.barred_until:
            raise BarredUntil
        membership.state, membership.paused_until = MemberState.MEMBER, None
        session.flush()
        notice_empty_roles(group)


def forget_account(account_id: int) -> None:
    """An account is erased: it leaves everywhere, discreet groups among them."""
    group_ids = session.scalars(select(Group.id)).all()
    refs = [ref_of(account_id, group_id) for group_id in group_ids]
    query = select(Membership).where(Membership.ref.in_(refs))
    groups = {one.id: one for one in all_at_once(one.group_id for one in session.scalars(query))}
    for membership in session.scalars(query).all():
        group = groups.get(membership.group_id)
        if group is None:
            continue
        take_out_everything(membership)
        if membership.state in (MemberState.MEMBER, MemberState.PAUSED):
            end_membership(group, membership, MemberState.LEFT)
        session.delete(membership)
        forget_standing(group)
