"""Opening: the rules and options are frozen, hashed and logged; the round's key is made."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.core import audit, clock
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session
from portal.core.events import emit
from portal.proposals.models import Stage
from portal.proposals.operations import move_stage
from portal.rounds.errors import RoundChanged, RoundNotReady
from portal.rounds.events import RoundOpened
from portal.rounds.models import Round, RoundState
from portal.rounds.operations import keys
from portal.rounds.operations.logbook import append
from portal.rounds.operations.options import refresh_words, renumber
from portal.rounds.permissions import STATES
from portal.rounds.queries.opening import gaps, rules_text, sha256
from portal.rounds.queries.options import options_of, proposals_of
from portal.rounds.queries.roll import roll_at_opening


def open_round(vote: Round, *, actor: Actor, seen_sha256: str | None = None) -> bool:
    """Freeze a draft and announce it; False when it is open already (a double click).

    `seen_sha256` is the hash of the rules as the check page showed them: RoundChanged when they are others by
    now. Raises RoundNotReady while something is missing. Its proposals move to "in a vote" and are locked.
    """
    session.execute(select(Round.id).where(Round.id == vote.id).with_for_update())
    session.refresh(vote)
    if vote.state is RoundState.OPEN:
        return False
    STATES.check(actor, vote, vote.state, RoundState.OPEN)
    if gaps(vote):
        raise RoundNotReady
    renumber(vote)
    refresh_words(vote)
    rules = rules_text(vote)
    if seen_sha256 is not None and seen_sha256 != sha256(rules):
        raise RoundChanged
    _freeze(vote, rules)
    keys.create_key(vote)
    body = {
        "rules_sha256": vote.rules_sha256,
        "options": [option.code for option in options_of(vote)],
        "roll": roll_at_opening(vote),
    }
    append(vote, "opened", body)
    for proposal in proposals_of(options_of(vote)).values():
        move_stage(proposal, Stage.IN_ROUND, actor=SYSTEM)
    audit.record("rounds.opened", actor=actor, subject=("round", vote.id), rules_sha256=vote.rules_sha256)
    emit(RoundOpened(vote.id))
    return True


def _freeze(vote: Round, rules: str) -> None:
    """One conditional UPDATE: of two people who open at once, one does."""
    values = {
        "state": RoundState.OPEN,
        "rules_json": rules,
        "rules_sha256": sha256(rules),
        "opened_at": clock.now(),
        "draft_key": None,
    }
    draft = update(Round).where(Round.id == vote.id, Round.state == RoundState.DRAFT)
    if session.scalar(draft.values(**values).returning(Round.id)) is None:
        raise RoundChanged
    session.refresh(vote)
