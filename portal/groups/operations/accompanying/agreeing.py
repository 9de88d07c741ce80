"""Agreeing on accompaniment: one side proposes, both sign. Nothing is granted that was not agreed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from portal.accounts.models import Account
from portal.core import clock, crypto
from portal.core.actors import Actor, ActorKind
from portal.core.db import session
from portal.core.events import emit
from portal.core.limits import hit
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text
from portal.groups.errors import TooLong
from portal.groups.errors.accompanying import (
    AlreadySigned,
    CompanionCodeNotValid,
    CompanionInside,
    CompanionMissing,
    GoalMissing,
    TimeWrong,
)
from portal.groups.events import AccompanimentNews
from portal.groups.models import (
    GOAL_LENGTH,
    GRANTS_DISCREET,
    LABEL_LENGTH,
    MOST_PLANNED,
    Accompaniment,
    AccompanimentState,
    CompanionKind,
    Grant,
    Group,
    Right,
    Scope,
    Side,
)
from portal.groups.operations.codewords import code_words
from portal.groups.operations.joining import code_hash
from portal.groups.operations.telling import tell
from portal.groups.permissions import is_member, may, membership_of
from portal.groups.permissions.accompanying import OPEN, companion_ref
from portal.groups.queries.accompanying import by_code

LONGEST_MONTHS = 6
# A month of the agreement; six of them are 184 days.
_MONTH_DAYS = (0, 31, 61, 92, 122, 153, 184)
_PURPOSE = "groups.companion_code"


@dataclass(frozen=True)
class Terms:
    """What the two agree on, as the form hands it over."""

    goal: str
    months: int
    scope: tuple[Scope, ...] = ()
    grants: tuple[Grant, ...] = ()
    meetings: int = 0
    group_word: str = ""
    renewal_of_id: int | None = None


def ask_companion(
    group: Group, terms: Terms, *, actor: Actor, companion: Account | None = None
) -> tuple[Accompaniment, str]:
    """A member proposes accompaniment in the group's name; returns it and, without an account, a code.

    The code (three words, shown once) is for somebody whose account the group does not know. The group signs
    at once when the actor may. Asked twice in the same words it is one proposal; of two codes the later
    holds. Raises GoalMissing, TimeWrong, TooLong, CompanionInside.
    """
    ensure(actor, "groups.plan_accompaniment", group)
    session.refresh(group, with_for_update=True)
    kind = CompanionKind.PEER if companion is None else CompanionKind.PROFESSIONAL
    made = _written(group, terms, kind, Side.GROUP)
    known = _asked_already(made, companion_ref(companion.id, group.id) if companion else None)
    words = "" if companion else " ".join(code_words())
    if known is not None:
        known.code_hash = _code_hash(words) if words else None
        return known, words
    if companion is None:
        made.code_hash = _code_hash(words)
    else:
        _set_companion(made, companion.id, companion.display_name)
        _is_outside(made, group, companion.id)
    session.add(made)
    session.flush()
    tell(group, "accompaniment_proposed")
    if may(Right.ASSIGN_ROLES)(actor, group):
        sign_for_group(made, group=group, actor=actor)
    emit(AccompanimentNews(group.id, made.id, "proposed", Side.COMPANION))
    return made, words


_SAME = ("kind", "asked_by", "goal", "group_word", "scope", "grants", "meetings", "days", "renewal_of_id")


def _asked_already(made: Accompaniment, ref: str | None) -> Accompaniment | None:
    """The proposal that waits for an answer of the same person and says the same."""
    query = select(Accompaniment).where(
        Accompaniment.group_id == made.group_id, Accompaniment.state == AccompanimentState.PROPOSED
    )
    for one in session.scalars(query):
        if one.ref == ref and all(getattr(one, name) == getattr(made, name) for name in _SAME):
            return one
    return None


def offer_companion(group: Group, terms: Terms, *, actor: Actor) -> Accompaniment:
    """A professional offers to accompany a group; it does nothing until the group agrees. Twice is once.

    Raises GoalMissing, TimeWrong, TooLong, CompanionInside.
    """
    ensure(actor, "groups.offer_accompaniment", group)
    if actor.account_id is None:
        raise CompanionMissing
    session.refresh(group, with_for_update=True)
    made = _written(group, terms, CompanionKind.PROFESSIONAL, Side.COMPANION)
    known = _asked_already(made, companion_ref(actor.account_id, group.id))
    if known is not None:
        return known
    _set_companion(made, actor.account_id, actor.display_name)
    made.signed_by_companion_on = clock.today()
    session.add(made)
    session.flush()
    tell(group, "accompaniment_offered")
    emit(AccompanimentNews(group.id, made.id, "offered", Side.GROUP))
    return made


def _written(group: Group, terms: Terms, kind: CompanionKind, side: Side) -> Accompaniment:
    goal, word = clean_text(terms.goal).strip(), clean_line(terms.group_word)
    if not goal:
        raise GoalMissing
    if len(goal) > GOAL_LENGTH:
        raise TooLong(field="goal")
    if len(word) > LABEL_LENGTH:
        raise TooLong(field="group_word")
    if not 1 <= terms.months <= LONGEST_MONTHS:
        raise TimeWrong
    allowed = GRANTS_DISCREET if group.is_discreet else frozenset(Grant)
    return Accompaniment(
        group_id=group.id,
        kind=kind,
        asked_by=side,
        goal=goal,
        group_word=word,
        scope=[str(one) for one in Scope if one in terms.scope],
        grants=[str(one) for one in Grant if one in terms.grants and one in allowed],
        meetings=max(0, min(terms.meetings, MOST_PLANNED)),
        days=_MONTH_DAYS[terms.months],
        renewal_of_id=terms.renewal_of_id,
    )


def _set_companion(made: Accompaniment, account_id: int, name: str) -> None:
    made.ref = companion_ref(account_id, made.group_id)
    made.reach, made.name = str(account_id), name


def _is_outside(made: Accompaniment, group: Group, account_id: int) -> None:
    kind = ActorKind.STAFF if made.kind is CompanionKind.PROFESSIONAL else ActorKind.RESIDENT
    if is_member(Actor(kind=kind, account_id=account_id), group):
        raise CompanionInside


def _code_hash(typed: str) -> str:
    return crypto.keyed_hash(_PURPOSE, code_hash(typed))


# ---- signing


def sign_for_group(made: Accompaniment, *, group: Group, actor: Actor) -> None:
    """The group agrees: somebody whose task it is, or two members while nobody has it. Twice is once.

    Raises AlreadySigned when it is over.
    """
    ensure(actor, "groups.sign_accompaniment", group)
    if made.signed_by_group_on is not None and made.state in OPEN:
        return
    _is_open(made)
    if made.group_id != group.id:
        raise AlreadySigned
    member = membership_of(actor, group)
    if not may(Right.ASSIGN_ROLES)(actor, group):
        if made.first_signer_id is None:
            made.first_signer_id = member.id if member else None
            session.flush()
            return
        if member is None or made.first_signer_id == member.id:
            return
    made.signed_by_group_on = clock.today()
    _begin_if_both(made, group)


def sign_as_companion(made: Accompaniment, *, group: Group, actor: Actor) -> None:
    """The one who accompanies agrees. Twice is once. Raises AlreadySigned when it is over."""
    ensure(actor, "groups.answer_as_companion", made)
    if made.signed_by_companion_on is not None and made.state in OPEN:
        return
    _is_open(made)
    made.signed_by_companion_on = clock.today()
    _begin_if_both(made, group)


def _is_open(made: Accompaniment) -> None:
    if made.state is not AccompanimentState.PROPOSED:
        raise AlreadySigned


def _begin_if_both(made: Accompaniment, group: Group) -> None:
    session.flush()
    if made.signed_by_group_on is None or made.signed_by_companion_on is None:
        return
    won = session.execute(
        update(Accompaniment)
        .where(Accompaniment.id == made.id, Accompaniment.state == AccompanimentState.PROPOSED)
        .values(state=AccompanimentState.AGREED, from_on=clock.today(), code_hash=None)
    )
    session.expire(made)
    if won.rowcount:  # type: ignore[attr-defined]
        tell(group, "accompaniment_agreed")
        for side in Side:
            emit(AccompanimentNews(group.id, made.id, "agreed", side))


def open_by_code(typed: str, *, actor: Actor) -> Accompaniment:
    """Somebody opens the proposal on their slip of paper; from now on it is addressed to them.

    Raises CompanionCodeNotValid (always the same words), RateLimited.
    """
    ensure(actor, "groups.open_companion_code")
    hit("groups.code", str(actor.account_id))
    made = by_code(_code_hash(typed))
    group = session.get(Group, made.group_id) if made is not None else None
    if made is None or group is None or not group.is_living or actor.account_id is None:
        raise CompanionCodeNotValid
    if is_member(actor, group):
        raise CompanionInside(field="code")
    made.kind = CompanionKind.PROFESSIONAL if actor.is_staff else CompanionKind.PEER
    _set_companion(made, actor.account_id, actor.display_name)
    made.code_hash = None
    session.flush()
    return made
