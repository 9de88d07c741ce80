"""Who holds a role: what a person may do in a group depends on it."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session
from portal.groups.models import Group, GroupRole, Membership, MemberState, RoleHolder
from portal.groups.permissions import ref_of


def holders_of(role: GroupRole) -> list[Membership]:
    """Members who hold the role now. A pausing member holds none, nor an account that is locked or erased."""
    now = clock.now()
    query = (
        select(Membership)
        .join(RoleHolder, RoleHolder.membership_id == Membership.id)
        .outerjoin(Account, Account.id == Membership.account_id)
        .where(RoleHolder.role_id == role.id, RoleHolder.until_on > clock.today())
        .where(Membership.state == MemberState.MEMBER)
        .where(Account.suspended_until.is_(None) | (Account.suspended_until <= now))
        .where(Account.deleted_at.is_(None))
        .order_by(RoleHolder.from_on, Membership.id)
    )
    found = list(session.scalars(query))
    # Where the row names no account, only the reference of whoever is locked today tells who it is.
    if any(one.account_id is None for one in found):
        locked = locked_refs(role.group_id)
        found = [one for one in found if one.ref not in locked]
    return found


def locked_refs(group_id: int) -> set[str]:
    """References this group would know accounts by that may only read today; there are few of them."""
    locked = session.scalars(select(Account.id).where(Account.suspended_until > clock.now()))
    return {ref_of(one, group_id) for one in locked}


def starting_role(group: Group) -> GroupRole | None:
    """The role that begins decisions, where the group decided so."""
    query = select(GroupRole).where(GroupRole.group_id == group.id, GroupRole.starts_decisions)
    return session.scalar(query)
