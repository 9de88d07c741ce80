"""Minutes, tasks and files on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.accounts.operations import export_of
from portal.core import clock
from portal.core.actors import VISITOR, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.groups.errors import TooLong
from portal.groups.errors.inside import (
    ChangedMeanwhile,
    DayFarAway,
    DayMissing,
    NoLongerThere,
    TaskMissing,
    TooManyLines,
)
from portal.groups.events import TaskDue
from portal.groups.models import (
    GroupDecision,
    GroupExcerpt,
    GroupMinutes,
    GroupPost,
    GroupTask,
    Method,
    MinutesDecision,
    Privacy,
    TaskDoer,
    TaskState,
)
from portal.groups.operations import handing, leaving, living, tasks
from portal.groups.operations import minutes as writing
from portal.groups.operations.minutes import Sheet, TaskLine
from portal.groups.queries import papers
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, member, settled
from tests.groups.papers import add, sheet_of, task_of, write
from tests.groups.test_board import answer, begin
from tests.support.factories import actor_of, make_staff

pytestmark = pytest.mark.logic


@pytest.mark.on_both
def test_one_sheet_holds_words_decisions_and_tasks(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        decided = GroupDecision(group_id=group_id, method=Method.CONSENT, title="Neuer Name")
        session.add(decided)
        session.flush()
        helper, decided_id = member(group_id, people[2]).public_id, decided.public_id
    minutes_id = write(
        group_id,
        people[1],
        title="Herbst",
        present="sechs Leute",
        text="Wir haben **genäht**.",
        decisions=("Wir treffen uns dienstags.", "", "  "),
        decided=(decided_id, "gibtesnicht"),
        tasks=(TaskLine("Stoff holen", clock.today(), helper), TaskLine("  ")),
    )
    with transaction(write=False):
        sheet = sheet_of(minutes_id)
        assert "<strong>genäht</strong>" in sheet.html
        lines = papers.decisions_on(sheet)
        assert [(line.text, line.public_id) for line in lines] == [
            ("Wir treffen uns dienstags.", None),
            ("Neuer Name", decided_id),
        ]
        (task,) = papers.tasks_on(sheet, group(group_id), people[2])
        assert (task.what, task.doers, task.is_mine) == ("Stoff holen", ("Nadel 2",), True)


def test_a_sheet_sent_twice_is_one(make: Make) -> None:
    group_id, people = make(3)
    task = (TaskLine("Stoff holen"),)
    first = write(group_id, people[0], form_key="abc", tasks=task)
    assert write(group_id, people[0], form_key="abc", tasks=task) == first
    with transaction(write=False):
        assert len(session.scalars(select(GroupTask)).all()) == 1


@pytest.mark.on_both
def test_two_who_write_at_once_do_not_overwrite_each_other(make: Make) -> None:
    group_id, people = make(3)
    minutes_id = write(group_id, people[0], text="Erstens")
    with transaction():
        mine = Sheet(met_on=clock.today(), text="Meins")
        writing.change_minutes(sheet_of(minutes_id), actor=people[1], sheet=mine, version=1)
    with transaction():
        theirs = Sheet(met_on=clock.today(), text="Ihres")
        with pytest.raises(ChangedMeanwhile):
            writing.change_minutes(sheet_of(minutes_id), actor=people[2], sheet=theirs, version=1)
        assert sheet_of(minutes_id).text == "Meins"
        writing.change_minutes(sheet_of(minutes_id), actor=people[2], sheet=theirs, version=2)
    with transaction(write=False):
        assert (sheet_of(minutes_id).text, sheet_of(minutes_id).version) == ("Ihres", 3)


def test_a_sheet_written_anew_keeps_its_tasks_and_who_does_them(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        helper = member(group_id, people[2]).public_id
    minutes_id = write(group_id, people[0], tasks=(TaskLine("Stoff holen", None, helper),))
    with transaction():
        (task,) = papers.tasks_on(sheet_of(minutes_id), group(group_id), people[0])
        tasks.take_task(session.scalars(select(GroupTask)).one(), actor=people[1])
        lines = (TaskLine("Stoff kaufen", clock.today(), "", task.public_id), TaskLine("Fegen"))
        changed = Sheet(met_on=clock.today(), tasks=lines)
        writing.change_minutes(sheet_of(minutes_id), actor=people[0], sheet=changed, version=1)
    with transaction(write=False):
        first, second = papers.tasks_on(sheet_of(minutes_id), group(group_id), people[0])
        assert (first.what, set(first.doers)) == ("Stoff kaufen", {"Nadel 1", "Nadel 2"})
        assert (second.what, second.doers) == ("Fegen", ())


def test_minutes_need_a_day_and_an_end(make: Make) -> None:
    group_id, people = make(3)
    today = clock.today()
    for error, given in (
        (DayMissing, {"met_on": None}),
        (DayFarAway, {"met_on": date(2206, 1, 1)}),
        (TooLong, {"text": "x" * 20_001}),
        (TooLong, {"title": "x" * 121}),
        (TooManyLines, {"decisions": tuple(f"Satz {number}" for number in range(31))}),
        (TooManyLines, {"tasks": tuple(TaskLine(f"Tun {number}") for number in range(31))}),
        (DayFarAway, {"tasks": (TaskLine("Tun", today + timedelta(days=900)),)}),
    ):
        with pytest.raises(error):
            write(group_id, people[0], **given)
    with transaction(write=False):
        assert session.scalars(select(GroupMinutes)).all() == []


def test_deleted_minutes_leave_their_tasks(make: Make) -> None:
    group_id, people = make(3)
    minutes_id = write(group_id, people[0], decisions=("So",), tasks=(TaskLine("Stoff holen"),))
    with transaction():
        writing.remove_minutes(sheet_of(minutes_id), actor=people[1])
    with transaction(write=False):
        assert session.scalars(select(MinutesDecision)).all() == []
        assert session.scalars(select(GroupTask.minutes_id)).all() == [None]


def test_who_keeps_minutes_and_who_reads_them(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.CLOSED)
    minutes_id = write(group_id, people[0])
    others = [VISITOR, settled(), *(actor_of(make_staff(role)) for role in StaffRole)]
    with transaction():
        for other in others:
            assert not can(other, "groups.read_paper", sheet_of(minutes_id))
            assert not can(other, "groups.keep_minutes", group(group_id))
        assert can(people[2], "groups.read_paper", sheet_of(minutes_id))
        group(group_id).member_rights = []
        session.flush()
        assert not can(people[2], "groups.change_minutes", sheet_of(minutes_id))
        assert can(people[2], "groups.read_paper", sheet_of(minutes_id))


def test_a_task_goes_from_hand_to_hand(make: Make) -> None:
    group_id, people = make(3)
    task_id = add(group_id, people[0], due_on=clock.today() + timedelta(days=3))
    with transaction():
        tasks.take_task(task_of(task_id), actor=people[1])
        tasks.take_task(task_of(task_id), actor=people[1])
        tasks.take_task(task_of(task_id), actor=people[2])
        tasks.give_back_task(task_of(task_id), actor=people[1])
        tasks.give_back_task(task_of(task_id), actor=people[1])
    with transaction(write=False):
        (line,) = papers.open_tasks(group(group_id), people[2])
        assert (line.doers, line.is_mine, line.is_late) == (("Nadel 2",), True, False)
    with transaction():
        tasks.finish_task(task_of(task_id), actor=people[0])
        tasks.finish_task(task_of(task_id), actor=people[2])
        with pytest.raises(NoLongerThere):
            tasks.take_task(task_of(task_id), actor=people[1])
        with pytest.raises(NoLongerThere):
            tasks.drop_task(task_of(task_id), actor=people[1])
    with transaction(write=False):
        assert papers.open_tasks(group(group_id), people[2]) == []
        assert [line.state for line in papers.ended_tasks(group(group_id), people[2])] == [TaskState.DONE]
    with transaction():
        tasks.reopen_task(task_of(task_id), actor=people[0])
        assert (task_of(task_id).state, task_of(task_id).ended_on) == (TaskState.OPEN, None)


def test_tasks_by_date_and_late_ones_say_so(make: Make) -> None:
    group_id, people = make(3)
    today = clock.today()
    for what, due_on in (("ohne", None), ("bald", today + timedelta(days=1)), ("spät", today - timedelta(1))):
        add(group_id, people[0], what, due_on=due_on)
    with transaction(write=False):
        lines = papers.open_tasks(group(group_id), people[0])
        assert [(line.what, line.is_late) for line in lines] == [
            ("spät", True),
            ("bald", False),
            ("ohne", False),
        ]


def test_nonsense_is_refused(make: Make) -> None:
    group_id, people = make(3)
    for error, given in (
        (TaskMissing, {"what": "  "}),
        (TooLong, {"what": "x" * 201}),
        (DayFarAway, {"what": "x", "due_on": date(1999, 1, 1)}),
    ):
        with pytest.raises(error):
            add(group_id, people[0], **given)
    stranger_id, others = make(3)
    with transaction():
        foreign = member(stranger_id, others[1]).public_id
    task_id = add(group_id, people[0], doers=[foreign, "gibtesnicht"])
    with transaction(write=False):
        assert session.scalars(select(TaskDoer)).all() == []
    with transaction(), pytest.raises(NotFound):
        tasks.take_task(task_of(task_id), actor=others[0])


def test_in_a_discreet_group_people_only_speak_for_themselves(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    with transaction():
        ids = [member(group_id, person).public_id for person in people]
    task_id = add(group_id, people[0], doers=ids)
    with transaction():
        (line,) = papers.open_tasks(group(group_id), people[0])
        assert line.doers == ("Nadel 0",)
        tasks.take_task(task_of(task_id), actor=people[1])
        tasks.change_task(task_of(task_id), actor=people[0], what="Anders", due_on=None, doers=[])
    with transaction(write=False):
        (line,) = papers.open_tasks(group(group_id), people[0])
        assert line.doers == ("Nadel 1",)


def test_whoever_leaves_does_nothing_any_more(make: Make) -> None:
    group_id, people = make(3)
    task_id = add(group_id, people[0])
    with transaction():
        tasks.take_task(task_of(task_id), actor=people[1])
    with transaction():
        leaving.leave(group(group_id), actor=people[1])
    with transaction(write=False):
        assert papers.open_tasks(group(group_id), people[0])[0].doers == ()


def test_tasks_are_reminded_of_once(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    group_id, people = make(3)
    today = clock.today()
    taken = add(group_id, people[0], due_on=today + timedelta(days=2))
    add(group_id, people[0], "keiner macht es", due_on=today + timedelta(days=2))
    far = add(group_id, people[0], "noch lange", due_on=today + timedelta(days=3))
    said: list[TaskDue] = []
    monkeypatch.setattr(tasks, "emit", said.append)
    with transaction():
        for task_id in (taken, far):
            tasks.take_task(task_of(task_id), actor=people[1])
        assert tasks.remind_due(today) == 1
        assert tasks.remind_due(today) == 0
    assert said == [TaskDue(group_id, taken)]


@pytest.mark.on_both
def test_the_database_refuses_a_doer_of_another_group(make: Make) -> None:
    group_id, people = make(3)
    other_id, others = make(3)
    task_id = add(group_id, people[0])
    with transaction():
        stranger = member(other_id, others[0]).id
    for wrong in (group_id, other_id):
        with pytest.raises(IntegrityError), transaction():
            row = {"task_id": task_id, "membership_id": stranger, "group_id": wrong}
            session.execute(insert(TaskDoer).values(row))


@pytest.mark.on_both
@pytest.mark.parametrize("wrong", [{"state": "done"}, {"ended_on": date(2026, 1, 1)}])
def test_the_database_holds_when_a_task_ended(make: Make, wrong: dict[str, Any]) -> None:
    group_id, people = make(3)
    task_id = add(group_id, people[0])
    with pytest.raises(IntegrityError), transaction():
        session.execute(update(GroupTask).where(GroupTask.id == task_id).values(wrong))


def told(account_id: int | None) -> list[str]:
    """The kinds of notices somebody has."""
    with transaction(write=False):
        query = select(Notice.kind).where(Notice.account_id == account_id).order_by(Notice.id)
        return list(session.scalars(query))


def test_members_hear_of_posts_minutes_and_their_tasks(make: Make) -> None:
    group_id, people = make(4)
    before = {person.account_id: told(person.account_id) for person in people}
    thread_id = begin(group_id, people[0])
    for _ in range(2):
        answer(thread_id, people[1])
    write(group_id, people[1])
    add(group_id, people[1], due_on=clock.today())
    with transaction():
        tasks.take_task(session.scalars(select(GroupTask)).one(), actor=people[3])
        tasks.remind_due(clock.today())
    news = [told(person.account_id)[len(before[person.account_id]) :] for person in people]
    assert news[0] == ["groups.board", "groups.minutes"]
    assert news[1] == ["groups.board"]
    assert news[2] == ["groups.board", "groups.minutes"]
    assert news[3] == ["groups.board", "groups.minutes", "groups.task"]


def test_a_group_that_becomes_discreet_cuts_the_way_from_moderation(make: Make) -> None:
    group_id, people = make(3)
    seen, hidden = begin(group_id, people[0]), begin(group_id, people[0])
    with transaction():
        handing.hand_over_post(session.get_one(GroupPost, seen), actor=people[1])
        handing.hide_post(handing.hand_over_post(session.get_one(GroupPost, hidden), actor=people[1]))
    with transaction():
        living.tighten(group(group_id), Privacy.DISCREET, actor=people[0])
    with transaction(write=False):
        assert session.scalars(select(GroupExcerpt.post_id).order_by(GroupExcerpt.id)).all() == [None, hidden]


def test_ones_own_export_holds_ones_posts_but_none_of_discreet_groups(make: Make) -> None:
    group_id, people = make(3)
    begin(group_id, people[0], text="Meine Worte")
    begin(group_id, people[1], text="Fremde Worte")
    hidden_id, _ = make(3, privacy=Privacy.DISCREET, people=people)
    begin(hidden_id, people[0], text="Geheime Worte")
    with transaction(write=False):
        rows = export_of(session.get_one(Account, people[0].account_id))["posts_in_groups"]
    assert [row["text"] for row in rows] == ["Meine Worte"]
