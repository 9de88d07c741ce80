"""Tasks: what there is to do, who does it, until when. Taking one is a tap, giving it back as well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete, func, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.core.text import clean_line
from portal.groups.errors import TooLong
from portal.groups.errors.inside import DayFarAway, EnoughDoers, NoLongerThere, TaskMissing
from portal.groups.events import TaskDue
from portal.groups.models import (
    MOST_DOERS,
    TASK_LENGTH,
    Group,
    GroupTask,
    Membership,
    MemberState,
    TaskDoer,
    TaskState,
)
from portal.groups.operations.board import acting_member, group_of
from portal.groups.operations.telling import sign_of_life
from portal.groups.queries.spans import months

FARTHEST = timedelta(days=730)
REMIND_BEFORE = timedelta(days=2)


def add_task(
    group: Group,
    *,
    actor: Actor,
    what: str,
    due_on: date | None = None,
    doers: Iterable[str] = (),
    minutes_id: int | None = None,
    form_key: str = "",
) -> GroupTask:
    """Write down something to do. `doers`: public ids of members; in a discreet group only oneself.

    Sent twice it is one task. Raises TaskMissing, TooLong, DayFarAway, EnoughDoers.
    """
    ensure(actor, "groups.take_part", group)
    if form_key:
        query = select(GroupTask).where(GroupTask.group_id == group.id, GroupTask.form_key == form_key)
        known = session.scalar(query)
        if known is not None:
            return known
    task = GroupTask(
        group_id=group.id,
        minutes_id=minutes_id,
        what=checked_task(what),
        due_on=checked_day(due_on, "due_on"),
        form_key=form_key or None,
        delete_on=clock.today() + months(site("groups.papers_months")),
    )
    session.add(task)
    session.flush()
    set_doers(task, group, actor=actor, public_ids=doers)
    sign_of_life(group)
    return task


def checked_task(what: str) -> str:
    """One clean line. Raises TaskMissing, TooLong."""
    cleaned = clean_line(what)
    if not cleaned:
        raise TaskMissing
    if len(cleaned) > TASK_LENGTH:
        raise TooLong(field="what")
    return cleaned


def checked_day(day: date | None, field: str) -> date | None:
    """A day at most two years from today, before or after. Raises DayFarAway."""
    if day is not None and abs(day - clock.today()) > FARTHEST:
        raise DayFarAway(field=field)
    return day


def change_task(
    task: GroupTask, *, actor: Actor, what: str, due_on: date | None, doers: Iterable[str] | None = None
) -> None:
    """Say it anew: what, until when, who (None: as before).

    Raises TaskMissing, TooLong, DayFarAway, EnoughDoers.
    """
    ensure(actor, "groups.do_task", task)
    task.what = checked_task(what)
    day = checked_day(due_on, "due_on")
    if day != task.due_on:
        task.due_on, task.reminded_on = day, None
    if doers is not None:
        set_doers(task, group_of(task), actor=actor, public_ids=doers)


def set_doers(task: GroupTask, group: Group, *, actor: Actor, public_ids: Iterable[str]) -> None:
    """These members do it from now on. In a discreet group people only speak for themselves.

    Ids that are no member's change nothing. Raises EnoughDoers.
    """
    wanted = set(public_ids)
    query = select(Membership.id).where(
        Membership.group_id == group.id,
        Membership.public_id.in_(wanted),
        Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)),
    )
    chosen = set(session.scalars(query))
    present = set(session.scalars(select(TaskDoer.membership_id).where(TaskDoer.task_id == task.id)))
    if group.is_discreet:
        own = acting_member(group, actor).id
        chosen = (present - {own}) | (chosen & {own})
    if len(chosen) > MOST_DOERS:
        raise EnoughDoers(field="doers")
    gone = present - chosen
    session.execute(delete(TaskDoer).where(TaskDoer.task_id == task.id, TaskDoer.membership_id.in_(gone)))
    for membership_id in sorted(chosen - present):
        _put(task, membership_id)


def _put(task: GroupTask, membership_id: int) -> None:
    """Pressed twice, or by two at once, it is once."""
    row = {"task_id": task.id, "membership_id": membership_id, "group_id": task.group_id}
    session.execute(upsert(TaskDoer).values(row).on_conflict_do_nothing())


def take_task(task: GroupTask, *, actor: Actor) -> None:
    """The actor does it. Raises NoLongerThere for tasks that are over, EnoughDoers."""
    ensure(actor, "groups.do_task", task)
    _be_open(task)
    member = acting_member(group_of(task), actor)
    many = select(func.count()).where(TaskDoer.task_id == task.id, TaskDoer.membership_id != member.id)
    if (session.scalar(many) or 0) >= MOST_DOERS:
        raise EnoughDoers
    _put(task, member.id)


def give_back_task(task: GroupTask, *, actor: Actor) -> None:
    """The actor does not do it after all; no reason needed."""
    ensure(actor, "groups.do_task", task)
    member = acting_member(group_of(task), actor)
    session.execute(delete(TaskDoer).where(TaskDoer.task_id == task.id, TaskDoer.membership_id == member.id))


def finish_task(task: GroupTask, *, actor: Actor) -> None:
    """It is done. Done twice is done once."""
    ensure(actor, "groups.do_task", task)
    if task.state is TaskState.DONE:
        return
    _be_open(task)
    task.state, task.ended_on = TaskState.DONE, clock.today()
    sign_of_life(group_of(task))


def drop_task(task: GroupTask, *, actor: Actor) -> None:
    """The group lets it go."""
    ensure(actor, "groups.do_task", task)
    if task.state is TaskState.DROPPED:
        return
    _be_open(task)
    task.state, task.ended_on = TaskState.DROPPED, clock.today()


def reopen_task(task: GroupTask, *, actor: Actor) -> None:
    """It is to be done after all."""
    ensure(actor, "groups.do_task", task)
    task.state, task.ended_on, task.reminded_on = TaskState.OPEN, None, None


def _be_open(task: GroupTask) -> None:
    if task.state is not TaskState.OPEN:
        raise NoLongerThere


# ---- dates


def remind_due(today: date) -> int:
    """Say once of each task somebody took that it is due in two days or less; returns how many."""
    taken = select(TaskDoer.task_id).where(TaskDoer.task_id == GroupTask.id).exists()
    query = select(GroupTask).where(
        GroupTask.state == TaskState.OPEN,
        GroupTask.due_on <= today + REMIND_BEFORE,
        GroupTask.due_on >= today,
        GroupTask.reminded_on.is_(None),
        taken,
    )
    tasks = session.scalars(query.order_by(GroupTask.id)).all()
    for task in tasks:
        task.reminded_on = today
        emit(TaskDue(task.group_id, task.id))
    return len(tasks)


def forget_old_tasks(today: date) -> int:
    """Erase tasks whose date has come; returns how many."""
    ids = session.scalars(select(GroupTask.id).where(GroupTask.delete_on <= today)).all()
    session.execute(delete(GroupTask).where(GroupTask.id.in_(ids)))
    return len(ids)
