"""The answer clock seen from inside: who is reminded, and when it is passed on.

Pages read the dates themselves at the moment of the request; nothing here makes a date true.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.core import audit, clock
from portal.core.actors import SYSTEM
from portal.core.db import session
from portal.core.events import emit
from portal.core.site_settings import site
from portal.proposals.events import AnswerDueSoon, AnswerOverdue
from portal.proposals.models import Proposal


def remind_of_answers() -> None:
    """Tell staff of answers that are due soon or overdue. Notices are deduplicated: running twice is safe."""
    today = clock.today()
    soon = today + timedelta(days=site("proposals.remind_days"))
    due = (
        select(Proposal)
        .where(Proposal.answer_due_on <= soon, Proposal.answered_at.is_(None), Proposal.listed)
        .order_by(Proposal.answer_due_on, Proposal.id)
    )
    for proposal in session.scalars(due).all():
        assert proposal.answer_due_on is not None
        days = (today - proposal.answer_due_on).days
        if days <= 0:
            emit(AnswerDueSoon(proposal.id, -days))
        else:
            _overdue(proposal, days)


def _overdue(proposal: Proposal, days: int) -> None:
    if proposal.escalated_at is None and days >= site("proposals.escalate_days"):
        proposal.escalated_at = clock.now()
        assert proposal.answer_due_on is not None
        audit.record(
            "proposals.answer_overdue",
            actor=SYSTEM,
            subject=("proposal", proposal.id),
            answer_due_on=proposal.answer_due_on.isoformat(),
        )
        session.flush()
    emit(AnswerOverdue(proposal.id, days))
