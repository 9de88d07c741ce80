"""Closing a decision: by time or when all have answered; counted once, extended at most once."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text
from portal.groups.errors import DecisionLocked, OptionsMissing, QuestionMissing, ReasonMissing, TooLate
from portal.groups.events import DecisionClosed, DecisionReopened
from portal.groups.models import (
    MOST_ROUNDS,
    DecisionOption,
    DecisionState,
    Elector,
    Group,
    GroupDecision,
    LotWord,
    Method,
    NamedBallot,
    Objection,
    ObjectionState,
    QuorumKind,
    SecretTally,
    Status,
)
from portal.groups.operations.deciding.drafting import add_option_row, make_tallies
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.queries.counting import Count, count, count_secret

LONGEST_EXTENSION = timedelta(days=7)
# With so few secret votes, or all of them alike, only adopted or not is told.
FEWEST_TO_SHOW = 5


def quorum_needed(decision: GroupDecision, electors: int) -> int:
    """How many have to take part; percent is rounded up: 50 % of 9 is 5."""
    if decision.quorum_kind is QuorumKind.PERCENT:
        return -(-decision.quorum * electors // 100)
    return decision.quorum if decision.quorum_kind is QuorumKind.PEOPLE else 0


def turnout(decision: GroupDecision) -> tuple[int, int]:
    """(how many have answered, how many may)."""
    query = select(func.count(), func.count().filter(Elector.voted)).where(Elector.decision_id == decision.id)
    electors, voted = session.execute(query).one()
    return voted, electors


def close_due(now: datetime) -> int:
    """Close every decision whose time is over; returns how many. Safe to run twice and by two at once."""
    query = select(GroupDecision.id).where(
        GroupDecision.state == DecisionState.OPEN, GroupDecision.closes_at <= now
    )
    return sum(close_decision(decision_id, now=now) for decision_id in session.scalars(query).all())


def close_early(decision: GroupDecision, *, group: Group, actor: Actor) -> None:
    """Close before its time, which is possible once everybody has answered. Raises TooLate otherwise."""
    ensure(actor, "groups.facilitate", decision)
    voted, electors = turnout(decision)
    if decision.state is not DecisionState.OPEN or voted < electors:
        raise TooLate
    now = clock.now()
    decision.closes_at = max(now, (decision.opens_at or now) + timedelta(seconds=1))
    session.flush()
    close_decision(decision.id, now=decision.closes_at)


def close_decision(decision_id: int, *, now: datetime) -> bool:
    """Close one decision whose time is over: extended once for a missed quorum, otherwise counted.

    Returns whether this call did it: of two at once one does.
    """
    won = session.execute(
        update(GroupDecision)
        .where(
            GroupDecision.id == decision_id,
            GroupDecision.state == DecisionState.OPEN,
            GroupDecision.closes_at <= now,
        )
        .values(state=DecisionState.CLOSED, closed_at=now)
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        return False
    decision = session.get(GroupDecision, decision_id, populate_existing=True)
    group = session.get(Group, decision.group_id) if decision else None
    if decision is None or group is None:
        return False
    voted, electors = turnout(decision)
    if voted < quorum_needed(decision, electors):
        _without_quorum(decision, group, voted)
    else:
        _counted(decision, group, _count(decision, electors, voted))
    session.flush()
    return True


def _without_quorum(decision: GroupDecision, group: Group, voted: int) -> None:
    if decision.extended:
        _finish(decision, group, Count(Status.NO_QUORUM, facts={"answered": voted}))
        return
    opens, closes = decision.opens_at or clock.now(), decision.closes_at or clock.now()
    decision.state, decision.closed_at, decision.extended = DecisionState.OPEN, None, True
    decision.closes_at = closes + min(closes - opens, LONGEST_EXTENSION)
    tell(group, "decision_extended", who="system", decision=decision.public_id)
    emit(DecisionReopened(group.id, decision.id, "no_quorum"))


def _counted(decision: GroupDecision, group: Group, counted: Count) -> None:
    if decision.method is Method.CONSENT and counted.status is Status.NOT_ADOPTED:
        open_ones = _open_objections(decision)
        if open_ones and decision.round < MOST_ROUNDS:
            decision.state, decision.closed_at = DecisionState.INTEGRATING, None
            tell(group, "decision_integrating", who="system", decision=decision.public_id)
            return
        for objection in open_ones:
            objection.state = ObjectionState.UPHELD
    _finish(decision, group, counted)


def _finish(decision: GroupDecision, group: Group, counted: Count) -> None:
    decision.status = counted.status
    decision.result = json.dumps(counted.to_json(), ensure_ascii=False)
    sign_of_life(group)
    tell(
        group,
        "decision_closed",
        who="system",
        decision=decision.public_id,
        status=str(counted.status),
    )
    emit(DecisionClosed(group.id, decision.id, str(counted.status)))


def _count(decision: GroupDecision, electors: int, voted: int) -> Count:
    options = list(
        session.scalars(
            select(DecisionOption)
            .where(DecisionOption.decision_id == decision.id)
            .order_by(DecisionOption.number)
        )
    )
    if decision.method is Method.LOTS:
        return _draw(decision, options)
    if decision.method is Method.CONSENT:
        return _consent(decision)
    if decision.secret:
        query = select(SecretTally.key, SecretTally.count.label("count_")).where(
            SecretTally.decision_id == decision.id, SecretTally.round == decision.round
        )
        tallies = {row.key: row.count_ for row in session.execute(query)}
        return _veiled(
            count_secret(decision, options, tallies, eligible=electors, cast=voted), tallies, voted
        )
    return count(decision, options, [content for content, _ in named_answers(decision)], eligible=electors)


def named_answers(decision: GroupDecision) -> list[tuple[dict[str, Any], str]]:
    """(answer, reason) of everybody who handed one in, in no telling order."""
    query = (
        select(NamedBallot.content, NamedBallot.reason)
        .join(Elector, Elector.id == NamedBallot.elector_id)
        .where(Elector.decision_id == decision.id, NamedBallot.is_draft.is_(False))
        .order_by(Elector.ref)
    )
    return [(json.loads(content), reason) for content, reason in session.execute(query)]


def _veiled(counted: Count, tallies: dict[str, int], voted: int) -> Count:
    """A few votes, or all alike, would tell everybody's vote: then only the outcome is kept."""
    by_option: dict[str, set[str]] = {}
    for key, many in tallies.items():
        if many:
            by_option.setdefault(key.split("=")[0], set()).add(key)
    alike = (
        voted > 0
        and all(len(said) == 1 for said in by_option.values())
        and all(many in (0, voted) for many in tallies.values())
    )
    if voted >= FEWEST_TO_SHOW and not alike:
        return counted
    return Count(counted.status, counted.winners, (), {"veiled": True, "answered": voted})


