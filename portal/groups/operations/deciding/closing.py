"""Closing a decision: by time or when all have answered; counted once, extended at most once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text
from portal.groups.errors import (
    DecisionLocked,
    QuestionMissing,
    ReasonMissing,
    TooLate,
    TooLong,
)
from portal.groups.events import DecisionCancelled, DecisionClosed, DecisionReopened, ObjectionsStand
from portal.groups.models import (
    MOST_ROUNDS,
    QUESTION_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    Asked,
    DecisionOption,
    DecisionState,
    Elector,
    Electorate,
    Group,
    GroupDecision,
    Membership,
    MemberState,
    Method,
    NamedBallot,
    Objection,
    ObjectionState,
    QuorumKind,
    Reasons,
    SecretTally,
    Status,
)
from portal.groups.operations.deciding.asking import not_asked
from portal.groups.operations.deciding.drafting import SHORTEST, before_erasure, check_end, make_tallies
from portal.groups.operations.deciding.drawing import draw, drawn_among, drop_lots_of
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.operations.turns import all_at_once, one_at_a_time
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
    due = (GroupDecision.state == DecisionState.OPEN, GroupDecision.closes_at <= now)
    query = select(GroupDecision.id).where(*due).order_by(GroupDecision.group_id)
    return sum(close_decision(decision_id, now=now) for decision_id in session.scalars(query).all())


def close_early(decision: GroupDecision, *, group: Group, actor: Actor) -> None:
    """Close before its time, which is possible once everybody has answered. Raises TooLate otherwise."""
    ensure(actor, "groups.facilitate", decision)
    voted, electors = turnout(decision)
    if decision.state is not DecisionState.OPEN or voted < electors:
        raise TooLate
    one_at_a_time(group)
    now = clock.now()
    decision.closes_at = max(now, (decision.opens_at or now) + timedelta(seconds=1))
    session.flush()
    close_decision(decision.id, now=decision.closes_at)


def close_decision(decision_id: int, *, now: datetime) -> bool:
    """Close one decision whose time is over: extended once for a missed quorum, otherwise counted.

    Returns whether this call did it: of two at once one does.
    """
    # Whoever leaves meanwhile takes the group first, and then what they have answered.
    all_at_once(session.scalars(select(GroupDecision.group_id).where(GroupDecision.id == decision_id)))
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
    if decision.electorate is Electorate.AT_CLOSING:
        _add_late_members(decision)
    voted, electors = turnout(decision)
    if voted < quorum_needed(decision, electors):
        _without_quorum(decision, group, voted)
    else:
        _counted(decision, group, _count(decision, electors, voted))
    session.flush()
    return True


def _add_late_members(decision: GroupDecision) -> None:
    """Where everybody counts who is a member at the end, those who came later and said nothing count, too."""
    known = select(Elector.ref).where(Elector.decision_id == decision.id)
    query = select(Membership.ref).where(
        Membership.group_id == decision.group_id,
        Membership.state == MemberState.MEMBER,
        Membership.ref.not_in(known),
    )
    came = sorted(set(session.scalars(query)) - not_asked(decision))
    session.add_all(Elector(decision_id=decision.id, ref=ref) for ref in came)
    session.flush()


def _without_quorum(decision: GroupDecision, group: Group, voted: int) -> None:
    opens, closes = decision.opens_at or clock.now(), decision.closes_at or clock.now()
    longer = before_erasure(group, closes + min(closes - opens, LONGEST_EXTENSION))
    if decision.extended or longer <= closes:
        _finish(decision, group, Count(Status.NO_QUORUM, facts={"answered": voted}))
        return
    decision.state, decision.closed_at, decision.extended = DecisionState.OPEN, None, True
    decision.closes_at = longer
    decision.reminded_at = None
    tell(group, "decision_extended", who="system", decision=decision.public_id)
    emit(DecisionReopened(group.id, decision.id, "no_quorum"))


def _counted(decision: GroupDecision, group: Group, counted: Count) -> None:
    if decision.method is Method.CONSENT and counted.status is Status.NOT_ADOPTED:
        open_ones = open_objections(decision)
        if open_ones and decision.round < MOST_ROUNDS:
            decision.state, decision.closed_at = DecisionState.INTEGRATING, None
            tell(group, "decision_integrating", who="system", decision=decision.public_id)
            emit(ObjectionsStand(group.id, decision.id))
            return
        for objection in open_ones:
            objection.state = ObjectionState.UPHELD
        if open_ones and decision.fallback_method and not _is_last_minute(group):
            _fall_back(decision, group, decision.fallback_method)
            return
    if counted.status is Status.TIE and decision.lots_on_tie and decision.lot_secret:
        counted = drawn_among(decision, counted)
    _finish(decision, group, counted)


def _is_last_minute(group: Group) -> bool:
    """The group is erased next: nobody can be asked once more."""
    soon = clock.now() + SHORTEST
    return before_erasure(group, soon) < soon


def _fall_back(decision: GroupDecision, group: Group, method: Method) -> None:
    """Three rounds without consent: the same people decide in the way agreed for that."""
    span = (decision.closes_at or clock.now()) - (decision.opens_at or clock.now())
    forget_ballots(decision)
    decision.method, decision.fallback_method = method, None
    if method is Method.MAJORITY and decision.reasons is Reasons.FOR_OBJECTION:
        decision.reasons = Reasons.OFF
    next_round(decision, group, before_erasure(group, clock.now() + span), "fallback")


def _finish(decision: GroupDecision, group: Group, counted: Count) -> None:
    decision.status = counted.status
    told = counted.to_json()
    if decision.result:
        told["earlier"] = json.loads(decision.result)
    decision.result = json.dumps(told, ensure_ascii=False)
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
        return draw(decision, options)
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


def interim(decision: GroupDecision) -> dict[str, Any] | None:
    """What it would come to now, for groups that want to see that. Never for secret ones or lotteries."""
    if decision.secret or decision.method is Method.LOTS:
        return None
    electors = turnout(decision)
    return _count(decision, electors[1], electors[0]).to_json()


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
    stopped = bool(open_objections(decision)) or not said
    return Count(Status.NOT_ADOPTED if stopped else Status.ADOPTED, () if stopped else (1,), (), facts)


def open_objections(decision: GroupDecision) -> list[Objection]:
    """Objections that still stop it."""
    query = select(Objection).where(
        Objection.decision_id == decision.id, Objection.state == ObjectionState.OPEN
    )
    return list(session.scalars(query))


# ---- new rounds


def write_next_version(
    decision: GroupDecision, *, group: Group, actor: Actor, title: str, question: str, closes_at: datetime
) -> None:
    """After an objection the facilitator writes a new text; only this text is asked, of the same people.

    Open objections count as integrated; whoever still objects says so again. Raises DecisionLocked.
    """
    ensure(actor, "groups.facilitate", decision)
    session.refresh(decision, with_for_update=True)
    if decision.state is not DecisionState.INTEGRATING:
        raise DecisionLocked
    if not clean_line(title):
        raise QuestionMissing
    if len(clean_line(title)) > TITLE_LENGTH:
        raise TooLong(field="title")
    if len(clean_text(question).strip()) > QUESTION_LENGTH:
        raise TooLong(field="question")
    check_end(group, closes_at)
    for objection in open_objections(decision):
        objection.state = ObjectionState.INTEGRATED
    decision.title, decision.question = clean_line(title), clean_text(question).strip()
    next_round(decision, group, closes_at, "new_text")
    # Nobody's "I agree" stands ticked beside a text they have not read.
    forget_ballots(decision)


def forget_ballots(decision: GroupDecision) -> None:
    """What was answered does not fit what is asked next."""
    electors = select(Elector.id).where(Elector.decision_id == decision.id)
    session.execute(delete(NamedBallot).where(NamedBallot.elector_id.in_(electors)))


def settle_integrating(decision: GroupDecision, *, group: Group) -> bool:
    """When all objections were withdrawn meanwhile, the text stands as it is; returns whether it does."""
    if decision.state is not DecisionState.INTEGRATING or open_objections(decision):
        return False
    decision.state, decision.closed_at = DecisionState.CLOSED, clock.now()
    _finish(decision, group, _consent(decision))
    return True


def next_round(decision: GroupDecision, group: Group, closes_at: datetime, why: str) -> None:
    """Everybody is asked once more until `closes_at`; what was answered comes back as drafts."""
    decision.round += 1
    decision.status, decision.reminded_at = None, None
    decision.state, decision.closed_at = DecisionState.OPEN, None
    decision.opens_at, decision.closes_at = clock.now(), closes_at
    _let_leavers_go(decision)
    electors = select(Elector.id).where(Elector.decision_id == decision.id)
    session.execute(
        update(Elector).where(Elector.decision_id == decision.id).values(voted=False, asks_longer=False)
    )
    session.execute(update(NamedBallot).where(NamedBallot.elector_id.in_(electors)).values(is_draft=True))
    if decision.secret:
        make_tallies(decision)
    tell(group, "decision_next_round", decision=decision.public_id, round=decision.round)
    emit(DecisionReopened(group.id, decision.id, why))


def _let_leavers_go(decision: GroupDecision) -> None:
    """Whoever left after the last round closed is not asked again, and does not count for the quorum."""
    here = select(Membership.ref).where(
        Membership.group_id == decision.group_id,
        Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)),
    )
    session.execute(delete(Elector).where(Elector.decision_id == decision.id, Elector.ref.not_in(here)))


def cancel(decision: GroupDecision, *, group: Group, actor: Actor, reason: str) -> None:
    """The facilitator stops it, with a reason everybody sees; a draft is deleted instead.

    Only before its time is over: a result, or a draw, that is only not counted yet stands. Raises
    ReasonMissing, DecisionLocked, TooLate, TooLong.
    """
    ensure(actor, "groups.facilitate", decision)
    session.refresh(decision, with_for_update=True)
    if decision.state in (DecisionState.DRAFT, DecisionState.CLOSED, DecisionState.CANCELLED):
        raise DecisionLocked
    if decision.state is DecisionState.OPEN and not decision.is_running(clock.now()):
        raise TooLate
    words = clean_text(reason).strip()
    if not words:
        raise ReasonMissing
    if len(words) > REASON_LENGTH:
        raise TooLong(field="reason")
    decision.state, decision.cancel_reason = DecisionState.CANCELLED, words
    tell(group, "decision_cancelled", decision=decision.public_id)
    emit(DecisionCancelled(group.id, decision.id))


def drop_leaver(membership_ref: str, group: Group) -> None:
    """Somebody leaves while something is being decided: out of named electorates, with their answer.

    What was said in secret stays counted; nobody could find it to take it out.
    """
    drop_lots_of(membership_ref, group)
    wishes = select(GroupDecision.id).where(GroupDecision.group_id == group.id)
    session.execute(delete(Asked).where(Asked.ref == membership_ref, Asked.decision_id.in_(wishes)))
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
    # Whoever leaves takes the objection along: without another one the text stands as it is.
    for decision in session.scalars(_being_rewritten(group)).all():
        settle_integrating(decision, group=group)


def _being_rewritten(group: Group) -> Select[GroupDecision]:
    return select(GroupDecision).where(
        GroupDecision.group_id == group.id, GroupDecision.state == DecisionState.INTEGRATING
    )
