"""Who agrees on accompaniment. The object of groups.accompany and answer_as_companion is the agreement."""

from __future__ import annotations

from typing import Any

from portal.core.actors import Actor, StaffRole
from portal.core.permissions import declare, has_role, not_suspended, predicate, resident
from portal.groups.models import Group, Right
from portal.groups.permissions import (
    gathers,
    is_living,
    is_member,
    is_shown,
    may,
    takes_part,
)
from portal.groups.permissions.accompanying import companion_ref, ended_today, looks_back, stands_by


@predicate
def is_companion(actor: Actor, accompaniment: Any) -> bool:
    """It is their agreement."""
    return stands_by(actor, accompaniment)


@predicate
def is_main_companion(actor: Actor, accompaniment: Any) -> bool:
    """Has it in their own name; who stands in neither signs nor ends it."""
    if actor.account_id is None or not stands_by(actor, accompaniment):
        return False
    return bool(accompaniment.ref == companion_ref(actor.account_id, accompaniment.group_id))


@predicate
def was_companion(actor: Actor, accompaniment: Any) -> bool:
    """It is their agreement, or was until lately."""
    return looks_back(actor, accompaniment)


@predicate
def has_just_ended(actor: Actor, accompaniment: Any) -> bool:
    """It ended today, and pressing once more tells them nothing new."""
    return ended_today(actor, accompaniment)


@predicate
def has_no_leader(actor: Actor, group: Group) -> bool:
    """Nobody holds a role the group needs: two members act together."""
    return group.leaderless_since is not None


_acts = takes_part & is_living & not_suspended

declare("groups.see_accompaniment", is_member)
declare("groups.plan_accompaniment", _acts)
declare("groups.sign_accompaniment", _acts & (may(Right.ASSIGN_ROLES) | has_no_leader))
declare("groups.accompany", is_companion)
declare("groups.answer_as_companion", is_main_companion)
declare("groups.look_back", was_companion)
# Whoever presses a button of it: in force it does something, just over it is said so.
declare("groups.press_as_companion", was_companion | has_just_ended)
declare("groups.open_companion_code", (resident | has_role(StaffRole.PROFESSIONAL)) & not_suspended)
declare(
    "groups.offer_accompaniment",
    has_role(StaffRole.PROFESSIONAL) & not_suspended & is_living & (gathers | is_shown) & ~is_member,
)
