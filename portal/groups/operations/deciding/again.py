"""Asking longer or once more: two who wish it, a run-off, reopening; notes and reminders."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_text
from portal.groups.errors import DecisionLocked, TooLate, TooLong
from portal.groups.errors.deciding import NoTimeLeft
from portal.groups.events import AnswersMissing, DecisionReopened
from portal.groups.models import (
    QUESTION_LENGTH,
    DecisionOption,
    DecisionOutcome,
    DecisionState,
    Elector,
    Group,
    GroupDecision,
    Method,
    Status,
)
from portal.groups.operations.deciding.answering import elector_of
from portal.groups.operations.deciding.closing import LONGEST_EXTENSION, forget_ballots, next_round
from portal.groups.operations.deciding.drafting import before_erasure, check_end
from portal.groups.operations.telling import tell

ENOUGH_TO_EXTEND = 2
REOPENED_WITHIN = timedelta(hours=48)
REMINDED_BEFORE = timedelta(hours=24)
# Shorter ones end before a reminder would help.
REMINDED_FROM = timedelta(hours=48)


def ask_longer(decision: GroupDecision, *, group: Group, actor: Actor) -> bool:
    """A member needs more time; the second one who says so extends it, once. Returns whether it was extended.

    Raises TooLate when it is over or was extended before, NotAnElector, NoTimeLeft in a group that is erased.
    """
    ensure(actor, "groups.answer", decision)
    elector = elector_of(decision, group=group, actor=actor)
    session.refresh(decision, with_for_update=True)
    if not decision.is_running(clock.now()) or decision.extended:
        raise TooLate
    opens, closes = decision.opens_at or clock.now(), decision.closes_at or clock.now()
    longer = before_erasure(group, closes + min(closes - opens, LONGEST_EXTENSION))
    if group.purge_on is not None and longer <= closes:
        raise NoTimeLeft(group.purge_on)
    elector.asks_longer = True
    session.flush()
    query = select(func.count()).where(Elector.decision_id == decision.id, Elector.asks_longer)
    if (session.scalar(query) or 0) < ENOUGH_TO_EXTEND:
        return False
    decision.extended, decision.reminded_at, decision.closes_at = True, None, longer
    tell(group, "decision_extended", who="two members", decision=decision.public_id)
    emit(DecisionReopened(group.id, decision.id, "asked_for"))
    return True


def reopen(decision: GroupDecision, *, group: Group, actor: Actor, closes_at: datetime) -> None:
    """Take answers once more, within two days of the end and before anything came of it. Never a secret one.

    Raises DecisionLocked, TooLate, TimesWrong.
    """
    ensure(actor, "groups.facilitate", decision)
    session.refresh(decision, with_for_update=True)
    if not can_reopen(decision):
        raise DecisionLocked if decision.state is not DecisionState.CLOSED else TooLate
    check_end(group, closes_at)
    decision.state, decision.closed_at, decision.status, decision.result = (
        DecisionState.OPEN,
        None,
        None,
        None,
    )
    decision.closes_at, decision.reminded_at = closes_at, None
    tell(group, "decision_reopened", decision=decision.public_id)
    emit(DecisionReopened(group.id, decision.id, "once_more"))


def can_reopen(decision: GroupDecision) -> bool:
    """Named, closed for less than two days, nothing written or put into force yet."""
    if decision.state is not DecisionState.CLOSED or decision.secret or decision.method is Method.LOTS:
        return False
    if decision.closed_at is None or clock.now() >= decision.closed_at + REOPENED_WITHIN:
        return False
    written = select(DecisionOutcome.id).where(DecisionOutcome.decision_id == decision.id).limit(1)
    return decision.carried_out_on is None and session.scalar(written) is None


def begin_run_off(decision: GroupDecision, *, group: Group, actor: Actor, closes_at: datetime) -> None:
    """Only the first ones are left to choose from; the same people are asked.

    Orders that are equal would be so again: how much speaks against each is asked then.
    Raises DecisionLocked, TimesWrong.
    """
    ensure(actor, "groups.facilitate", decision)
    session.refresh(decision, with_for_update=True)
    if decision.state is not DecisionState.CLOSED or decision.status is not Status.RUN_OFF:
        raise DecisionLocked
    check_end(group, closes_at)
    left = json.loads(decision.result or "{}").get("winners", [])
    session.execute(
        update(DecisionOption)
        .where(DecisionOption.decision_id == decision.id, DecisionOption.number.not_in(left))
        .values(dropped=True)
    )
    session.flush()
    session.expire(decision, ["options"])
    if decision.method is Method.RANKING:
        decision.method = Method.RESISTANCE
        forget_ballots(decision)
    next_round(decision, group, closes_at, "run_off")


def write_note(decision: GroupDecision, words: str, *, group: Group, actor: Actor) -> None:
    """A note under the locked text: a slip of the pen put right, a question answered. The text stays.

    Raises DecisionLocked for a draft or when it is over, TooLong.
    """
    ensure(actor, "groups.facilitate", decision)
    if decision.state not in (DecisionState.COLLECTING, DecisionState.OPEN, DecisionState.INTEGRATING):
        raise DecisionLocked
    cleaned = clean_text(words).strip()
    if len(cleaned) > QUESTION_LENGTH:
        raise TooLong(field="note")
    decision.note = cleaned
    tell(group, "decision_note", decision=decision.public_id)


def remind_due(now: datetime) -> int:
    """Remind whoever has not answered, a day before the end, once; returns of how many decisions."""
    query = select(GroupDecision).where(
        GroupDecision.state == DecisionState.OPEN,
        GroupDecision.closes_at > now,
        GroupDecision.closes_at <= now + REMINDED_BEFORE,
        GroupDecision.reminded_at.is_(None),
    )
    reminded = 0
    for decision in session.scalars(query).all():
        opens, closes = decision.opens_at or now, decision.closes_at or now
        won = session.execute(
            update(GroupDecision)
            .where(GroupDecision.id == decision.id, GroupDecision.reminded_at.is_(None))
            .values(reminded_at=now)
        )
        if won.rowcount and closes - opens >= REMINDED_FROM:  # type: ignore[attr-defined]
            emit(AnswersMissing(decision.group_id, decision.id))
            reminded += 1
    return reminded
