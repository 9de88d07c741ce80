"""How a group shares its work: roles renamed, added, dropped; what every member may do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors import NobodyCould, RoleNameMissing
from portal.groups.models import LABEL_LENGTH, Group, GroupRole, Right, RoleWay
from portal.groups.operations.peace.frozen import ensure_not_frozen
from portal.groups.operations.roles import notice_empty_roles
from portal.groups.operations.telling import tell
from portal.groups.operations.turns import one_at_a_time
from portal.groups.permissions import forget_standing

LONGEST_TERM, MOST_HOLDERS = 36, 50


@dataclass(frozen=True)
class RoleWish:
    """A role as the form hands it over. `max_holders`: None for as many as want."""

    label: str
    rights: tuple[Right, ...] = ()
    how: RoleWay = RoleWay.TRUST
    term_months: int = 12
    max_holders: int | None = None
    is_required: bool = False


def save_role(role: GroupRole | None, wish: RoleWish, *, group: Group, actor: Actor) -> GroupRole:
    """Write a new role, or change this one; holders stay until their day.

    Raises RoleNameMissing, NobodyCould when nobody could share out roles any more.
    """
    one_at_a_time(group)
    ensure(actor, "groups.assign_roles", group)
    ensure_not_frozen(group)
    label = clean_line(wish.label)
    if not label or len(label) > LABEL_LENGTH:
        raise RoleNameMissing
    door = wish.is_required and Right.ASSIGN_ROLES in wish.rights
    _check_open_door(group, besides=role, door=door)
    is_new = role is None
    if role is None:
        role = GroupRole(group_id=group.id)
        session.add(role)
    role.label, role.how, role.is_required = label, wish.how, wish.is_required
    role.rights = [str(right) for right in wish.rights]
    role.term_months = max(1, min(wish.term_months, LONGEST_TERM))
    most = wish.max_holders
    role.max_holders = None if most is None else max(1, min(most, MOST_HOLDERS))
    session.flush()
    tell(group, "role_made" if is_new else "role_changed", role=role.key)
    notice_empty_roles(group)
    return role


def drop_role(role: GroupRole, *, group: Group, actor: Actor) -> None:
    """The role is no more; who held it is a member like all. Raises NobodyCould."""
    one_at_a_time(group)
    ensure(actor, "groups.assign_roles", group)
    ensure_not_frozen(group)
    _check_open_door(group, besides=role)
    session.delete(role)
    session.flush()
    tell(group, "role_dropped")
    notice_empty_roles(group)


def set_member_rights(group: Group, *, actor: Actor, rights: list[Right]) -> None:
    """What every member may do without a role. Raises NobodyCould."""
    one_at_a_time(group)
    ensure(actor, "groups.assign_roles", group)
    ensure_not_frozen(group)
    _check_open_door(group, by_all=Right.ASSIGN_ROLES in rights)
    group.member_rights = [str(right) for right in Right if right in rights]
    forget_standing(group)
    tell(group, "common_rights_changed")


def _check_open_door(
    group: Group, *, besides: GroupRole | None = None, door: bool = False, by_all: bool | None = None
) -> None:
    """Someone must always be able to share out roles: all members, or a role the group cannot do without.

    Asked before anything is written. besides: the role that changes; door: whether it will be such a role.
    """
    all_may = str(Right.ASSIGN_ROLES) in group.member_rights if by_all is None else by_all
    if all_may or door:
        return
    roles = session.scalars(
        select(GroupRole).where(GroupRole.group_id == group.id, GroupRole.is_required)
    ).all()
    if not any(str(Right.ASSIGN_ROLES) in role.rights for role in roles if role is not besides):
        raise NobodyCould
