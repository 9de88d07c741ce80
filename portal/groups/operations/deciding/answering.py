"""Answering a decision: drafts, handing in, the secret tally, objections, words for a lottery."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, delete, insert, or_, select, update
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.core.text import clean_line, clean_text
from portal.groups.errors import (
    AnswerWrong,
    NotAnElector,
    ReasonMissing,
    TooLate,
    TooLong,
    VotedAlready,
)
from portal.groups.models import (
    REASON_LENGTH,
    DecisionOption,
    DecisionState,
    Elector,
    Electorate,
    Group,
    GroupDecision,
    LotWord,
    Method,
    NamedBallot,
    Objection,
    ObjectionState,
    Reasons,
    SecretReason,
    SecretTally,
)
from portal.groups.permissions import membership_of
from portal.groups.queries.counting import MARKS, RESISTANCES, keys_of

CONSENT_ANSWERS = ("consent", "concern", "objection", "aside")
_WORDS = {
    Method.CONSENT: CONSENT_ANSWERS,
    Method.CONSENSUS: ("yes", "abstain", "no", "block"),
    Method.MAJORITY: ("yes", "no", "abstain"),
}
# Whoever answers like this stops the others, and says why.
STOPPING = ("objection", "block")


def elector_of(decision: GroupDecision, *, group: Group, actor: Actor) -> Elector:
    """The actor's row in the electorate; for dates open to all, made when needed. Raises NotAnElector."""
    membership = membership_of(actor, group)
    if membership is None:
        raise NotAnElector
    query = select(Elector).where(Elector.decision_id == decision.id, Elector.ref == membership.ref)
    elector = session.scalar(query)
    if elector is None and decision.electorate is Electorate.AT_CLOSING:
        elector = Elector(decision_id=decision.id, ref=membership.ref)
        session.add(elector)
        session.flush()
    if elector is None:
        raise NotAnElector
    return elector


def save_draft(decision: GroupDecision, content: Mapping[str, Any], *, group: Group, actor: Actor) -> None:
    """Keep what is ticked so far; it does not count. Secret answers are never kept: their page says so."""
    ensure(actor, "groups.answer", decision)
    elector = elector_of(decision, group=group, actor=actor)
    if decision.secret or not decision.is_running(clock.now()):
        raise TooLate
    known = session.scalar(select(NamedBallot).where(NamedBallot.elector_id == elector.id))
    if known is not None and not known.is_draft:
        return
    _store(decision, elector, content, "", is_draft=True)


def hand_in(
    decision: GroupDecision,
    content: Mapping[str, Any],
    *,
    group: Group,
    actor: Actor,
    reason: str = "",
) -> None:
    """The answer counts. Named ones may be changed until the end, secret ones are final.

    Raises TooLate at the closing second and after, NotAnElector, AnswerWrong, ReasonMissing, VotedAlready.
    """
    ensure(actor, "groups.answer", decision)
    elector = elector_of(decision, group=group, actor=actor)
    # Whoever closes waits until this answer stands, or this one finds it closed: none falls between the two.
    # Secret ones come one after the other: each rewrites all rows of its decision.
    session.refresh(decision, with_for_update={"read": not decision.secret})
    if not decision.is_running(clock.now()):
        raise TooLate
    cleaned = checked(decision, content)
    words = _reason(decision, cleaned, reason)
    if decision.secret:
        _cast_secret(decision, elector, cleaned, words)
    else:
        _hand_in_named(decision, elector, cleaned, words)


def _reason(decision: GroupDecision, content: Mapping[str, Any], reason: str) -> str:
    """The sentence that goes with an answer, where the decision asks for one; else nothing is kept."""
    stops = content.get("answers", {}).get("1") in STOPPING
    if not takes_reason(decision, stops=stops):
        return ""
    words = clean_text(reason).strip()
    if len(words) > REASON_LENGTH:
        raise TooLong(field="reason")
    if stops and not words and not decision.secret:
        raise ReasonMissing
    return words


def takes_reason(decision: GroupDecision, *, stops: bool) -> bool:
    """Whether this decision keeps a sentence with an answer. `stops`: an objection or a block."""
    if decision.reasons is Reasons.FOR_OBJECTION:
        return stops
    return decision.reasons is Reasons.OPTIONAL


def _cast_secret(decision: GroupDecision, elector: Elector, content: dict[str, Any], words: str) -> None:
    """One transaction: mark the elector, raise the counters. No row says what this person chose.

    Rows written together could be recognised for ever by their transaction, and by their order on the disk.
    So each vote rewrites all electors, all counters and all notes of the decision, each in one statement.
    """
    mine = aliased(Elector)
    is_new = select(mine.id).where(mine.id == elector.id, mine.voted.is_(False)).exists()
    marked = session.execute(
        update(Elector)
        .where(Elector.decision_id == decision.id, is_new)
        .values(voted=or_(Elector.voted, Elector.id == elector.id))
        .execution_options(synchronize_session=False)
    )
    session.expire(elector, ["voted"])
    if not marked.rowcount:  # type: ignore[attr-defined]
        raise VotedAlready
    options = list(session.scalars(select(DecisionOption).where(DecisionOption.decision_id == decision.id)))
    raised = SecretTally.key.in_(keys_of(decision, options, content))
    session.execute(
        update(SecretTally)
        .where(SecretTally.decision_id == decision.id, SecretTally.round == decision.round)
        .values(count=SecretTally.count + case((raised, 1), else_=0))
        .execution_options(synchronize_session=False)
    )
    if words:
        _put_note(decision, words)


