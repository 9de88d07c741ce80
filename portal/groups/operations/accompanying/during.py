"""During an accompaniment: looking inside, writing to each other, substitutes; and its end."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_text
from portal.groups.errors import NothingToDecide, TooLong
from portal.groups.errors.accompanying import (
    AlreadySigned,
    CompanionMissing,
    NotGranted,
    SubstituteTimeWrong,
)
from portal.groups.events import AccompanimentNews
from portal.groups.models import (
    GRANTS_DISCREET,
    WORD_LENGTH,
    Accompaniment,
    AccompanimentState,
    CompanionKind,
    CompanionWord,
    Grant,
    Group,
    GroupLook,
    Side,
    Substitute,
)
from portal.groups.operations.accompanying import closing
from portal.groups.operations.telling import tell
from portal.groups.permissions.accompanying import OPEN, RUNNING, companion_ref, grants_of
from portal.groups.queries.accompanying import group_of

ASKED_BEFORE = timedelta(days=14)
TEXTS_KEPT, ROWS_KEPT = timedelta(days=90), timedelta(days=400)


def look_inside(made: Accompaniment, what: Grant | None, *, actor: Actor) -> None:
    """Say that one looks: it opens for today, and the group reads it. Twice is once. Raises NotGranted."""
    ensure(actor, "groups.accompany", made)
    group = group_of(made)
    if what is None or what not in grants_of(made, group) or actor.account_id is None:
        raise NotGranted
    values = {
        "group_id": group.id,
        "accompaniment_id": made.id,
        "ref": companion_ref(actor.account_id, group.id),
        "name": actor.display_name,
        "on": clock.today(),
        "what": what,
    }
    statement = upsert(GroupLook).values(**values)
    unique = ["accompaniment_id", "ref", "on", "what"]
    session.execute(statement.on_conflict_do_nothing(index_elements=unique))


def write_word(made: Accompaniment, text: str, *, actor: Actor, side: Side) -> CompanionWord:
    """Write to the other side. Raises NothingToDecide without words or when it is over, TooLong."""
    group = group_of(made)
    if side is Side.GROUP:
        ensure(actor, "groups.plan_accompaniment", group)
    else:
        ensure(actor, "groups.accompany", made)
    cleaned = clean_text(text).strip()
    if not cleaned or made.state not in OPEN:
        raise NothingToDecide
    if len(cleaned) > WORD_LENGTH:
        raise TooLong(field="text")
    word = CompanionWord(accompaniment_id=made.id, side=side, text=cleaned)
    session.add(word)
    session.flush()
    other = Side.COMPANION if side is Side.GROUP else Side.GROUP
    emit(AccompanimentNews(group.id, made.id, "word", other))
    return word


# ---- the end


def end_accompaniment(made: Accompaniment, *, actor: Actor, side: Side) -> None:
    """Either side ends it at any time, without a reason; before both have signed, that is a no.

    For the group that is somebody whose task it is, or while nobody has it, any member. Raises AlreadySigned.
    """
    group = group_of(made)
    if side is Side.GROUP:
        ensure(actor, "groups.sign_accompaniment", group)
    else:
        ensure(actor, "groups.answer_as_companion", made)
    if made.state not in OPEN:
        raise AlreadySigned
    _close(made, side)


def _close(made: Accompaniment, side: Side | None) -> None:
    was_agreed = made.state in RUNNING
    over = AccompanimentState.TERMINATED if was_agreed else AccompanimentState.DECLINED
    made.state = AccompanimentState.ENDED if side is None else over
    made.ended_on, made.ended_by, made.code_hash = clock.today(), side, None
    session.flush()
    group = group_of(made)
    tell(group, "accompaniment_over" if was_agreed else "accompaniment_declined")
    for other in Side:
        if other is not side:
            emit(AccompanimentNews(group.id, made.id, "over", other))


def run(today: date) -> None:
    """What is due: asked "what next?" two weeks before the end, over at the end, forgotten afterwards."""
    query = select(Accompaniment).where(Accompaniment.state.in_(RUNNING))
    for made in session.scalars(query).all():
        until = made.until_on
        if until is None or today > until:
            _close(made, None)
        elif made.asked_on is None and today >= until - ASKED_BEFORE:
            made.state, made.asked_on = AccompanimentState.ENDING, today
            tell(group_of(made), "accompaniment_next", who="system")
            for side in Side:
                emit(AccompanimentNews(made.group_id, made.id, "next", side))
    _forget(today)


def _forget(today: date) -> None:
    query = select(Accompaniment).where(Accompaniment.ended_on < today - TEXTS_KEPT)
    for made in session.scalars(query).all():
        # Encrypted columns cannot be compared in the database: empty words look different each time.
        if made.goal or made.group_word or made.reach:
            made.goal, made.group_word, made.reach = "", "", None
    ids = select(Accompaniment.id).where(Accompaniment.ended_on < today - TEXTS_KEPT)
    session.execute(delete(CompanionWord).where(CompanionWord.accompaniment_id.in_(ids)))
    session.execute(delete(Accompaniment).where(Accompaniment.ended_on < today - ROWS_KEPT))
    session.execute(delete(GroupLook).where(GroupLook.on < today - ROWS_KEPT))
    closing.forget(today)


def forget_companion(account_id: int) -> None:
    """An account is erased: what it accompanies ends, and nobody stands in under its name."""
    for made in session.scalars(select(Accompaniment).where(Accompaniment.state.in_(OPEN))).all():
        ref = companion_ref(account_id, made.group_id)
        session.execute(
            delete(Substitute).where(Substitute.accompaniment_id == made.id, Substitute.ref == ref)
        )
        if made.ref == ref:
            made.reach, made.name = None, ""
            _close(made, Side.COMPANION)


# ---- substitutes


def propose_substitute(
    made: Accompaniment, person: Account | None, *, actor: Actor, from_on: date | None, until_on: date | None
) -> Substitute:
    """A professional names a colleague for a while; nothing opens before the group accepts.

    Raises CompanionMissing, SubstituteTimeWrong, NothingToDecide.
    """
    ensure(actor, "groups.answer_as_companion", made)
    if made.state not in RUNNING or made.kind is not CompanionKind.PROFESSIONAL:
        raise NothingToDecide
    if person is None or str(person.id) == made.reach:
        raise CompanionMissing
    until = made.until_on
    if from_on is None or until_on is None or until is None:
        raise SubstituteTimeWrong
    if not clock.today() <= from_on <= until_on <= until:
        raise SubstituteTimeWrong
    ref = companion_ref(person.id, made.group_id)
    session.execute(delete(Substitute).where(Substitute.accompaniment_id == made.id, Substitute.ref == ref))
    found = Substitute(
        accompaniment_id=made.id,
        ref=ref,
        reach=str(person.id),
        name=person.display_name,
        from_on=from_on,
        until_on=until_on,
    )
    session.add(found)
    session.flush()
    emit(AccompanimentNews(made.group_id, made.id, "substitute", Side.GROUP))
    return found


def answer_substitute(
    found: Substitute | None, accept: bool, *, made: Accompaniment, group: Group, actor: Actor
) -> None:
    """The group accepts somebody who stands in, or not. Raises NothingToDecide."""
    ensure(actor, "groups.sign_accompaniment", group)
    if found is None or found.accompaniment_id != made.id or made.group_id != group.id:
        raise NothingToDecide
    if found.accepted_on is not None:
        raise NothingToDecide
    if accept:
        found.accepted_on = clock.today()
        tell(group, "substitute_accepted")
    else:
        session.delete(found)
    session.flush()


def grow_discreet(group: Group) -> list[int]:
    """The group is discreet from now on: grants shrink to what such a group can give; returns agreements."""
    rows = session.scalars(select(Accompaniment).where(Accompaniment.group_id == group.id)).all()
    for made in rows:
        made.grants = [one for one in made.grants if Grant(one) in GRANTS_DISCREET]
    session.flush()
    return [made.id for made in rows]
