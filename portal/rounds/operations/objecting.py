"""Objections to a result: said in public, answered in public, never taken out of the log."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import update

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.core.site_settings import site
from portal.core.text import clean_text
from portal.rounds.errors import AnswerMissing, ObjectionsOver, ObjectionWithoutWords
from portal.rounds.models import TEXT_LENGTH, ObjectionState, ResultObjection, Round
from portal.rounds.operations.logbook import append


def object_to_result(vote: Round, words: str, *, actor: Actor, language: str) -> ResultObjection:
    """Say what seems wrong. The words are public; the log holds their hash. Raises ObjectionsOver."""
    ensure(actor, "rounds.object", vote)
    if not is_window_open(vote):
        raise ObjectionsOver
    text = clean_text(words)[:TEXT_LENGTH]
    if not text:
        raise ObjectionWithoutWords
    made = ResultObjection(
        public_id=new_id(),
        round_id=vote.id,
        author_id=actor.account_id,
        language=language,
        words=text,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    append(vote, "objection", {"id": made.public_id, "sha256": _hash(text)})
    audit.record("rounds.objected", actor=actor, subject=("round", vote.id))
    return made


def answer(vote: Round, objection: ResultObjection, words: str, *, actor: Actor) -> bool:
    """Answer in public; False when somebody did already. Raises AnswerMissing."""
    ensure(actor, "rounds.answer_objection", vote)
    if objection.state is ObjectionState.ANSWERED:
        return False
    text = clean_text(words)[:TEXT_LENGTH]
    if not text:
        raise AnswerMissing
    objection.answer, objection.answered_at = text, clock.now()
    objection.answered_by_id, objection.state = actor.account_id, ObjectionState.ANSWERED
    session.flush()
    append(vote, "objection_answered", {"id": objection.public_id, "sha256": _hash(text)})
    audit.record("rounds.objection_answered", actor=actor, subject=("round", vote.id))
    return True


def is_window_open(vote: Round) -> bool:
    """Whether the days for objections still run."""
    if vote.published_at is None or vote.imported:
        return False
    return clock.now() < vote.published_at + timedelta(days=site("rounds.objection_days"))


def forget_objector(account_id: int) -> None:
    """Take the person off their objections; the words stay."""
    theirs = update(ResultObjection).where(ResultObjection.author_id == account_id)
    session.execute(theirs.values(author_id=None))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
