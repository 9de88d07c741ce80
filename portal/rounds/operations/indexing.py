"""What search knows of rounds: the titles of those that are public. A draft is never among them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.core import search
from portal.core.db import session
from portal.core.search import Document
from portal.rounds.models import Round, RoundState

KIND = "round"


def let_round_be_found(vote: Round) -> None:
    """Put a public round into search; it is frozen, so its words stay. A draft is left out."""
    if not vote.is_draft:
        search.put(KIND, vote.id, vote.language, vote.title, "", weight_date=vote.opens_at)


def documents(after_id: int, limit: int) -> Sequence[Document]:
    """The next public rounds, for making the index anew."""
    columns = (Round.id, Round.language, Round.title, Round.opens_at)
    query = select(*columns).where(Round.state != RoundState.DRAFT, Round.id > after_id)
    rows = session.execute(query.order_by(Round.id).limit(limit))
    return [Document(row.id, row.language, row.title, "", row.opens_at) for row in rows]
