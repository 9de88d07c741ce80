"""Suggestions of members: before everybody is asked, until a date; and late ones where that is fair."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.errors import DomainError
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors import DecisionLocked, OptionsMissing, TimesWrong, TooLate, TooLong
from portal.groups.errors.deciding import DateAnswered, LastDate
from portal.groups.events import SuggestionsWanted
from portal.groups.models import (
    MOST_OPTIONS,
    OPTION_LENGTH,
    DecisionOption,
    DecisionState,
    Elector,
    Group,
    GroupDecision,
    LotPerson,
    Method,
)
from portal.groups.operations.deciding.answering import elector_of
from portal.groups.operations.deciding.closing import named_answers, next_round
from portal.groups.operations.deciding.drafting import (
    CHOOSING,
    LONGEST,
    SHORTEST,
    add_option_row,
    before_erasure,
    begin_asking,
    check_end,
)
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.permissions import membership_of

COLLECTED = CHOOSING | {Method.DATE}
_DATES_CHANGE = (DecisionState.COLLECTING, DecisionState.OPEN)


def begin_collecting(
    decision: GroupDecision, *, group: Group, actor: Actor, until: datetime, closes_at: datetime
) -> None:
    """Members may add suggestions until `until`; then everybody is asked until `closes_at`, by itself.

    Raises DecisionLocked, TimesWrong, ErasedBefore.
    """
    ensure(actor, "groups.facilitate", decision)
    if decision.state is not DecisionState.DRAFT or decision.method not in COLLECTED:
        raise DecisionLocked
    now = clock.now()
    if not (until - now >= SHORTEST and closes_at - until >= SHORTEST and closes_at - now <= LONGEST):
        raise TimesWrong
    check_end(group, closes_at)
    decision.state, decision.opens_at, decision.closes_at = DecisionState.COLLECTING, until, closes_at
    session.flush()
    sign_of_life(group)
    tell(group, "suggestions_wanted", decision=decision.public_id)
    emit(SuggestionsWanted(group.id, decision.id))


def suggest(
    decision: GroupDecision, text: str, *, group: Group, actor: Actor, local_start: str | None = None
) -> DecisionOption | None:
    """One more thing to choose from, by any member. The same words twice are one; then None comes back.

    Raises TooLate, OptionsMissing for an empty or the thirty-first one, TooLong.
    """
    ensure(actor, "groups.take_part", group)
    session.refresh(decision, with_for_update=True)
    if decision.state is not DecisionState.COLLECTING or clock.now() >= (decision.opens_at or clock.now()):
        raise TooLate
    words = clean_line(text)
    if len(words) > OPTION_LENGTH:
        raise TooLong(field="text")
    known = {(option.text, option.local_start) for option in decision.options}
    if (words, local_start) in known:
        return None
    if (not words and not local_start) or len(known) >= MOST_OPTIONS:
        raise OptionsMissing(field="text")
    last = session.scalar(
        select(func.max(DecisionOption.number)).where(DecisionOption.decision_id == decision.id)
    )
    option = add_option_row(decision, (last or 0) + 1, words, local_start=local_start)
    session.flush()
    member = membership_of(actor, group)
    if decision.method is Method.LOTS and member is not None:
        session.add(LotPerson(option_id=option.id, membership_id=member.id))
        session.flush()
    session.expire(decision, ["options"])
    return option


def add_option_late(
    decision: GroupDecision, text: str, *, group: Group, actor: Actor, local_start: str | None = None
) -> DecisionOption:
    """One more option while people already answer.

    Dates: what was answered stays, the new date is simply unanswered. Resistance: a new round begins, and
    everybody's answers come back as drafts, since without it the sums would be wrong in a third of the cases.
    Other methods: DecisionLocked. Somebody who is not asked: NotAnElector.
    """
    ensure(actor, "groups.answer", decision)
    elector_of(decision, group=group, actor=actor)
    session.refresh(decision, with_for_update=True)
    if not decision.is_running(clock.now()) or decision.method not in (Method.DATE, Method.RESISTANCE):
        raise DecisionLocked
    known = {(option.text, option.local_start) for option in decision.options}
    words = (clean_line(text), local_start)
    if words == ("", None) or words in known or len(known) >= MOST_OPTIONS:
        raise OptionsMissing(field="text")
    if len(words[0]) > OPTION_LENGTH:
        raise TooLong(field="text")
    last = session.scalar(
        select(func.max(DecisionOption.number)).where(DecisionOption.decision_id == decision.id)
    )
    if decision.method is Method.RESISTANCE:
        if decision.secret:
            raise DecisionLocked
        opens = decision.opens_at or clock.now()
        closes = decision.closes_at or clock.now()
        later = before_erasure(group, clock.now() + (closes - opens))
        next_round(decision, group, later, "new_option")
    option = add_option_row(decision, (last or 0) + 1, clean_line(text), local_start=local_start)
    session.flush()
    session.expire(decision, ["options"])
    return option


def answers_to(decision: GroupDecision, number: int) -> int:
    """How many said something about one date; what is only ticked and not sent does not count."""
    return sum(str(number) in content.get("points", {}) for content, _reason in named_answers(decision))


def can_drop_dates(decision: GroupDecision) -> bool:
    """A poll for a date that has begun and has not ended."""
    return decision.method is Method.DATE and decision.state in _DATES_CHANGE


def drop_date(
    decision: GroupDecision, number: int, *, group: Group, actor: Actor, answers_seen: int = 0
) -> None:
    """Take one date out of a poll, before or while people answer. Answers to the other dates stay.

    `answers_seen`: how many answers to it whoever takes it out was shown. With more there are, nothing
    happens. Twice is once. Raises DecisionLocked, TooLate, LastDate, DateAnswered.
    """
    ensure(actor, "groups.facilitate", decision)
    session.refresh(decision, with_for_update=True)
    if not can_drop_dates(decision):
        raise DecisionLocked
    if decision.state is DecisionState.OPEN and not decision.is_running(clock.now()):
        raise TooLate
    here = [option for option in decision.options if not option.dropped]
    option = next((one for one in here if one.number == number), None)
    if option is None:
        return
    if len(here) == 1:
        raise LastDate
    if answers_to(decision, number) > answers_seen:
        raise DateAnswered
    option.dropped = True
    session.flush()
    tell(group, "date_taken_out", decision=decision.public_id)


def open_due(now: datetime) -> int:
    """Where the time for suggestions is over, everybody is asked; returns how many.

    With too few suggestions, or too few people for a secret, it becomes a draft again and the group is told.
    """
    query = select(GroupDecision.id).where(
        GroupDecision.state == DecisionState.COLLECTING, GroupDecision.opens_at <= now
    )
    return sum(_open_one(decision_id) for decision_id in session.scalars(query).all())


def _open_one(decision_id: int) -> bool:
    won = session.execute(
        update(GroupDecision)
        .where(GroupDecision.id == decision_id, GroupDecision.state == DecisionState.COLLECTING)
        .values(state=DecisionState.OPEN)
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        return False
    decision = session.get(GroupDecision, decision_id, populate_existing=True)
    group = session.get(Group, decision.group_id) if decision else None
    if decision is None or group is None:
        return False
    try:
        begin_asking(decision, group)
    except DomainError:
        _back_to_draft(decision, group)
        return False
    return True


def _back_to_draft(decision: GroupDecision, group: Group) -> None:
    for elector in session.scalars(select(Elector).where(Elector.decision_id == decision.id)).all():
        session.delete(elector)
    decision.state, decision.opens_at, decision.closes_at = DecisionState.DRAFT, None, None
    session.flush()
    tell(group, "suggestions_too_few", who="system", decision=decision.public_id)
