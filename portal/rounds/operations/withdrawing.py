"""An option becomes impossible while people vote. Ballots stay as they are; everybody is told."""

from __future__ import annotations

from portal.core import audit, clock
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_text
from portal.proposals.models import Stage
from portal.proposals.operations import move_stage
from portal.rounds.errors import AlreadyWithdrawn, ReasonMissing, RoundNotOpen, UnknownOption
from portal.rounds.events import OptionWithdrawn
from portal.rounds.models import REASON_LENGTH, Round, RoundOption, RoundState
from portal.rounds.operations.logbook import append
from portal.rounds.queries.options import option_of, proposals_of


def withdraw_option(vote: Round, code: str, *, actor: Actor, reason: str) -> RoundOption:
    """Take an option out of an open round, with a public reason. It cannot come back.

    No ballot is touched: points and choices given to it stay where they are and count for nobody; nothing is
    given to another option. Whoever chose it may change the ballot until the end. Raises UnknownOption,
    AlreadyWithdrawn, ReasonMissing, RoundNotOpen (after the end nothing changes any more).
    """
    ensure(actor, "rounds.withdraw_option", vote)
    if vote.state is not RoundState.OPEN or vote.is_over:
        raise RoundNotOpen
    words = clean_text(reason)[:REASON_LENGTH]
    if not words:
        raise ReasonMissing
    option = option_of(vote, code)
    if option is None:
        raise UnknownOption
    if option.is_withdrawn:
        raise AlreadyWithdrawn
    option.withdrawn_at, option.withdrawn_reason = clock.now(), words
    session.flush()
    append(vote, "option_withdrawn", {"option": option.code, "reason": words})
    _free_proposal(option)
    audit.record("rounds.option_withdrawn", actor=actor, subject=("round", vote.id), code=option.code)
    emit(OptionWithdrawn(vote.id, option.id))
    return option


def _free_proposal(option: RoundOption) -> None:
    """Back to "examined", where the town owes it an answer."""
    for proposal in proposals_of([option]).values():
        if proposal.stage is Stage.IN_ROUND and proposal.is_open:
            move_stage(proposal, Stage.EXAMINED, actor=SYSTEM)
