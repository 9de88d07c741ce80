"""Pages of minutes, tasks and files: filled in without scripts, closed to everybody else."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupFile, GroupMinutes, GroupTask, Privacy
from tests.groups.conftest import Browse, member
from tests.groups.papers import PDF, add, write
from tests.groups.test_board_pages import asked, everybody_else, upload, without_token
from tests.support.factories_groups import group_pid, make_group


def only(column: Any) -> str:
    """The one public id there is."""
    with transaction(write=False):
        return str(session.scalars(select(column)).one())


def test_minutes_are_written_on_one_page_with_decisions_and_tasks(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid, writer = group_pid(group_id), browse(people[0])
    with transaction(write=False):
        helper = member(group_id, people[1]).public_id
    form = writer.get(f"/de/groups/{pid}/minutes/new")
    assert form.text.count("<fieldset") == 3
    assert f'value="{helper}"' in form.text
    data = {
        "met_on": str(clock.today()),
        "title": "Herbst",
        "present": "sechs Leute",
        "text": "Wir haben genäht.",
        "decisions": "Dienstags um sechs\nKaffee reihum",
        "tasks-0-what": "Stoff holen",
        "tasks-0-doer": helper,
        "tasks-0-due_on": str(clock.today()),
        "tasks-1-what": "",
        "more": "1",
    }
    wrong = writer.post(f"/de/groups/{pid}/minutes/new", data={**data, "met_on": ""})
    assert wrong.status_code == 422
    assert "Kaffee reihum" in wrong.text
    assert "Stoff holen" in wrong.text
    sent = writer.post(f"/de/groups/{pid}/minutes/new", data=data)
    assert sent.status_code == 303
    again = writer.get(sent.location)
    assert "Stoff holen" in again.text
    assert again.text.count("<fieldset") == 4
    sheet = browse(people[1]).get(f"/de/groups/{pid}/minutes/{only(GroupMinutes.public_id)}").text
    for words in ("Herbst", "sechs Leute", "Wir haben genäht.", "Kaffee reihum", "Stoff holen", "Nadel 1"):
        assert words in sheet
    assert "Herbst" in writer.get(f"/de/groups/{pid}/minutes").text
    overview = browse(people[1]).get(f"/de/groups/{pid}").text
    assert "Stoff holen" in overview
    assert "Stoff holen" not in writer.get(f"/de/groups/{pid}").text


def test_whoever_is_second_sees_both_and_loses_nothing(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    minutes_id = write(group_id, people[0], text="Erstens", decisions=("Alt",))
    assert minutes_id
    path = f"/de/groups/{group_pid(group_id)}/minutes/{only(GroupMinutes.public_id)}/edit"
    first, second = browse(people[0]), browse(people[1])
    data = {"met_on": str(clock.today()), "version": "1"}
    assert first.post(path, data={**data, "text": "Von Nadel 0"}).status_code == 303
    late = second.post(path, data={**data, "text": "Von Nadel 1"})
    assert late.status_code == 422
    assert "Von Nadel 0" in late.text
    assert "Von Nadel 1" in late.text
    assert 'name="version" type="hidden" value="2"' in late.text
    assert second.post(path, data={**data, "version": "2", "text": "Beides"}).status_code == 303
    assert second.post(path, data={**data, "version": "x", "text": "Nein"}).status_code == 422


def test_tasks_with_one_tap(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid, doer = group_pid(group_id), browse(people[1])
    assert doer.post(f"/de/groups/{pid}/tasks/new", data={"what": " "}).status_code == 422
    sent = doer.post(f"/de/groups/{pid}/tasks/new", data={"what": "Stoff holen", "form_key": "abc"})
    assert sent.status_code == 303
    doer.post(f"/de/groups/{pid}/tasks/new", data={"what": "Stoff holen", "form_key": "abc"})
    task = only(GroupTask.public_id)
    path = f"/de/groups/{pid}/tasks/{task}"
    for act in ("take", "finish", "reopen", "give_back"):
        done = doer.post(path, data={"act": act})
        assert done.location.endswith(f"/groups/{pid}/tasks#t-{task}")
        assert doer.get(f"/de/groups/{pid}/tasks").status_code == 200
    assert doer.post(path, data={"act": "explode"}).status_code == 404
    changed = doer.post(f"{path}/edit", data={"what": "Stoff kaufen", "due_on": str(clock.today())})
    assert changed.status_code == 303
    assert "Stoff kaufen" in doer.get(f"/de/groups/{pid}/tasks").text
    assert doer.post(path, data={"act": "drop"}).status_code == 303


def test_files_come_and_go(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid, sender, other = group_pid(group_id), browse(people[1]), browse(people[2])
    new = f"/de/groups/{pid}/files/new"
    assert sender.post(new, data={"file": upload("a.exe", b"MZ")}).status_code == 422
    sent = sender.post(new, data={"file": (BytesIO(PDF), "Plan für alle.pdf")})
    assert sent.location.endswith(f"/de/groups/{pid}/files")
    path = f"/de/groups/{pid}/files/{only(GroupFile.public_id)}"
    loaded = other.get(f"{path}/download")
    assert (loaded.status_code, loaded.mimetype, loaded.data) == (200, "application/pdf", PDF)
    assert loaded.headers["Content-Disposition"].startswith("attachment;")
    assert "Plan%20f%C3%BCr%20alle.pdf" in loaded.headers["Content-Disposition"]
    assert loaded.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert sender.get(f"{path}/describe").status_code == 404  # there is nothing to see
    assert f"{path}/remove" not in other.get(f"/de/groups/{pid}/files").text
    assert other.post(f"{path}/remove").status_code == 404
    assert sender.post(f"{path}/remove").status_code == 303
    assert other.get(f"{path}/download").status_code == 404


def test_a_picture_without_words_asks_for_them(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid, sender = group_pid(group_id), browse(people[1])
    sent = sender.post(f"/de/groups/{pid}/files/new", data={"file": upload()})
    assert sent.location.endswith("/describe")
    file = only(GroupFile.public_id)
    assert file not in browse(people[2]).get(f"/de/groups/{pid}/files").text
    assert sender.post(sent.location, data={"alt": ""}).status_code == 422
    assert sender.post(sent.location, data={"alt": "Der Hof"}).status_code == 303
    assert "Der Hof" in browse(people[2]).get(f"/de/groups/{pid}/files").text


def test_a_download_of_a_discreet_group_has_a_name_that_says_nothing(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    pid, sender = group_pid(group_id), browse(people[1])
    sender.post(f"/de/groups/{pid}/files/new", data={"file": (BytesIO(PDF), "Angstgruppe.pdf")})
    loaded = sender.get(f"/de/groups/{pid}/files/{only(GroupFile.public_id)}/download")
    assert loaded.headers["Content-Disposition"] == 'attachment; filename="document.pdf"'


def test_in_a_discreet_group_no_page_lists_its_members(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    pid, reader = group_pid(group_id), browse(people[1])
    for path in ("tasks/new", "minutes/new"):
        page = reader.get(f"/de/groups/{pid}/{path}").text
        assert "Nadel 0" not in page
        assert "Nadel 2" not in page


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_papers_are_for_members(app: Flask, browse: Browse, privacy: Privacy) -> None:
    group_id, people = make_group(3, privacy=privacy)
    pid = group_pid(group_id)
    write(group_id, people[0])
    add(group_id, people[0])
    browse(people[0]).post(f"/de/groups/{pid}/files/new", data={"file": (BytesIO(PDF), "Plan.pdf")})
    sheet, task, file = only(GroupMinutes.public_id), only(GroupTask.public_id), only(GroupFile.public_id)
    pages = ("minutes", "minutes/new", f"minutes/{sheet}", f"minutes/{sheet}/edit", "tasks", "tasks/new")
    pages += (f"tasks/{task}/edit", "files", "files/new", f"files/{file}/download")
    posts = (f"minutes/{sheet}/remove", f"tasks/{task}", f"files/{file}/remove")
    insider = browse(people[1])
    for page in pages:
        assert insider.get(f"/de/groups/{pid}/{page}").status_code == 200, page
    for other in everybody_else():
        browser = browse(other)
        unknown = without_token(browser.get("/de/groups/abcdefghjkmn").text)
        for page in pages:
            found = browser.get(f"/de/groups/{pid}/{page}")
            assert (found.status_code, without_token(found.text)) == (404, unknown), page
        for page in posts:
            assert browser.post(f"/de/groups/{pid}/{page}", data={"act": "take"}).status_code == 404


@pytest.mark.parametrize("page", ["minutes", "tasks", "files"])
def test_questions_do_not_grow_with_papers(app: Flask, browse: Browse, page: str) -> None:
    group_id, people = make_group(3)
    path, reader = f"/de/groups/{group_pid(group_id)}/{page}", browse(people[1])
    with transaction(write=False):
        everybody = [member(group_id, person).public_id for person in people]

    def fill(count: int) -> None:
        for number in range(count):
            write(group_id, people[0], text="Text")
            add(group_id, people[number % 3], f"Tun {number}", doers=everybody)
            data = {"file": (BytesIO(PDF), f"Plan {number}.pdf")}
            browse(people[number % 3]).post(f"/de/groups/{group_pid(group_id)}/files/new", data=data)

    fill(1)
    reader.get(path)
    few = asked(lambda: reader.get(path))
    fill(5)
    assert asked(lambda: reader.get(path)) == few
