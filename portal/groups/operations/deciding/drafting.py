"""Writing a decision and opening it. From the opening on its text, options and rules are locked."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import can, ensure
from portal.core.text import clean_line, clean_text
from portal.groups.errors import (
    DecisionLocked,
    OptionsMissing,
    QuestionMissing,
    QuorumTooHigh,
    TimesWrong,
    TooFewForSecret,
    TooLong,
)
from portal.groups.errors.deciding import DatesMissing, ErasedBefore, OthersBegin
from portal.groups.events import DecisionOpened
from portal.groups.models import (
    FEWEST_SECRET_ELECTORS,
    MOST_OPTIONS,
    OF_SOME,
    OPTION_LENGTH,
    QUESTION_LENGTH,
    TITLE_LENGTH,
    DecisionOption,
    DecisionState,
    Electorate,
    Group,
    GroupDecision,
    Method,
    QuorumKind,
    Reasons,
    ResultsShown,
    SecretTally,
    Target,
)
from portal.groups.models.decisions import ONE_TEXT
from portal.groups.operations.deciding.asking import forget_wish, freeze_electorate
from portal.groups.operations.deciding.drawing import put_people
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.permissions import membership_of
from portal.groups.queries.counting import tally_keys
from portal.groups.queries.members import active_count

# What needs at least two things to choose from; the others ask about one text.
CHOOSING = frozenset(
    {Method.CHOICE, Method.DOTS, Method.SCORE, Method.RANKING, Method.RESISTANCE, Method.LOTS}
)
# These ask about one text, so that "take it back?" can be asked in the same way.
NAMED_ONLY = frozenset({Method.CONSENT, Method.DATE, Method.LOTS})
# Here somebody can stop the others, and then says why.
STOPPABLE = frozenset({Method.CONSENT, Method.CONSENSUS})
# What a group may leave to a role to begin. Who begins, and what members need to be heard, stays everybody
BEGUN_BY_A_ROLE = frozenset({Target.FREE, Target.CHARTER, Target.ROLE, Target.DATE, Target.PAUSE, Target.END})
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=60)


@dataclass(frozen=True)
class Wish:
    """What a member wants decided, as the form hands it over."""

    title: str
    method: Method
    question: str = ""
    options: tuple[str, ...] = ()
    local_starts: tuple[str, ...] = ()
    secret: bool = False
    results_shown: ResultsShown = ResultsShown.AT_CLOSING
    reasons: Reasons = Reasons.OPTIONAL
    electorate: Electorate = Electorate.AT_OPENING
    quorum_kind: QuorumKind = QuorumKind.NONE
    quorum: int = 0
    majority: str = "simple"
    run_off_below_half: bool = False
    lots_on_tie: bool = False
    max_choices: int | None = None
    points_total: int | None = None
    points_each: int | None = None
    fallback_method: Method | None = None
    target: Target = Target.FREE
    target_data: dict[str, Any] = field(default_factory=dict)
    form_key: str | None = None
    # Members add suggestions first: until the opening one option, or none, is enough.
    collecting: bool = False
    undoes_id: int | None = None


def draft_decision(group: Group, wish: Wish, *, actor: Actor) -> GroupDecision:
    """Write down what is to be decided; nobody is asked yet. The same form twice is one decision.

    Raises QuestionMissing, OptionsMissing, DatesMissing, TooLong, QuorumTooHigh, TooFewForSecret,
    OthersBegin.
    """
    ensure(actor, _needed(wish), group)
    known = _sent_before(group, wish.form_key)
    if known is not None:
        return known
    begun = wish.target in BEGUN_BY_A_ROLE and wish.undoes_id is None
    if begun and not can(actor, "groups.start_decision", group):
        raise OthersBegin
    _check_quorum(wish, group)
    facilitator = membership_of(actor, group)
    decision = GroupDecision(
        group_id=group.id, facilitator_id=facilitator.id if facilitator else None, form_key=wish.form_key
    )
    _write(decision, wish)
    session.add(decision)
    session.flush()
    _write_options(decision, wish)
    return decision


def own_method(group: Group) -> Method:
    """How the group usually decides about one text: consent, unless it does it in another of these ways."""
    return next((one for one in ONE_TEXT if one.value == group.default_method), Method.CONSENT)


def _needed(wish: Wish) -> str:
    """Who is in the group may draft; the way back from its end also once it has ended."""
    return "groups.take_end_back" if wish.target is Target.END and wish.undoes_id else "groups.take_part"


def _sent_before(group: Group, form_key: str | None) -> GroupDecision | None:
    if not form_key:
        return None
    query = select(GroupDecision).where(
        GroupDecision.group_id == group.id, GroupDecision.form_key == form_key
    )
    return session.scalar(query)


def redraft(decision: GroupDecision, wish: Wish, *, group: Group, actor: Actor) -> None:
    """Change a decision nobody has been asked yet. Raises QuorumTooHigh; afterwards DecisionLocked."""
    ensure(actor, "groups.facilitate", decision)
    if decision.state is not DecisionState.DRAFT:
        raise DecisionLocked
    _check_quorum(wish, group)
    _write(decision, wish)
    session.execute(delete(DecisionOption).where(DecisionOption.decision_id == decision.id))
    _write_options(decision, wish)
    session.expire(decision, ["options"])


def wish_of(decision: GroupDecision) -> Wish:
    """A draft as the wish that made it, to change one part of it. Incomplete ones stay incomplete."""
    kept = [option for option in decision.options if not option.is_status_quo]
    return Wish(
        title=decision.title,
        method=decision.method,
        question=decision.question,
        options=tuple(option.text for option in kept) if decision.method in CHOOSING else (),
        local_starts=tuple(option.local_start for option in kept if option.local_start),
        secret=decision.secret,
        results_shown=decision.results_shown,
        reasons=decision.reasons,
        electorate=decision.electorate,
        quorum_kind=decision.quorum_kind,
        quorum=decision.quorum,
        majority=decision.majority,
        run_off_below_half=decision.run_off_below_half,
        lots_on_tie=decision.lots_on_tie,
        max_choices=decision.max_choices,
        points_total=decision.points_total,
        points_each=decision.points_each,
        fallback_method=decision.fallback_method,
        target=decision.target,
        target_data=json.loads(decision.target_data),
        collecting=True,
        undoes_id=decision.undoes_id,
    )


def delete_draft(decision: GroupDecision, *, group: Group, actor: Actor) -> None:
    """Throw away what nobody has been asked yet. Raises DecisionLocked afterwards."""
    ensure(actor, "groups.facilitate", decision)
    if decision.state is not DecisionState.DRAFT:
        raise DecisionLocked
    session.delete(decision)
    session.flush()


def _check_quorum(wish: Wish, group: Group) -> None:
    """No more than there are. A discreet group does not tell how many it is: there only percent are held."""
    if wish.quorum_kind is QuorumKind.PERCENT and wish.quorum > 100:
        raise QuorumTooHigh
    if wish.quorum_kind is QuorumKind.PEOPLE and not group.is_discreet and wish.quorum > active_count(group):
        raise QuorumTooHigh


def _write(decision: GroupDecision, wish: Wish) -> None:
    title = clean_line(wish.title)
    if not title:
        raise QuestionMissing
    if len(title) > TITLE_LENGTH:
        raise TooLong(field="title")
    decision.title, decision.question = title, clean_text(wish.question).strip()
    decision.method, decision.secret = wish.method, wish.secret and wish.method not in NAMED_ONLY
    decision.results_shown = ResultsShown.AT_CLOSING if decision.secret else wish.results_shown
    decision.reasons, decision.electorate = _reasons(wish), _electorate(wish)
    decision.quorum_kind = wish.quorum_kind
    decision.quorum = 0 if wish.quorum_kind is QuorumKind.NONE else max(1, wish.quorum)
    if len(decision.question) > QUESTION_LENGTH:
        raise TooLong(field="question")
    for name in (
        "majority",
        "run_off_below_half",
        "lots_on_tie",
        "max_choices",
        "target",
        "undoes_id",
    ):
        setattr(decision, name, getattr(wish, name))
    settled = wish.method is Method.CONSENT and wish.fallback_method in (Method.CONSENSUS, Method.MAJORITY)
    decision.fallback_method = wish.fallback_method if settled else None
    decision.points_total = wish.points_total or (10 if wish.method is Method.DOTS else None)
    decision.points_each = wish.points_each or decision.points_total
    decision.target_data = json.dumps(wish.target_data, ensure_ascii=False)


def _reasons(wish: Wish) -> Reasons:
    unfit = Reasons.OFF if wish.method in STOPPABLE else Reasons.FOR_OBJECTION
    return Reasons.OPTIONAL if wish.reasons is unfit else wish.reasons


def _electorate(wish: Wish) -> Electorate:
    """At the end only for dates; a list of some only where nothing of the group itself is changed."""
    fits = {
        Electorate.AT_OPENING: True,
        Electorate.AT_CLOSING: wish.method is Method.DATE,
        Electorate.NAMED_LIST: wish.target in OF_SOME,
    }
    return wish.electorate if fits[wish.electorate] else Electorate.AT_OPENING


def _write_options(decision: GroupDecision, wish: Wish) -> None:
    texts = [clean_line(text) for text in wish.options]
    texts = [text for text in texts if text]
    if any(len(text) > OPTION_LENGTH for text in texts):
        raise TooLong(field="options")
    if wish.method is Method.DATE:
        texts = texts or ["" for _ in wish.local_starts]
        if not wish.local_starts and not wish.collecting:
            raise DatesMissing
    elif wish.method not in CHOOSING:
        texts = [decision.title]
    elif len(texts) > MOST_OPTIONS or (
        not wish.collecting and len(dict.fromkeys(texts)) < fewest_options(wish.method)
    ):
        raise OptionsMissing
    starts = [*wish.local_starts, *[None] * len(texts)]
    for number, text in enumerate(dict.fromkeys(texts) if wish.method is not Method.DATE else texts, 1):
        add_option_row(decision, number, text, local_start=starts[number - 1])
    if wish.method is Method.RESISTANCE:
        # An empty text: the page words "everything stays as it is" in the reader's language.
        add_option_row(decision, len(dict.fromkeys(texts)) + 1, "", is_status_quo=True)
    session.flush()
    if wish.method is Method.LOTS:
        put_people(decision, wish.target_data.get("members", {}))


def fewest_options(method: Method) -> int:
    """So many things to choose from make a question; the status quo of resistance is the second one."""
    return 2 - (method is Method.RESISTANCE) if method in CHOOSING else 1


def add_option_row(
    decision: GroupDecision,
    number: int,
    text: str,
    *,
    local_start: str | None = None,
    is_status_quo: bool = False,
) -> DecisionOption:
    """One more row of options."""
    option = DecisionOption(
        decision_id=decision.id,
        number=number,
        text=text,
        local_start=local_start,
        is_status_quo=is_status_quo,
        added_in_round=decision.round,
    )
    session.add(option)
    return option


def open_decision(decision: GroupDecision, *, group: Group, actor: Actor, closes_at: datetime) -> None:
    """Ask the members: from now until `closes_at`, one hour to sixty days. The electorate is frozen.

    Raises DecisionLocked, TimesWrong, ErasedBefore, OptionsMissing, TooFewForSecret, NobodyAsked,
    QuorumTooHigh.
    """
    ensure(actor, "groups.facilitate", decision)
    if decision.state not in (DecisionState.DRAFT, DecisionState.COLLECTING):
        raise DecisionLocked
    check_end(group, closes_at)
    decision.opens_at, decision.closes_at = clock.now(), closes_at
    begin_asking(decision, group)


def check_end(group: Group, closes_at: datetime) -> None:
    """An hour to sixty days from now, and before the group is erased. Raises TimesWrong, ErasedBefore."""
    if not SHORTEST <= closes_at - clock.now() <= LONGEST:
        raise TimesWrong
    if group.purge_on is not None and closes_at != before_erasure(group, closes_at):
        raise ErasedBefore(group.purge_on)


def before_erasure(group: Group, closes_at: datetime) -> datetime:
    """This end, or the last minute before the day on which the group is erased: later nothing is counted."""
    if group.purge_on is None:
        return closes_at
    midnight = datetime.combine(group.purge_on, time(), tzinfo=clock.zone()).astimezone(UTC)
    return min(closes_at, midnight - timedelta(minutes=1))


def begin_asking(decision: GroupDecision, group: Group) -> None:
    """From now on answers count; the dates stand already. Raises what `open_decision` does."""
    session.expire(decision, ["options"])
    offered = sum(not (option.is_status_quo or option.dropped) for option in decision.options)
    if offered < fewest_options(decision.method):
        raise OptionsMissing
    electors = freeze_electorate(decision)
    # Less privacy needs everybody's yes: whatever the size, a no is nobody's in particular.
    if decision.secret and decision.target is not Target.PRIVACY and electors < FEWEST_SECRET_ELECTORS:
        raise TooFewForSecret
    forget_wish(decision)
    decision.state = DecisionState.OPEN
    session.flush()
    if decision.secret:
        make_tallies(decision)
    if decision.method is Method.LOTS or decision.lots_on_tie:
        decision.lot_secret = secrets.token_hex(32)
    sign_of_life(group)
    tell(group, "decision_opened", decision=decision.public_id)
    emit(DecisionOpened(group.id, decision.id))


def make_tallies(decision: GroupDecision) -> None:
    """All counters of a secret round, at zero."""
    options = list(session.scalars(select(DecisionOption).where(DecisionOption.decision_id == decision.id)))
    session.add_all(
        SecretTally(decision_id=decision.id, round=decision.round, key=key, count=0)
        for key in tally_keys(decision, options)
    )
    session.flush()


def lot_commitment(decision: GroupDecision) -> str:
    """SHA-256 of the secret of a lottery, shown from the opening on: nobody can change it any more."""
    return hashlib.sha256((decision.lot_secret or "").encode()).hexdigest()
