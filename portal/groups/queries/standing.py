"""Who in a group may do something, and finding one member: by the random id, or by the name they use."""

from __future__ import annotations

from sqlalchemy import select

from portal.core import clock, crypto
from portal.core.db import session
from portal.core.names import skeleton
from portal.core.text import clean_line
from portal.groups.models import Group, GroupRole, Membership, MemberState, Right, RoleHolder


def members_with_right(group: Group, right: Right) -> list[Membership]:
    """Members who may do this now, by a role or because every member may."""
    query = select(Membership).where(Membership.group_id == group.id, Membership.state == MemberState.MEMBER)
    if str(right) not in group.member_rights:
        roles = session.scalars(select(GroupRole).where(GroupRole.group_id == group.id)).all()
        wanted = [role.id for role in roles if str(right) in role.rights]
        holds = select(RoleHolder.membership_id).where(
            RoleHolder.role_id.in_(wanted), RoleHolder.until_on > clock.today()
        )
        query = query.where(Membership.id.in_(holds))
    return list(session.scalars(query.order_by(Membership.id)))


def member_by_alias(group: Group, typed: str) -> Membership | None:
    """The member who goes by this name (or one that looks the same). For groups without a list of members."""
    shape = crypto.keyed_hash("groups.alias", f"{group.id}|{skeleton(clean_line(typed))}")
    return session.scalar(
        select(Membership).where(
            Membership.group_id == group.id,
            Membership.alias_skeleton == shape,
            Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)),
        )
    )


def answer_token(membership: Membership) -> str:
    """What stands in the link of a mail that asks whether a group goes on. Never made for discreet groups."""
    return f"{membership.public_id}.{_seal(membership)}"


def _seal(membership: Membership) -> str:
    return crypto.keyed_hash("groups.answer", membership.public_id)[:32]


def member_of_token(token: str) -> tuple[Membership, Group] | None:
    """The member of a genuine link and the group, as long as both are what they were."""
    public_id, _, seal = token.partition(".")
    membership = session.scalar(select(Membership).where(Membership.public_id == public_id))
    if membership is None or not crypto.equal(seal, _seal(membership)):
        return None
    group = session.get(Group, membership.group_id)
    belongs = membership.state in (MemberState.MEMBER, MemberState.PAUSED)
    if group is None or group.is_discreet or membership.account_id is None or not belongs:
        return None
    return membership, group


def member_by_public_id(group: Group, public_id: str) -> Membership | None:
    """One row of this group."""
    return session.scalar(
        select(Membership).where(Membership.group_id == group.id, Membership.public_id == public_id)
    )
