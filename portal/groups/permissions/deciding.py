"""Who may do what with a decision; the object is always the decision."""

from __future__ import annotations

from typing import Any

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import Predicate, declare, not_suspended, predicate
from portal.groups.models import DecisionState, Group, Target
from portal.groups.permissions import (
    facilitates,
    is_living,
    is_member,
    is_open,
    is_shown,
    may_still_decide,
    membership_of,
    takes_part,
)
from portal.groups.permissions.holding import holders_of, starting_role
from portal.groups.permissions.inside import is_new_enough


@predicate
def sees_decision(actor: Actor, decision: Any) -> bool:
    """A draft is its writer's and the facilitators'; others are seen like what is inside the group.

    What is decided about somebody's membership stays among the members, in an open group, too.
    """
    group = session.get(Group, decision.group_id)
    if group is None:
        return False
    if decision.state is DecisionState.DRAFT:
        return facilitates(actor, decision)
    if is_member(actor, group):
        return True
    if decision.target is Target.REVIEW or not is_new_enough(actor, decision):
        return False
    return is_open(actor, group) and is_shown(actor, group)


@predicate
def is_in_its_group(actor: Actor, decision: Any) -> bool:
    """Takes part in the group that decides."""
    group = session.get(Group, decision.group_id)
    return group is not None and decision.state is not DecisionState.DRAFT and takes_part(actor, group)


@predicate
def has_living_group(actor: Actor, decision: Any) -> bool:
    """The group that decides is alive, or this is about its end."""
    return may_still_decide(actor, decision)


@predicate
def begins_decisions(actor: Actor, group: Any) -> bool:
    """Everybody, unless the group left it to a role: then whoever holds it, as long as anybody does."""
    role = starting_role(group)
    holders = [one.id for one in holders_of(role)] if role else []
    membership = membership_of(actor, group)
    return not holders or (membership is not None and membership.id in holders)


ADD = "groups.add_to_decision"
# On the pages the object is the decision; whether the actor is in its electorate is said in words.
declare("groups.see_decision", sees_decision, visitors=True)
drew_lots = Predicate(
    lambda actor, decision: decision.lot_secret is not None and decision.state is DecisionState.CLOSED,
    "drew lots",
)
# Buttons of members and of those who lead: each asks for its own permission, too.
declare("groups.take_step", (is_in_its_group & has_living_group) | facilitates)
declare("groups.see_lots", sees_decision & drew_lots, visitors=True)
declare("groups.answer", is_in_its_group & has_living_group & not_suspended)
declare("groups.start_decision", takes_part & is_living & not_suspended & begins_decisions)
declare(ADD, is_in_its_group & has_living_group & not_suspended)
