"""Counters: where paper ballots are handed out, by whom, how many. Nobody learns to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.rounds.models import PaperBatch, PaperSheet, Round, RoundState


@dataclass(frozen=True)
class Counter:
    """A counter together with its round."""

    batch: PaperBatch
    vote: Round

    @property
    def is_confirmed(self) -> bool:
        """Whether two people are there now."""
        until = self.batch.confirmed_until
        return self.batch.closed_at is None and until is not None and until > clock.now()

    def may_be_closed_by(self, account_id: int | None) -> bool:
        """Its two people; once voting is over, everybody who works at counters."""
        its_people = {self.batch.opened_by_id, self.batch.witness_id}
        return self.vote.is_over or account_id in its_people


@dataclass(frozen=True)
class SheetAt:
    """A sheet in the urn of a counter."""

    counter: Counter
    sheet: PaperSheet

    @property
    def vote(self) -> Round:
        """The round it belongs to."""
        return self.counter.vote


def counter_by_public_id(public_id: str) -> Counter | None:
    """One counter by its public id."""
    query = select(PaperBatch, Round).join(Round, Round.id == PaperBatch.round_id)
    row = session.execute(query.where(PaperBatch.public_id == public_id)).one_or_none()
    return Counter(row[0], row[1]) if row else None


def counters(votes: Sequence[Round]) -> list[tuple[Round, list[Counter]]]:
    """Rounds with their counters by number, in one question."""
    here: dict[int, list[Counter]] = {vote.id: [] for vote in votes}
    known = {vote.id: vote for vote in votes}
    query = select(PaperBatch).where(PaperBatch.round_id.in_(here)).order_by(PaperBatch.number)
    for row in session.scalars(query):
        here[row.round_id].append(Counter(row, known[row.round_id]))
    return [(vote, here[vote.id]) for vote in votes]


def rounds_with_paper() -> list[Round]:
    """Rounds that are open, or whose sheets are being typed; the one that ends first comes first."""
    query = select(Round).where(Round.state.in_((RoundState.OPEN, RoundState.CLOSING)))
    return list(session.scalars(query.order_by(Round.closes_at, Round.id)))
