"""What people answered is forgotten two years after a decision has ended; what came out stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.core.db import session
from portal.groups.models import DecisionState, Elector, GroupDecision, SecretReason

ANSWERS_KEPT = timedelta(days=730)
_ENDED = (DecisionState.CLOSED, DecisionState.CANCELLED)


def forget_answers(now: datetime) -> int:
    """Who was asked goes, and with them answers, reasons, objections and words for a draw; returns how many.

    The result, its sentence and its numbers stand with the decision, as long as the group.
    """
    old = select(GroupDecision.id).where(
        GroupDecision.state.in_(_ENDED), GroupDecision.closes_at < now - ANSWERS_KEPT
    )
    session.execute(delete(SecretReason).where(SecretReason.decision_id.in_(old)))
    gone = session.execute(delete(Elector).where(Elector.decision_id.in_(old)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
