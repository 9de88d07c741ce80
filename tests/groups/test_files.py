"""Files of a group: what they may be, how much room they have, who deletes them, when they go."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock, crypto
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.pictures import PictureRefused
from portal.groups.errors.inside import FileMissing, FileTooLarge, GroupFull, NotAFileWeTake
from portal.groups.models import (
    MOST_FILE_BYTES,
    MOST_GROUP_BYTES,
    FileKind,
    GroupFile,
    GroupMinutes,
    GroupTask,
    MinutesDecision,
    Preset,
)
from portal.groups.operations import files, living, tasks
from portal.groups.operations import minutes as writing
from portal.groups.operations.minutes import TaskLine
from portal.groups.queries.files import files_folder, files_for, variant_of
from tests.groups.conftest import Make, group, settled
from tests.groups.papers import PDF, add, file_of, keep, write
from tests.groups.test_board_pages import ADDRESS, photo

pytestmark = [pytest.mark.logic, pytest.mark.usefixtures("at_noon")]


@pytest.mark.on_both
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
