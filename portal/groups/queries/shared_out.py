"""How a group has shared out its work: roles, holders, offers, claims, trust; what two do together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import session
from portal.groups.models import (
    CODE_LASTS,
    ClaimState,
    Group,
    GroupRole,
    InviteCode,
    Membership,
    MemberState,
    PairAct,
    RoleClaim,
    RoleHolder,
    RoleOffer,
    Trust,
)


@dataclass(frozen=True)
class Holder:
    """Who holds a role until when."""

    public_id: str
    alias: str
    until_on: date
    is_pausing: bool


@dataclass
class RoleSheet:
    """A role with everything that stands around it."""

    role: GroupRole
    holders: list[Holder] = field(default_factory=list)
    claims: list[tuple[RoleClaim, str]] = field(default_factory=list)
    offered: int = 0


def role_of(group: Group, key: str) -> GroupRole | None:
    """A role of this group by its key."""
    return session.scalar(select(GroupRole).where(GroupRole.group_id == group.id, GroupRole.key == key))


def offer_of(group: Group, public_id: str) -> RoleOffer | None:
    """An offer of a role of this group."""
    query = select(RoleOffer).join(GroupRole, GroupRole.id == RoleOffer.role_id)
    return session.scalar(query.where(GroupRole.group_id == group.id, RoleOffer.public_id == public_id))


def claim_of(group: Group, claim_id: str) -> RoleClaim | None:
    """A claim of a role of this group."""
    query = select(RoleClaim).join(GroupRole, GroupRole.id == RoleClaim.role_id)
    return session.scalar(query.where(GroupRole.group_id == group.id, RoleClaim.id == int(claim_id)))


def act_of(group: Group, public_id: str) -> PairAct | None:
    """What a member of this group started."""
    return session.scalar(select(PairAct).where(PairAct.group_id == group.id, PairAct.public_id == public_id))


def role_sheets(group: Group) -> list[RoleSheet]:
    """All roles in the order they were made. Four questions, however many roles and members."""
    roles = session.scalars(
        select(GroupRole).where(GroupRole.group_id == group.id).order_by(GroupRole.id)
    ).all()
    sheets = {role.id: RoleSheet(role) for role in roles}
    ids = list(sheets)
    held = (
        select(RoleHolder, Membership.public_id, Membership.alias, Membership.state)
        .join(Membership, Membership.id == RoleHolder.membership_id)
        .where(RoleHolder.role_id.in_(ids), RoleHolder.until_on > clock.today())
        .where(Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)))
        .order_by(RoleHolder.from_on, Membership.id)
    )
    for holder, public_id, alias, state in session.execute(held):
        pausing = state is MemberState.PAUSED
        sheets[holder.role_id].holders.append(Holder(public_id, alias, holder.until_on, pausing))
    claimed = (
        select(RoleClaim, Membership.alias)
        .join(Membership, Membership.id == RoleClaim.membership_id)
        .where(RoleClaim.role_id.in_(ids), RoleClaim.state == ClaimState.OPEN)
        .order_by(RoleClaim.id)
    )
    for claim, alias in session.execute(claimed):
        sheets[claim.role_id].claims.append((claim, alias))
    offered = (
        select(RoleOffer.role_id, func.count())
        .where(RoleOffer.role_id.in_(ids), RoleOffer.until_on >= clock.today())
        .group_by(RoleOffer.role_id)
    )
    for role_id, count in session.execute(offered):
        sheets[role_id].offered = count
    return list(sheets.values())


def offers_to(membership: Membership) -> list[tuple[RoleOffer, GroupRole]]:
    """Roles this member is asked to take on, with their roles."""
    query = (
        select(RoleOffer, GroupRole)
        .join(GroupRole, GroupRole.id == RoleOffer.role_id)
        .where(RoleOffer.membership_id == membership.id, RoleOffer.until_on >= clock.today())
        .order_by(RoleOffer.id)
    )
    return [(offer, role) for offer, role in session.execute(query)]


def own_roles(membership: Membership) -> list[tuple[GroupRole, date]]:
    """Roles this member holds now, with the day they end."""
    query = (
        select(GroupRole, RoleHolder.until_on)
        .join(RoleHolder, RoleHolder.role_id == GroupRole.id)
        .where(RoleHolder.membership_id == membership.id, RoleHolder.until_on > clock.today())
        .order_by(GroupRole.id)
    )
    return [(role, until) for role, until in session.execute(query)]


def own_trust(role: GroupRole, membership: Membership) -> dict[int, bool]:
    """receiver's membership id -> whether this member trusts them (False: took it back)."""
    query = select(Trust.receiver_id, Trust.is_against).where(
        Trust.role_id == role.id, Trust.giver_ref == membership.ref
    )
    return {receiver: not against for receiver, against in session.execute(query)}


def trust_counts(role: GroupRole) -> dict[int, int]:
    """receiver's membership id -> how many trust them with this role."""
    query = (
        select(Trust.receiver_id, func.count())
        .where(Trust.role_id == role.id, Trust.is_against.is_(False))
        .group_by(Trust.receiver_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def names_of(group: Group, ids: list[int]) -> dict[int, str]:
    """membership id -> the name used in the group."""
    query = select(Membership.id, Membership.alias).where(
        Membership.group_id == group.id, Membership.id.in_(ids)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def open_codes(group: Group) -> list[tuple[date, date, int]]:
    """Codes somebody can still come in with: (made on, good until, for how many people), newest first."""
    people = func.sum(InviteCode.uses_left)
    query = select(InviteCode.expires_on, people).where(
        InviteCode.group_id == group.id,
        InviteCode.revoked_on.is_(None),
        InviteCode.uses_left > 0,
        InviteCode.expires_on >= clock.today(),
    )
    rows = session.execute(query.group_by(InviteCode.expires_on).order_by(InviteCode.expires_on.desc()))
    return [(until - CODE_LASTS, until, int(many)) for until, many in rows]


def others_of(group: Group, membership: Membership) -> list[tuple[str, str]]:
    """(public id, name) of the other members who take part, for a choice. Empty in a discreet group."""
    if group.is_discreet:
        return []
    query = select(Membership.public_id, Membership.alias).where(
        Membership.group_id == group.id,
        Membership.state == MemberState.MEMBER,
        Membership.id != membership.id,
    )
    found = [(public_id, alias) for public_id, alias in session.execute(query)]
    return sorted(found, key=lambda one: one[1].casefold())
