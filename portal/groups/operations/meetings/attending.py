"""Who comes, that it took place, and people who are no members and asked to be told the dates."""

from __future__ import annotations

from sqlalchemy import delete, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors import AskedLately, NotAMember, TooLong
from portal.groups.errors.meetings import DateCancelled, DateNotYet, DateOver, NobodyIsAsked
from portal.groups.events import MeetingHeld
from portal.groups.models import (
    NEEDS_LENGTH,
    Answer,
    Attendance,
    DateStatus,
    DateWish,
    Group,
    Held,
    MeetingDate,
    MemberState,
)
from portal.groups.operations.membership import row_for
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.permissions import forget_standing, membership_of
from portal.groups.queries.meetings import line_of

MOST_PEOPLE_TOGETHER = 5


def answer_date(
    row: MeetingDate, answer: Answer, *, actor: Actor, people: int = 1, needs: str = ""
) -> Attendance:
    """The member says whether they come, with how many (1 to 5), and what they need. The last answer counts.

    Raises NobodyIsAsked in a discreet group, DateCancelled, DateOver, TooLong.
    """
    ensure(actor, "groups.attend", row)
    group = session.get_one(Group, row.group_id)
    if group.is_discreet:
        raise NobodyIsAsked
    if row.status is DateStatus.CANCELLED:
        raise DateCancelled
    if line_of(row).is_over:
        raise DateOver
    membership = membership_of(actor, group)
    if membership is None:
        raise NotAMember
    wishes = clean_line(needs)
    if len(wishes) > NEEDS_LENGTH:
        raise TooLong(field="needs")
    values = {
        "answer": answer,
        "people": max(1, min(people, MOST_PEOPLE_TOGETHER)),
        "needs": wishes if wishes and answer is not Answer.NO else None,
    }
    statement = upsert(Attendance).values(date_id=row.id, membership_id=membership.id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["date_id", "membership_id"], set_=values))
    return session.get_one(Attendance, (row.id, membership.id), populate_existing=True)


def took_place(row: MeetingDate, *, actor: Actor, people: int | None = None) -> bool:
    """A member says that it took place: the group lives. Returns whether that was news.

    Said by several at once it counts once. How many came is optional, and never asked in a discreet group.
    Raises DateNotYet, DateCancelled.
    """
    ensure(actor, "groups.attend", row)
    _has_begun(row)
    group = session.get_one(Group, row.group_id)
    counted = None if group.is_discreet or not people else max(1, min(people, 10_000))
    won = session.execute(
        update(MeetingDate)
        .where(MeetingDate.id == row.id, MeetingDate.held != Held.HELD)
        .where(MeetingDate.status == DateStatus.PLANNED)
        .values(held=Held.HELD, people=counted)
    )
    session.expire(row)
    if not won.rowcount:  # type: ignore[attr-defined]
        return False
    sign_of_life(group)
    tell(group, "meeting_held")
    emit(MeetingHeld(group.id, row.id))
    return True


def did_not_take_place(row: MeetingDate, *, actor: Actor) -> bool:
    """A member says that nobody came. Whoever said before that it took place was right: nothing changes then.

    Raises DateNotYet, DateCancelled.
    """
    ensure(actor, "groups.attend", row)
    _has_begun(row)
    won = session.execute(
        update(MeetingDate)
        .where(MeetingDate.id == row.id, MeetingDate.held == Held.UNKNOWN)
        .where(MeetingDate.status == DateStatus.PLANNED)
        .values(held=Held.NOT_HELD)
    )
    session.expire(row)
    return bool(won.rowcount)  # type: ignore[attr-defined]


def _has_begun(row: MeetingDate) -> None:
    if row.status is DateStatus.CANCELLED:
        raise DateCancelled
    if not line_of(row).has_begun:
        raise DateNotYet


def ask_for_dates(group: Group, *, actor: Actor) -> None:
    """Somebody who is no member wants to know the dates; they count as interested. Twice is once.

    Raises AskedLately after a no, as long as the group remembers it.
    """
    ensure(actor, "groups.ask_for_dates", group)
    membership = membership_of(actor, group)
    if membership is not None and membership.state in (MemberState.DECLINED, MemberState.REMOVED):
        raise AskedLately
    if membership is None or membership.state is MemberState.LEFT:
        membership = row_for(group, actor, MemberState.INTERESTED)
        session.flush()
        forget_standing(group)
    statement = upsert(DateWish).values(membership_id=membership.id, asked_on=clock.today())
    session.execute(statement.on_conflict_do_nothing(index_elements=["membership_id"]))


def stop_dates(group: Group, *, actor: Actor) -> None:
    """They do not want to know any more; who was only interested leaves no trace."""
    ensure(actor, "groups.stop_dates", group)
    membership = membership_of(actor, group)
    if membership is None:
        return
    session.execute(delete(DateWish).where(DateWish.membership_id == membership.id))
    if membership.state is MemberState.INTERESTED:
        session.delete(membership)
        session.flush()
        forget_standing(group)
