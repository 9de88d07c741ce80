"""Search finds a round from the moment it is frozen."""

from __future__ import annotations

from portal.core import search
from portal.core.db import session
from portal.core.events import subscribe
from portal.rounds.events import RoundOpened
from portal.rounds.models import Round
from portal.rounds.operations.indexing import KIND, documents, let_round_be_found

search.register_provider(KIND, documents)


@subscribe(RoundOpened)
def find_opened(event: RoundOpened) -> None:
    """Its title is public now."""
    let_round_be_found(session.get_one(Round, event.round_id))
