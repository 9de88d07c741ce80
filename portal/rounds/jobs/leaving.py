"""Taking ballots of erased accounts out, and forgetting who helped long ago."""

from __future__ import annotations

from typing import Any

from portal.core import jobs
from portal.core.db import session
from portal.rounds.models import Round
from portal.rounds.operations.assisting import forget_old_help
from portal.rounds.operations.casting import take_back


@jobs.handler("rounds.take_back")
def take_ballot_back(payload: dict[str, Any]) -> None:
    """While voting runs. Afterwards the result stays what it is (nobody could find the ballot anyway)."""
    vote = session.get(Round, payload["round_id"])
    if vote is not None and vote.is_running:
        take_back(vote, payload["entry_id"])


@jobs.periodic("rounds.forget_help", every_minutes=24 * 60)
def forget_help() -> None:
    """Who helped on a tablet is kept for ninety days."""
    forget_old_help()