def _consent(decision: GroupDecision) -> Count:
    said = [content["answers"]["1"] for content, _ in named_answers(decision)]
    facts = {word: said.count(word) for word in ("consent", "concern", "objection", "aside")}
    stopped = bool(_open_objections(decision)) or not said
    return Count(Status.NOT_ADOPTED if stopped else Status.ADOPTED, () if stopped else (1,), (), facts)


def _open_objections(decision: GroupDecision) -> list[Objection]:
    query = select(Objection).where(
        Objection.decision_id == decision.id, Objection.state == ObjectionState.OPEN
    )
    return list(session.scalars(query))


def _draw(decision: GroupDecision, options: list[DecisionOption]) -> Count:
    """The order of HMAC-SHA-256 under the secret of (all words, number): anybody can work it out again.

    words: those of the members, sorted, one per line; item: the option's number.
    """
    query = (
        select(LotWord.word)
        .join(Elector, Elector.id == LotWord.elector_id)
        .where(Elector.decision_id == decision.id)
    )
    words = "\n".join(sorted(session.scalars(query)))
    secret = bytes.fromhex(decision.lot_secret or "")
    drawn = {
        option.number: hmac.new(secret, f"{words}‖{option.number}".encode(), hashlib.sha256).hexdigest()
        for option in options
        if not option.dropped
    }
    order = tuple(sorted(drawn, key=lambda number: drawn[number]))
    facts = {
        "secret": decision.lot_secret,
        "commitment": hashlib.sha256((decision.lot_secret or "").encode()).hexdigest(),
        "words": words,
        "drawn": {str(number): value for number, value in drawn.items()},
    }
    return Count(Status.ADOPTED, order[:1], order, facts)


# ---- new rounds