def _put_note(decision: GroupDecision, words: str) -> None:
    """One more note without a name; all of them are written anew, in the order of their random keys."""
    here = SecretReason.decision_id == decision.id
    notes = [tuple(row) for row in session.execute(select(SecretReason.id, SecretReason.text).where(here))]
    session.execute(delete(SecretReason).where(here).execution_options(synchronize_session=False))
    rows = sorted([*notes, (new_id(24), words)])
    session.execute(
        insert(SecretReason), [{"id": key, "decision_id": decision.id, "text": text} for key, text in rows]
    )


def _hand_in_named(decision: GroupDecision, elector: Elector, content: dict[str, Any], words: str) -> None:
    _store(decision, elector, content, words, is_draft=False)
    elector.voted = True
    if decision.method is Method.CONSENT:
        _note_objection(decision, elector, content, words)
    session.flush()


def _store(
    decision: GroupDecision, elector: Elector, content: Mapping[str, Any], words: str, *, is_draft: bool
) -> None:
    row = {
        "content": json.dumps(content, ensure_ascii=False),
        "reason": words,
        "is_draft": is_draft,
        "round": decision.round,
    }
    statement = upsert(NamedBallot).values(elector_id=elector.id, **row)
    session.execute(statement.on_conflict_do_update(index_elements=["elector_id"], set_=row))


def _note_objection(decision: GroupDecision, elector: Elector, content: dict[str, Any], words: str) -> None:
    query = select(Objection).where(
        Objection.decision_id == decision.id,
        Objection.round == decision.round,
        Objection.elector_id == elector.id,
    )
    known = session.scalar(query)
    objects = content["answers"]["1"] == "objection"
    if known is None and objects:
        session.add(
            Objection(decision_id=decision.id, round=decision.round, elector_id=elector.id, text=words)
        )
    elif known is not None:
        known.text = words if objects else known.text
        known.state = ObjectionState.OPEN if objects else ObjectionState.WITHDRAWN


def withdraw_objection(objection: Objection, *, decision: GroupDecision, group: Group, actor: Actor) -> None:
    """Who objected no longer does. Also while a new text is being written. Raises NotAnElector, TooLate."""
    ensure(actor, "groups.answer", decision)
    elector = elector_of(decision, group=group, actor=actor)
    if objection.elector_id != elector.id:
        raise NotAnElector
    if decision.state not in (DecisionState.OPEN, DecisionState.INTEGRATING):
        raise TooLate
    objection.state = ObjectionState.WITHDRAWN


def add_lot_word(decision: GroupDecision, word: str, *, group: Group, actor: Actor) -> None:
    """A word of one's own for the lottery; the last one counts. Raises TooLate, NotAnElector."""
    ensure(actor, "groups.answer", decision)
    elector = elector_of(decision, group=group, actor=actor)
    if not decision.is_running(clock.now()):
        raise TooLate
    cleaned = clean_line(word)[:40]
    statement = upsert(LotWord).values(elector_id=elector.id, word=cleaned)
    session.execute(statement.on_conflict_do_update(index_elements=["elector_id"], set_={"word": cleaned}))
    elector.voted = True


def checked(decision: GroupDecision, content: Mapping[str, Any]) -> dict[str, Any]:
    """The answer in its one form, or AnswerWrong: what is missing, too much, unknown or no number."""
    numbers = [str(option.number) for option in decision.options if not option.dropped]
    try:
        if decision.method in _WORDS:
            return _checked_word(decision, content)
        if decision.method is Method.CHOICE:
            return _checked_choices(decision, content, numbers)
        if decision.method is Method.RANKING:
            return _checked_order(content, numbers)
        return _checked_points(decision, content, numbers)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise AnswerWrong from problem


def _checked_word(decision: GroupDecision, content: Mapping[str, Any]) -> dict[str, Any]:
    word = content["answers"]["1"]
    if word not in _WORDS[decision.method]:
        raise AnswerWrong
    return {"answers": {"1": word}}


def _checked_choices(
    decision: GroupDecision, content: Mapping[str, Any], numbers: list[str]
) -> dict[str, Any]:
    chosen = sorted({str(one) for one in content["choices"]}, key=int)
    if any(one not in numbers for one in chosen) or len(chosen) > (decision.max_choices or 1):
        raise AnswerWrong
    return {"choices": chosen}


def _checked_order(content: Mapping[str, Any], numbers: list[str]) -> dict[str, Any]:
    order = [[str(one) for one in level] for level in content["order"] if level]
    named = [one for level in order for one in level]
    if len(named) != len(set(named)) or any(one not in numbers for one in named) or not named:
        raise AnswerWrong
    return {"order": [sorted(level, key=int) for level in order]}


def _checked_points(
    decision: GroupDecision, content: Mapping[str, Any], numbers: list[str]
) -> dict[str, Any]:
    points = {str(option): int(value) for option, value in content["points"].items()}
    if any(option not in numbers for option in points):
        raise AnswerWrong
    allowed = {Method.SCORE: MARKS, Method.RESISTANCE: RESISTANCES, Method.DATE: range(3)}
    if decision.method is Method.DOTS:
        each = decision.points_each or 0
        points = {option: value for option, value in points.items() if value}
        if sum(points.values()) > (decision.points_total or 0) or any(
            not 0 < value <= each for value in points.values()
        ):
            raise AnswerWrong
    elif any(value not in allowed[decision.method] for value in points.values()):
        raise AnswerWrong
    # Resistance asks about every option: leaving one out would count as "no resistance at all".
    if decision.method is Method.RESISTANCE and set(points) != set(numbers):
        raise AnswerWrong
    return {"points": dict(sorted(points.items(), key=lambda pair: int(pair[0])))}
