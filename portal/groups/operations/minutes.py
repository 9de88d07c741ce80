"""Minutes: one sheet about one meeting, with what was decided and who does what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, insert, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.core.text import clean_line, clean_text, guess_language, render_markdown
from portal.groups.errors import TooLong
from portal.groups.errors.inside import ChangedMeanwhile, DayMissing, TooManyLines
from portal.groups.events import MinutesWritten
from portal.groups.models import (
    LINE_LENGTH,
    MINUTES_LENGTH,
    MINUTES_TITLE_LENGTH,
    MOST_LINES,
    PRESENT_LENGTH,
    Group,
    GroupDecision,
    GroupMinutes,
    GroupTask,
    MeetingDate,
    MinutesDate,
    MinutesDecision,
)
from portal.groups.operations.board import acting_member, group_of
from portal.groups.operations.tasks import add_task, change_task, checked_day
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.queries.meetings import date_in
from portal.groups.queries.spans import months


@dataclass(frozen=True)
class TaskLine:
    """A line of tasks on the sheet: a new one, or one that is there (`public_id`), whose doers stay.

    Without words it is nothing.
    """

    what: str
    due_on: date | None = None
    doer: str = ""
    public_id: str = ""


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet. `decisions`: one line each; `decided`: ids of decisions in the portal."""

    met_on: date | None
    title: str = ""
    present: str = ""
    text: str = ""
    decisions: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    # Public id of the date in the group's calendar they are of, whose day counts; empty for none.
    date_id: str = ""
    tasks: tuple[TaskLine, ...] = field(default=())


def write_minutes(group: Group, *, actor: Actor, sheet: Sheet, form_key: str = "") -> GroupMinutes:
    """Put down what was said, decided and handed out. Sent twice it is one sheet.

    Raises DayMissing, DayFarAway, TooLong, TooManyLines.
    """
    ensure(actor, "groups.keep_minutes", group)
    if form_key:
        query = select(GroupMinutes).where(
            GroupMinutes.group_id == group.id, GroupMinutes.form_key == form_key
        )
        known = session.scalar(query)
        if known is not None:
            return known
    member = acting_member(group, actor)
    minutes = GroupMinutes(
        group_id=group.id,
        written_by_id=member.id,
        form_key=form_key or None,
        delete_on=clock.today() + months(site("groups.papers_months")),
        **_columns(sheet, group),
    )
    if group.is_discreet:
        minutes.seal()
    session.add(minutes)
    session.flush()
    _put_lines(minutes, group, sheet, actor)
    sign_of_life(group)
    tell(group, "minutes_written")
    emit(MinutesWritten(group.id, minutes.id, member.id))
    return minutes


def change_minutes(minutes: GroupMinutes, *, actor: Actor, sheet: Sheet, version: int) -> None:
    """Write the sheet anew. `version` is the one the writer saw: two at once do not overwrite each other.

    Raises ChangedMeanwhile, and what `write_minutes` raises.
    """
    ensure(actor, "groups.change_minutes", minutes)
    group = group_of(minutes)
    columns = _columns(sheet, group)
    won = session.execute(
        update(GroupMinutes)
        .where(GroupMinutes.id == minutes.id, GroupMinutes.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    session.refresh(minutes)
    for name, value in columns.items():
        setattr(minutes, name, value)
    minutes.changed_on = clock.today()
    _put_lines(minutes, group, sheet, actor)


def remove_minutes(minutes: GroupMinutes, *, actor: Actor) -> None:
    """The sheet is gone; the tasks that stood on it stay."""
    ensure(actor, "groups.change_minutes", minutes)
    tell(group_of(minutes), "minutes_removed")
    session.delete(minutes)
    session.flush()


def _columns(sheet: Sheet, group: Group) -> dict[str, object]:
    row = _date_of(sheet, group)
    met_on = row.on if row is not None else sheet.met_on
    if met_on is None:
        raise DayMissing
    text = clean_text(sheet.text).strip()
    if len(text) > MINUTES_LENGTH:
        raise TooLong(field="text")
    return {
        "met_on": checked_day(met_on, "met_on"),
        "title": _line(sheet.title, MINUTES_TITLE_LENGTH, "title"),
        "present": _line(sheet.present, PRESENT_LENGTH, "present"),
        "text": text,
        "html": render_markdown(text) if text else "",
        "language": guess_language(text, group.language),
    }


def _date_of(sheet: Sheet, group: Group) -> MeetingDate | None:
    """The date chosen; None for none, and for one of another group."""
    return date_in(group.public_id, sheet.date_id) if sheet.date_id else None


def _put_date(minutes: GroupMinutes, group: Group, sheet: Sheet) -> None:
    session.execute(delete(MinutesDate).where(MinutesDate.minutes_id == minutes.id))
    row = _date_of(sheet, group)
    if row is not None:
        session.execute(insert(MinutesDate).values(minutes_id=minutes.id, date_id=row.id))


def _line(words: str, most: int, name: str) -> str:
    cleaned = clean_line(words)
    if len(cleaned) > most:
        raise TooLong(field=name)
    return cleaned


def _put_lines(minutes: GroupMinutes, group: Group, sheet: Sheet, actor: Actor) -> None:
    lines = [line for line in (_line(one, LINE_LENGTH, "decisions") for one in sheet.decisions) if line]
    linked = _decided(group, sheet.decided)
    _put_date(minutes, group, sheet)
    if len(lines) + len(linked) > MOST_LINES:
        raise TooManyLines(field="decisions")
    session.execute(delete(MinutesDecision).where(MinutesDecision.minutes_id == minutes.id))
    rows = [(line, None) for line in lines] + [(decision.title, decision.id) for decision in linked]
    session.add_all(
        MinutesDecision(minutes_id=minutes.id, number=number, text=text, decision_id=decision_id)
        for number, (text, decision_id) in enumerate(rows, 1)
    )
    _put_tasks(minutes, group, sheet.tasks, actor)
    session.flush()


def _decided(group: Group, public_ids: Iterable[str]) -> list[GroupDecision]:
    query = (
        select(GroupDecision)
        .where(GroupDecision.group_id == group.id, GroupDecision.public_id.in_(list(public_ids)))
        .order_by(GroupDecision.id)
    )
    return list(session.scalars(query))


def _put_tasks(minutes: GroupMinutes, group: Group, lines: tuple[TaskLine, ...], actor: Actor) -> None:
    if len(lines) > MOST_LINES:
        raise TooManyLines(field="tasks")
    query = select(GroupTask).where(GroupTask.minutes_id == minutes.id)
    present = {task.public_id: task for task in session.scalars(query)}
    for line in lines:
        if not line.what.strip():
            continue
        task = present.get(line.public_id)
        if task is not None:
            change_task(task, actor=actor, what=line.what, due_on=line.due_on)
            continue
        doers = [line.doer] if line.doer else []
        add_task(group, actor=actor, what=line.what, due_on=line.due_on, doers=doers, minutes_id=minutes.id)


def seal_minutes(group_id: int) -> None:
    """The group is discreet from now on: on which days it met stands encrypted."""
    for minutes in session.scalars(select(GroupMinutes).where(GroupMinutes.group_id == group_id)):
        minutes.seal()
    session.flush()


def forget_old_minutes(today: date) -> int:
    """Erase sheets whose date has come; returns how many."""
    ids = session.scalars(select(GroupMinutes.id).where(GroupMinutes.delete_on <= today)).all()
    session.execute(delete(GroupMinutes).where(GroupMinutes.id.in_(ids)))
    return len(ids)