def write_next_version(
    decision: GroupDecision, *, group: Group, actor: Actor, title: str, question: str, closes_at: datetime
) -> None:
    """After an objection the facilitator writes a new text; only this text is asked, of the same people.

    Open objections count as integrated; whoever still objects says so again. Raises DecisionLocked.
    """
    ensure(actor, "groups.facilitate", decision)
    if decision.state is not DecisionState.INTEGRATING:
        raise DecisionLocked
    if not clean_line(title):
        raise QuestionMissing
    for objection in _open_objections(decision):
        objection.state = ObjectionState.INTEGRATED
    decision.title, decision.question = clean_line(title), clean_text(question).strip()
    _next_round(decision, group, closes_at, "new_text")


def settle_integrating(decision: GroupDecision, *, group: Group) -> bool:
    """When all objections were withdrawn meanwhile, the text stands as it is; returns whether it does."""
    if decision.state is not DecisionState.INTEGRATING or _open_objections(decision):
        return False
    decision.state, decision.closed_at = DecisionState.CLOSED, clock.now()
    _finish(decision, group, _consent(decision))
    return True


def add_option_late(
    decision: GroupDecision, text: str, *, group: Group, actor: Actor, local_start: str | None = None
) -> DecisionOption:
    """One more option while people already answer.

    Dates: what was answered stays, the new date is simply unanswered. Resistance: a new round begins, and
    everybody's answers come back as drafts, since without it the sums would be wrong in a third of the cases.
    Other methods: DecisionLocked.
    """
    ensure(actor, "groups.vote", group)
    if not decision.is_running(clock.now()) or decision.method not in (Method.DATE, Method.RESISTANCE):
        raise DecisionLocked
    if not clean_line(text) and not local_start:
        raise OptionsMissing
    last = session.scalar(
        select(func.max(DecisionOption.number)).where(DecisionOption.decision_id == decision.id)
    )
    if decision.method is Method.RESISTANCE:
        if decision.secret:
            raise DecisionLocked
        opens = decision.opens_at or clock.now()
        closes = decision.closes_at or clock.now()
        _next_round(decision, group, clock.now() + (closes - opens), "new_option")
    option = add_option_row(decision, (last or 0) + 1, clean_line(text), local_start=local_start)
    session.flush()
    session.expire(decision, ["options"])
    return option


def _next_round(decision: GroupDecision, group: Group, closes_at: datetime, why: str) -> None:
    decision.round += 1
    decision.state, decision.closed_at = DecisionState.OPEN, None
    decision.opens_at, decision.closes_at = clock.now(), closes_at
    electors = select(Elector.id).where(Elector.decision_id == decision.id)
    session.execute(update(Elector).where(Elector.decision_id == decision.id).values(voted=False))
    session.execute(update(NamedBallot).where(NamedBallot.elector_id.in_(electors)).values(is_draft=True))
    if decision.secret:
        make_tallies(decision)
    tell(group, "decision_next_round", decision=decision.public_id, round=decision.round)
    emit(DecisionReopened(group.id, decision.id, why))


def cancel(decision: GroupDecision, *, group: Group, actor: Actor, reason: str) -> None:
    """The facilitator stops it, with a reason everybody sees. Raises ReasonMissing, DecisionLocked."""
    ensure(actor, "groups.facilitate", decision)
    if decision.state not in (DecisionState.DRAFT, DecisionState.OPEN, DecisionState.INTEGRATING):
        raise DecisionLocked
    words = clean_text(reason).strip()
    if not words:
        raise ReasonMissing
    decision.state, decision.cancel_reason = DecisionState.CANCELLED, words
    tell(group, "decision_cancelled", decision=decision.public_id)


def drop_leaver(membership_ref: str, group: Group) -> None:
    """Somebody leaves while something is being decided: out of named electorates, with their answer.

    What was said in secret stays counted; nobody could find it to take it out.
    """
    query = (
        select(Elector)
        .join(GroupDecision, GroupDecision.id == Elector.decision_id)
        .where(GroupDecision.group_id == group.id, Elector.ref == membership_ref)
        .where(GroupDecision.state.in_((DecisionState.OPEN, DecisionState.INTEGRATING)))
        .where(~(GroupDecision.secret & Elector.voted))
    )
    for elector in session.scalars(query).all():
        session.delete(elector)
    session.flush()
