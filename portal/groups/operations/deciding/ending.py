"""What becomes of decisions when their group ends."""

from __future__ import annotations

from sqlalchemy import or_, select

from portal.core import clock
from portal.core.db import session
from portal.core.i18n import gettext as _
from portal.core.i18n import use_language
from portal.groups.models import DecisionState, Group, GroupDecision
from portal.groups.operations.telling import tell


def stop_with_the_group(group: Group) -> int:
    """The group has ended: what it was still deciding is stopped with it; returns how much.

    Where the time was over already, what came out is still counted.
    """
    running = (GroupDecision.state == DecisionState.OPEN) & (GroupDecision.closes_at > clock.now())
    waiting = GroupDecision.state.in_((DecisionState.COLLECTING, DecisionState.INTEGRATING))
    query = select(GroupDecision).where(GroupDecision.group_id == group.id, or_(running, waiting))
    decisions = list(session.scalars(query.with_for_update()))
    with use_language(group.language):
        reason = _("The group has ended.")
    for decision in decisions:
        decision.state, decision.cancel_reason = DecisionState.CANCELLED, reason
        tell(group, "decision_cancelled", who="system", decision=decision.public_id)
    return len(decisions)
