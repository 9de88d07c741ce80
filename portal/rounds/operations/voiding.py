"""Declaring a round void: one person asks with a reason, another confirms. Then it is void for ever."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.core import audit, clock
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_text
from portal.proposals.models import Stage
from portal.proposals.operations import move_stage
from portal.rounds.errors import NobodyAsked, ReasonMissing, RoundNotOpen, SamePerson
from portal.rounds.events import RoundVoided
from portal.rounds.models import REASON_LENGTH, Round, RoundState, RoundVoiding
from portal.rounds.operations import keys
from portal.rounds.operations.logbook import append
from portal.rounds.permissions import STATES
from portal.rounds.queries.options import options_of, proposals_of
from portal.rounds.queries.voiding import waiting_voiding


def ask_void(vote: Round, *, actor: Actor, reason: str) -> RoundVoiding:
    """Ask for it; a second wish while one waits is the same wish. Raises ReasonMissing, RoundNotOpen."""
    ensure(actor, "rounds.void", vote)
    if vote.is_draft or vote.is_void:
        raise RoundNotOpen
    words = clean_text(reason)[:REASON_LENGTH]
    if not words:
        raise ReasonMissing
    waiting = waiting_voiding(vote)
    if waiting is not None:
        return waiting
    voiding = RoundVoiding(round_id=vote.id, asked_by_id=actor.account_id, reason=words, asked_at=clock.now())
    session.add(voiding)
    session.flush()
    audit.record("rounds.void_asked", actor=actor, subject=("round", vote.id))
    return voiding


def take_back_void(vote: Round, *, actor: Actor) -> bool:
    """Whoever moderates it may end the wish; False when none waits."""
    ensure(actor, "rounds.void", vote)
    waiting = waiting_voiding(vote)
    if waiting is None:
        return False
    waiting.taken_back_at = clock.now()
    audit.record("rounds.void_taken_back", actor=actor, subject=("round", vote.id))
    return True


def confirm_void(vote: Round, *, actor: Actor) -> bool:
    """The second person says yes: no ballot counts any more, the key is destroyed, proposals are free again.

    False when it is void already (a double click). Raises NobodyAsked, SamePerson. Log entry: "void" with the
    reason; it names nobody.
    """
    ensure(actor, "rounds.void", vote)
    session.execute(select(Round.id).where(Round.id == vote.id).with_for_update())
    session.refresh(vote)
    if vote.is_void:
        return False
    waiting = waiting_voiding(vote)
    if waiting is None:
        raise NobodyAsked
    if waiting.asked_by_id == actor.account_id:
        raise SamePerson
    STATES.check(actor, vote, vote.state, RoundState.VOID)
    now = clock.now()
    waiting.confirmed_by_id, waiting.confirmed_at = actor.account_id, now
    values = {"state": RoundState.VOID, "voided_at": now, "void_reason": waiting.reason}
    session.execute(update(Round).where(Round.id == vote.id).values(**values))
    session.refresh(vote)
    append(vote, "void", {"reason": waiting.reason, "staff": 2})
    if keys.destroy_key(vote):
        append(vote, "key_destroyed", {})
    _free_proposals(vote)
    audit.record("rounds.voided", actor=actor, subject=("round", vote.id))
    emit(RoundVoided(vote.id, waiting.reason))
    return True


def _free_proposals(vote: Round) -> None:
    """Back to "examined": the authors may edit again, another round may take them."""
    for proposal in proposals_of(options_of(vote)).values():
        if proposal.stage is Stage.IN_ROUND and proposal.is_open:
            move_stage(proposal, Stage.EXAMINED, actor=SYSTEM)
