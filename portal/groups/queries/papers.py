"""Minutes and tasks as their readers see them: outside, only names that people gave out stand there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import defer

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.models import (
    DecisionState,
    Group,
    GroupDecision,
    GroupMinutes,
    GroupTask,
    MeetingDate,
    Membership,
    MinutesDate,
    MinutesDecision,
    Target,
    TaskDoer,
    TaskState,
)
from portal.groups.permissions import is_member, membership_of
from portal.groups.permissions.inside import closed_until

# Done and dropped tasks stand in the list for so long; afterwards in the export only.
SHOWN_AFTER = timedelta(days=30)
DECIDED_LATELY = timedelta(days=60)


@dataclass(frozen=True)
class DecisionLine:
    """A decision on a sheet; `public_id` where it was decided in the portal."""

    text: str
    public_id: str | None


@dataclass(frozen=True)
class TaskLineView:
    """A task in a list. `doers`: names, "" where the reader learns none; `doer_ids`: public ids."""

    public_id: str
    what: str
    due_on: date | None
    state: TaskState
    doers: tuple[str, ...]
    doer_ids: tuple[str, ...]
    is_mine: bool
    is_late: bool
    written_on: date
    ended_on: date | None


def minutes_in_group(group_public_id: str, minutes_public_id: str) -> GroupMinutes | None:
    """The sheet, if it belongs to this group; the caller decides whether the reader may have it."""
    query = (
        select(GroupMinutes)
        .join(Group, Group.id == GroupMinutes.group_id)
        .where(Group.public_id == group_public_id, GroupMinutes.public_id == minutes_public_id)
    )
    return session.scalar(query)


def task_in_group(group_public_id: str, task_public_id: str) -> GroupTask | None:
    """The task, if it belongs to this group."""
    query = (
        select(GroupTask)
        .join(Group, Group.id == GroupTask.group_id)
        .where(Group.public_id == group_public_id, GroupTask.public_id == task_public_id)
    )
    return session.scalar(query)


def _sheets(group: Group, viewer: Actor) -> ColumnElement[bool]:
    """The sheets this reader may know of."""
    found = GroupMinutes.group_id == group.id
    until = closed_until(viewer, group)
    return found if until is None else found & (GroupMinutes.written_on > until)


def minutes_count(group: Group, viewer: Actor) -> int:
    """How many sheets there are for this reader."""
    return session.scalar(select(func.count(GroupMinutes.id)).where(_sheets(group, viewer))) or 0


def minutes_list(group: Group, viewer: Actor, *, offset: int, limit: int) -> list[GroupMinutes]:
    """Sheets, the newest meeting first; without their long texts."""
    query = (
        select(GroupMinutes)
        .where(_sheets(group, viewer))
        .options(defer(GroupMinutes.text), defer(GroupMinutes.html))
        .order_by(GroupMinutes.met_on.desc(), GroupMinutes.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return list(session.scalars(query))


def date_of_minutes(minutes: GroupMinutes) -> MeetingDate | None:
    """The date in the calendar the sheet is of, while the group still has it."""
    query = (
        select(MeetingDate)
        .join(MinutesDate, MinutesDate.date_id == MeetingDate.id)
        .where(MinutesDate.minutes_id == minutes.id)
    )
    return session.scalar(query)


def minutes_of_date(date_id: int) -> list[GroupMinutes]:
    """The sheets about one date, without their long texts."""
    query = (
        select(GroupMinutes)
        .join(MinutesDate, MinutesDate.minutes_id == GroupMinutes.id)
        .where(MinutesDate.date_id == date_id)
        .options(defer(GroupMinutes.text), defer(GroupMinutes.html))
        .order_by(GroupMinutes.id)
    )
    return list(session.scalars(query))


def decisions_on(minutes: GroupMinutes, *, for_members: bool = True) -> list[DecisionLine]:
    """What the sheet says was decided, in its order.

    What was decided about somebody's membership stays among the members.
    """
    query = (
        select(MinutesDecision, GroupDecision.public_id)
        .outerjoin(GroupDecision, GroupDecision.id == MinutesDecision.decision_id)
        .where(MinutesDecision.minutes_id == minutes.id)
        .order_by(MinutesDecision.number)
    )
    if not for_members:
        query = query.where(GroupDecision.id.is_(None) | (GroupDecision.target != Target.REVIEW))
    return [DecisionLine(line.text, public_id) for line, public_id in session.execute(query)]


def decided_lately(group: Group) -> list[tuple[str, str]]:
    """(public id, title) of what the group decided in the portal in the last sixty days, newest first."""
    query = (
        select(GroupDecision.public_id, GroupDecision.title)
        .where(GroupDecision.group_id == group.id, GroupDecision.state == DecisionState.CLOSED)
        .where(GroupDecision.closed_at >= clock.now() - DECIDED_LATELY)
        .order_by(GroupDecision.id.desc())
        .limit(20)
    )
    return [(public_id, title) for public_id, title in session.execute(query)]


def open_tasks(group: Group, viewer: Actor) -> list[TaskLineView]:
    """What is to be done, by date; what has no date last. Two questions."""
    query = select(GroupTask).where(GroupTask.group_id == group.id, GroupTask.state == TaskState.OPEN)
    ordered = query.order_by(GroupTask.due_on.is_(None), GroupTask.due_on, GroupTask.id)
    return _lines(ordered, group, viewer)


def ended_tasks(group: Group, viewer: Actor) -> list[TaskLineView]:
    """What was done or let go in the last thirty days, newest first."""
    query = select(GroupTask).where(
        GroupTask.group_id == group.id, GroupTask.ended_on >= clock.today() - SHOWN_AFTER
    )
    return _lines(query.order_by(GroupTask.ended_on.desc(), GroupTask.id.desc()), group, viewer)


def all_tasks(group: Group, viewer: Actor) -> list[TaskLineView]:
    """Every task there is, oldest first: for the export."""
    return _lines(
        select(GroupTask).where(GroupTask.group_id == group.id).order_by(GroupTask.id), group, viewer
    )


def tasks_on(minutes: GroupMinutes, group: Group, viewer: Actor) -> list[TaskLineView]:
    """The tasks of a sheet in the order they were written."""
    query = select(GroupTask).where(GroupTask.minutes_id == minutes.id).order_by(GroupTask.id)
    return _lines(query, group, viewer)


def task_line(task: GroupTask, group: Group, viewer: Actor) -> TaskLineView:
    """One task."""
    return _lines(select(GroupTask).where(GroupTask.id == task.id), group, viewer)[0]


def _lines(query: Any, group: Group, viewer: Actor) -> list[TaskLineView]:
    until, knows = closed_until(viewer, group), is_member(viewer, group)
    tasks = [task for task in session.scalars(query) if until is None or task.written_on > until]
    doers = _doers([task.id for task in tasks], knows=knows)
    member = membership_of(viewer, group)
    own, today = member.public_id if member else "", clock.today()
    return [_line(task, doers.get(task.id, []), own, today) for task in tasks]


def _line(task: GroupTask, doers: list[tuple[str, str]], own: str, today: date) -> TaskLineView:
    is_late = task.state is TaskState.OPEN and task.due_on is not None and task.due_on < today
    return TaskLineView(
        task.public_id,
        task.what,
        task.due_on,
        task.state,
        tuple(alias for _, alias in doers),
        tuple(public_id for public_id, _ in doers),
        bool(own) and own in [public_id for public_id, _ in doers],
        is_late,
        task.written_on,
        task.ended_on,
    )


def _doers(task_ids: Iterable[int], *, knows: bool) -> dict[int, list[tuple[str, str]]]:
    """task -> (public id, name) of those who do it; an empty name for readers whom they gave none."""
    query = (
        select(TaskDoer.task_id, Membership.public_id, Membership.alias, Membership.shown_publicly)
        .join(Membership, Membership.id == TaskDoer.membership_id)
        .where(TaskDoer.task_id.in_(list(task_ids)))
        .order_by(TaskDoer.membership_id)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for task_id, public_id, alias, shown in session.execute(query):
        found.setdefault(task_id, []).append((public_id, alias if knows or shown else ""))
    return found


def doers_to_tell(task: GroupTask) -> list[int]:
    """Ids of the memberships that do it, for reminders."""
    query = select(TaskDoer.membership_id).where(TaskDoer.task_id == task.id)
    return list(session.scalars(query.order_by(TaskDoer.membership_id)))
