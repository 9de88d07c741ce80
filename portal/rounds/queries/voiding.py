"""The wish to declare a round void, while it waits for the second person."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import session
from portal.rounds.models import Round, RoundVoiding


def waiting_voiding(vote: Round) -> RoundVoiding | None:
    """The wish that waits, or None."""
    query = select(RoundVoiding).where(
        RoundVoiding.round_id == vote.id,
        RoundVoiding.taken_back_at.is_(None),
        RoundVoiding.confirmed_at.is_(None),
    )
    return session.scalar(query)
