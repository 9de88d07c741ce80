"""What is counted and written about an accompaniment: meetings together, the closing report, the note."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_text
from portal.groups.errors import TooLong
from portal.groups.errors.accompanying import AccompanimentOver, NotFounding, ReportMissing
from portal.groups.events import AccompanimentNews
from portal.groups.models import (
    GOAL_LENGTH,
    WORD_LENGTH,
    Accompaniment,
    ClosingReport,
    CompanionKind,
    CompanionMeeting,
    FoundingNote,
    Group,
    GroupState,
    Side,
)
from portal.groups.permissions.accompanying import RUNNING, is_just_over
from portal.groups.queries.accompanying import day_key, group_of

NOTE_KEPT = timedelta(days=180)
# What a discreet group and somebody beside it wrote goes with its other words.
REPORTS_KEPT_DISCREET = timedelta(days=90)


def count_meeting(made: Accompaniment, *, actor: Actor, side: Side, undo: bool = False) -> None:
    """One side says that they met today; twice on one day is once, and it can be taken back that day.

    Raises AccompanimentOver when it does not run.
    """
    _may(made, actor, side)
    if not made.is_in_force(clock.today()):
        raise AccompanimentOver
    values = {"accompaniment_id": made.id, "day_key": day_key(made, clock.today())}
    if undo:
        session.execute(delete(CompanionMeeting).filter_by(**values))
    else:
        session.execute(upsert(CompanionMeeting).values(**values).on_conflict_do_nothing())


def _may(made: Accompaniment, actor: Actor, side: Side) -> None:
    if side is Side.GROUP:
        ensure(actor, "groups.plan_accompaniment", group_of(made))
    else:
        ensure(actor, "groups.accompany", made)


def write_report(made: Accompaniment, text: str, *, actor: Actor, side: Side) -> None:
    """One side's closing report, from the beginning until some weeks after the end; the last words count.

    Raises AccompanimentOver when it is too late, ReportMissing, TooLong.
    """
    if side is Side.GROUP:
        ensure(actor, "groups.plan_accompaniment", group_of(made))
    else:
        ensure(actor, "groups.look_back", made)
    cleaned = clean_text(text).strip()
    if not (made.state in RUNNING or is_just_over(made)):
        raise AccompanimentOver
    if not cleaned:
        raise ReportMissing
    if len(cleaned) > WORD_LENGTH:
        raise TooLong(field="text")
    is_new = session.get(ClosingReport, (made.id, side)) is None
    values = {"text": cleaned, "on": clock.today()}
    statement = upsert(ClosingReport).values(accompaniment_id=made.id, side=side, **values)
    unique = ["accompaniment_id", "side"]
    session.execute(statement.on_conflict_do_update(index_elements=unique, set_=values))
    session.expire_all()
    if is_new:
        other = Side.COMPANION if side is Side.GROUP else Side.GROUP
        emit(AccompanimentNews(made.group_id, made.id, "report", other))


def write_note(made: Accompaniment, text: str, *, actor: Actor) -> None:
    """A professional who accompanies a founding circle says something to everybody who sees the circle.

    It stops nothing: the founders decide without it. No words take it back; it is also gone as soon as the
    accompaniment is over. Raises NotFounding, TooLong.
    """
    ensure(actor, "groups.answer_as_companion", made)
    group = group_of(made)
    if not may_note(made, group):
        raise NotFounding
    cleaned = clean_text(text).strip()
    if len(cleaned) > GOAL_LENGTH:
        raise TooLong(field="text")
    if not cleaned:
        session.execute(delete(FoundingNote).where(FoundingNote.accompaniment_id == made.id))
        return
    values = {"text": cleaned, "on": clock.today()}
    statement = upsert(FoundingNote).values(accompaniment_id=made.id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["accompaniment_id"], set_=values))
    session.expire_all()
    emit(AccompanimentNews(group.id, made.id, "note", Side.GROUP))


def may_note(made: Accompaniment, group: Group) -> bool:
    """A professional, by an agreement in force, while the circle is being founded."""
    is_professional = made.kind is CompanionKind.PROFESSIONAL
    return is_professional and group.state is GroupState.FOUNDING and made.is_in_force(clock.today())


def forget(today: date) -> None:
    """Notes half a year after they were written; reports go with the agreement, of discreet groups before."""
    session.execute(delete(FoundingNote).where(FoundingNote.on < today - NOTE_KEPT))
    over = (
        select(Accompaniment.id)
        .join(Group, Group.id == Accompaniment.group_id)
        .where(Group.is_discreet, Accompaniment.ended_on < today - REPORTS_KEPT_DISCREET)
    )
    session.execute(delete(ClosingReport).where(ClosingReport.accompaniment_id.in_(over)))
