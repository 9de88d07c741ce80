"""Leaving with a successor: whoever held a role may name somebody, who says yes or no afterwards."""

from __future__ import annotations

from portal.core.actors import Actor
from portal.core.permissions import ensure
from portal.groups.models import Group, Membership, MemberState
from portal.groups.operations.leaving import leave
from portal.groups.operations.offers import offer_for_group
from portal.groups.permissions import membership_of
from portal.groups.queries.shared_out import own_roles


def leave_with_successor(
    group: Group, *, actor: Actor, successor: Membership | None = None, take_texts: bool = False
) -> int:
    """The actor is out at once; the successor is asked to take on what they held. Returns how many roles.

    Leaving never waits for the answer, and never fails because of it: a successor who is no member (any more)
    is not asked. Until somebody says yes two members together do what the role could.
    """
    ensure(actor, "groups.leave", group)
    own = membership_of(actor, group)
    held = [role for role, _until in own_roles(own)] if own is not None else []
    leave(group, actor=actor, take_texts=take_texts)
    if successor is None or successor.state is not MemberState.MEMBER or successor is own:
        return 0
    for role in held:
        offer_for_group(role, successor, group=group)
    return len(held)
