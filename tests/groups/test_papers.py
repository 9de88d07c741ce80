"""Minutes, tasks and files on both databases."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.accounts.operations import export_of
from portal.core import clock, crypto
from portal.core.actors import VISITOR, Actor, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.core.pictures import PictureRefused
from portal.groups.errors import TooLong
from portal.groups.errors.inside import (
    ChangedMeanwhile,
    DayFarAway,
    DayMissing,
    FileMissing,
    FileTooLarge,
    GroupFull,
    NoLongerThere,
    NotAFileWeTake,
    TaskMissing,
    TooManyLines,
)
from portal.groups.events import TaskDue
from portal.groups.models import (
    MOST_FILE_BYTES,
    MOST_GROUP_BYTES,
    FileKind,
    GroupDecision,
    GroupExcerpt,
    GroupFile,
    GroupMinutes,
    GroupPost,
    GroupTask,
    Method,
    MinutesDecision,
    Preset,
    Privacy,
    TaskDoer,
    TaskState,
)
from portal.groups.operations import files, handing, leaving, living, tasks
from portal.groups.operations import minutes as writing
from portal.groups.operations.minutes import Sheet, TaskLine
from portal.groups.queries import papers
from portal.groups.queries.files import files_folder, files_for, variant_of
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, member, settled
from tests.groups.test_board import answer, begin
from tests.groups.test_board_pages import ADDRESS, photo
from tests.support.factories import actor_of, make_staff

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def sheet_of(minutes_id: int) -> GroupMinutes:
    """The sheet as it is stored now."""
    return session.get_one(GroupMinutes, minutes_id, populate_existing=True)


def task_of(task_id: int) -> GroupTask:
    """The task as it is stored now."""
    return session.get_one(GroupTask, task_id, populate_existing=True)


def write(group_id: int, actor: Actor, **given: Any) -> int:
    """Minutes in a transaction of their own; returns their id."""
    form_key = given.pop("form_key", "")
    given.setdefault("met_on", clock.today())
    with transaction():
        return writing.write_minutes(group(group_id), actor=actor, sheet=Sheet(**given), form_key=form_key).id


def add(group_id: int, actor: Actor, what: str = "Stoff holen", **given: Any) -> int:
    """A task in a transaction of its own; returns its id."""
    with transaction():
        return tasks.add_task(group(group_id), actor=actor, what=what, **given).id


# ---- minutes


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
    group_id, people = make(3, privacy=Privacy.OPEN)
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


# ---- tasks


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


@pytest.mark.parametrize("wrong", [{"state": "done"}, {"ended_on": date(2026, 1, 1)}])
def test_the_database_holds_when_a_task_ended(make: Make, wrong: dict[str, Any]) -> None:
    group_id, people = make(3)
    task_id = add(group_id, people[0])
    with pytest.raises(IntegrityError), transaction():
        session.execute(update(GroupTask).where(GroupTask.id == task_id).values(wrong))


# ---- files


def keep(group_id: int, actor: Actor, data: bytes, name: str = "Plan.pdf", **given: Any) -> int:
    """A file in a transaction of its own; returns its id."""
    with transaction():
        return files.add_file(group(group_id), actor=actor, data=data, name=name, **given).id


def file_of(file_id: int) -> GroupFile:
    """The file as it is stored now."""
    return session.get_one(GroupFile, file_id, populate_existing=True)


def test_files_are_what_they_hold_and_nothing_of_them_lies_open(make: Make) -> None:
    group_id, people = make(3)
    pdf = keep(group_id, people[0], PDF, "C:\\Eigene Dateien\\Plan.pdf", form_key="abc")
    assert keep(group_id, people[0], PDF, form_key="abc") == pdf
    picture = keep(group_id, people[1], photo(), "wirklich.pdf", alt="Der Hof")
    with transaction(write=False):
        assert (file_of(pdf).kind, file_of(pdf).name) == (FileKind.PDF, "Plan.pdf")
        assert variant_of(file_of(pdf), "file.pdf") == PDF
        assert file_of(picture).kind is FileKind.PICTURE
        content = variant_of(file_of(picture), "720.jpg") or b""
        assert content.startswith(b"\xff\xd8")
        assert ADDRESS not in content
        assert [line.sender for line in files_for(group(group_id), people[2])] == ["Nadel 1", "Nadel 0"]
    lying = [one.read_bytes() for one in files_folder().rglob("*") if one.is_file()]
    assert len(lying) == 7
    assert not any(b"PDF" in one[:50] or one.startswith(b"\xff\xd8") for one in lying)


def test_what_is_no_file_for_us(make: Make) -> None:
    group_id, people = make(3)
    for error, data in (
        (FileMissing, b""),
        (NotAFileWeTake, b"MZ\x90 program"),
        (NotAFileWeTake, b"<html><script>alert(1)</script>"),
        (PictureRefused, photo()[:400]),
        (FileTooLarge, b"%PDF-1.7" + b"x" * MOST_FILE_BYTES),
    ):
        with pytest.raises(error):
            keep(group_id, people[0], data)
    outsider = settled()
    with pytest.raises(NotFound):
        keep(group_id, outsider, PDF)


def test_the_room_of_a_group_ends(make: Make) -> None:
    group_id, people = make(3)
    first = keep(group_id, people[0], PDF)
    with transaction():
        file_of(first).bytes = MOST_GROUP_BYTES
    with pytest.raises(GroupFull):
        keep(group_id, people[0], PDF)


def test_a_changed_or_moved_file_is_refused(make: Make) -> None:
    group_id, people = make(3)
    first, second = keep(group_id, people[0], PDF), keep(group_id, people[0], PDF)
    with transaction(write=False):
        one, other = (
            next(files_folder().rglob(f"{file_of(each).folder}/file.pdf")) for each in (first, second)
        )
        other.write_bytes(one.read_bytes())
        with pytest.raises(crypto.CannotDecrypt):
            variant_of(file_of(second), "file.pdf")
        one.write_bytes(b"short")
        with pytest.raises(crypto.CannotDecrypt):
            variant_of(file_of(first), "file.pdf")


def test_senders_and_the_role_delete_files(make: Make) -> None:
    group_id, people = make(3)
    first, second = keep(group_id, people[1], PDF), keep(group_id, people[1], PDF)
    with transaction():
        with pytest.raises(NotFound):
            files.remove_file(file_of(first), actor=people[2])
        folders = [file_of(each).folder for each in (first, second)]
        files.remove_file(file_of(first), actor=people[1])
        files.remove_file(file_of(second), actor=people[0])
    with transaction():
        for folder in folders:
            files.erase_folder(folder)
    assert [one for one in files_folder().rglob("*") if one.is_file()] == []


def test_a_row_keeps_its_files_whatever_a_job_says(make: Make) -> None:
    group_id, people = make(3)
    first = keep(group_id, people[1], PDF)
    with transaction():
        files.erase_folder(file_of(first).folder)
        files.sweep_files()
        assert variant_of(file_of(first), "file.pdf") == PDF


def test_what_a_rolled_back_request_left_is_swept_up(make: Make) -> None:
    group_id, people = make(3)
    with pytest.raises(RuntimeError), transaction():
        files.add_file(group(group_id), actor=people[0], data=PDF, name="Plan.pdf")
        raise RuntimeError
    assert [one for one in files_folder().rglob("*") if one.is_file()] != []
    with transaction():
        files.sweep_files()
    assert [one for one in files_folder().rglob("*") if one.is_file()] != []
    for folder in files_folder().glob("??/*"):
        os.utime(folder, (0, 0))
    with transaction():
        files.sweep_files()
    assert [one for one in files_folder().rglob("*") if one.is_file()] == []


def test_a_purged_group_leaves_no_papers(make: Make) -> None:
    group_id, people = make(3, preset=Preset.EVERYONE)
    write(group_id, people[0], decisions=("So",), tasks=(TaskLine("Stoff holen"),))
    file_id = keep(group_id, people[0], PDF)
    with transaction():
        folder = file_of(file_id).folder
        living.archive(group(group_id))
        group(group_id).purge_on = clock.today()
    with transaction():
        assert living.purge(clock.today()) == 1
    with transaction():
        files.erase_folder(folder)
        for table in (GroupMinutes, MinutesDecision, GroupTask, GroupFile):
            assert session.scalars(select(table)).all() == []
    assert not list(files_folder().rglob(folder))


def test_everything_goes_by_its_date(make: Make) -> None:
    group_id, people = make(3)
    write(group_id, people[0], decisions=("So",))
    add(group_id, people[0])
    keep(group_id, people[0], PDF)
    today, long_ago = clock.today(), clock.today() - timedelta(days=2000)
    with transaction():
        for table, made in ((GroupMinutes, "written_on"), (GroupTask, "written_on"), (GroupFile, "added_on")):
            session.execute(update(table).values({made: long_ago, "delete_on": today}))
    with transaction():
        work = (writing.forget_old_minutes, tasks.forget_old_tasks, files.forget_old_files)
        assert [one(today) for one in work] == [1, 1, 1]
        assert [one(today) for one in work] == [0, 0, 0]
        assert session.scalars(select(MinutesDecision)).all() == []


# ---- who is told, and what moderation keeps


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
