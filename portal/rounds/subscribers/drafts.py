"""When voting ends, the drafts of ballots go with it: nobody can cast them any more."""

from __future__ import annotations

from portal.core.events import subscribe
from portal.rounds.events import RoundClosed, RoundVoided
from portal.rounds.operations.drafts import forget_round


@subscribe(RoundClosed)
def forget_after_closing(event: RoundClosed) -> None:
    """Voting is over."""
    forget_round(event.round_id)


@subscribe(RoundVoided)
def forget_after_voiding(event: RoundVoided) -> None:
    """Nothing counts any more."""
    forget_round(event.round_id)
