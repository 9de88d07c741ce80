"""After a result: every proposal of the round gets its answer with the reason, in one batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.errors import DomainError
from portal.core.permissions import ensure
from portal.proposals.models import Decision, Proposal, Stage
from portal.proposals.operations import (
    Batch,
    Words,
    change_answer,
    prepare_answer,
    publish_answer,
    state_of,
)
from portal.proposals.queries import answer_of
from portal.rounds.models import Round
from portal.rounds.queries.resulting import Found, OptionResult

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Waiting:
    """A proposal of the round that has no answer from it yet, with its result."""

    proposal: Proposal
    option: OptionResult

    @property
    def decision(self) -> Decision:
        """Elected is accepted."""
        return Decision.ACCEPTED if self.option.is_winner else Decision.DECLINED


def waiting_answers(found: Found) -> list[Waiting]:
    """The proposals that still stand in the vote, in the order of the result; at most a hundred at once."""
    by_proposal = {one.option.proposal_id: one for one in found.options if one.option.proposal_id}
    query = select(Proposal).where(Proposal.id.in_(list(by_proposal)), Proposal.stage == Stage.IN_ROUND)
    stored = {one.id: one for one in session.scalars(query)}
    waiting = [Waiting(stored[i], option) for i, option in by_proposal.items() if i in stored]
    return waiting[:MOST_AT_ONCE]


def publish_answers(
    vote: Round, waiting: Sequence[Waiting], words: Callable[[Waiting], tuple[str, str]], *, actor: Actor
) -> Batch:
    """Say yes or no to all of them, each with its own reason; authors and followers are told once.

    `words` gives the text and its language for one of them. One that cannot be answered (any more) does not
    stop the others.
    """
    ensure(actor, "rounds.answer_result", vote)
    batch = Batch([], [])
    for one in waiting:
        try:
            with session.begin_nested():
                _answer(one, *words(one), actor=actor)
            batch.published.append(one.proposal)
        except DomainError as error:
            batch.refused.append((one.proposal, error))
    return batch


def _answer(one: Waiting, text: str, language: str, *, actor: Actor) -> None:
    known = answer_of(one.proposal)
    said = Words(one.decision, text, language, state_of(known))
    if known is not None and known.is_published:
        change_answer(one.proposal, said, actor=actor)
        return
    prepare_answer(one.proposal, said, actor=actor)
    publish_answer(one.proposal, actor=actor)
