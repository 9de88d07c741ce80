"""Taking everything along: what the file holds, what it does not, and who gets it."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupDecision, Method, Privacy
from portal.groups.operations import board, files, handing, leaving
from portal.groups.operations.minutes import TaskLine
from portal.groups.views import taking
from tests.groups.conftest import Browse, group
from tests.groups.papers import PDF, keep, write
from tests.groups.test_board import answer, begin, post
from tests.groups.test_board_pages import asked, everybody_else, photo
from tests.support.factories_groups import group_pid, make_group


def test_the_file_holds_everything_members_can_read(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(4)
    thread_id = begin(group_id, people[0], "Stoff", text="=1+1 gefährlich")
    answer(thread_id, people[3], "Von einer, die geht")
    hidden = answer(thread_id, people[1], "Verborgenes")
    gone = answer(thread_id, people[1], "Zurückgenommenes")
    write(group_id, people[0], text="Protokolltext", decisions=("Dienstags",), tasks=(TaskLine("Fegen"),))
    keep(group_id, people[0], PDF, "Plan.pdf")
    with transaction():
        files.add_picture(post(hidden), actor=people[1], data=photo(), alt="Ein verborgenes Bild")
        handing.hide_post(handing.hand_over_post(post(hidden), actor=people[0]))
        board.remove_post(post(gone), actor=people[1])
        files.add_picture(post(thread_id), actor=people[0], data=photo(), alt="Ein Vorhang")
        files.add_picture(post(thread_id), actor=people[0], data=photo())
        session.add(GroupDecision(group_id=group_id, method=Method.CONSENT, title="Nur ein Entwurf"))
        leaving.leave(group(group_id), actor=people[3])
    path = f"/de/groups/{group_pid(group_id)}/export"
    member = browse(people[1])
    assert member.get(path).status_code == 200
    sent = member.post(path)
    assert sent.headers["Content-Disposition"].endswith(f"-{clock.today()}.zip")
    assert sent.headers["Cache-Control"] == "no-store"
    with ZipFile(BytesIO(sent.data)) as archive:
        names = set(archive.namelist())
        tables = {
            f"{name}.csv"
            for name in ("board", "counts", "decisions", "meetings", "members", "minutes", "tasks")
        }
        assert names == {"index.html", "meetings.ics", "files/001.pdf", "files/002.jpg", *tables}
        page = archive.read("index.html").decode()
        rows = list(csv.reader(StringIO(archive.read("board.csv").decode("utf-8-sig"))))
        assert archive.read("files/001.pdf") == PDF
        assert archive.read("meetings.ics").startswith(b"BEGIN:VCALENDAR")
    assert [row[2:] for row in rows[1:]] == [
        ["Nadel 0", str(clock.today()), "'=1+1 gefährlich"],
        ["Nadel 3", str(clock.today()), "Von einer, die geht"],
    ]
    for words in ("Nähcafé", "Protokolltext", "Dienstags", "Fegen", "Ein Vorhang", "Nadel 2"):
        assert words in page
    for words in ("Verborgenes", "verborgenes Bild", "Zurückgenommenes", "Nur ein Entwurf"):
        assert words not in page


def test_of_a_discreet_group_it_lists_nobody_and_is_called_nothing(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    begin(group_id, people[0])
    sent = browse(people[1]).post(f"/de/groups/{group_pid(group_id)}/export")
    assert sent.headers["Content-Disposition"] == f"attachment; filename=export-{clock.today()}.zip"
    with ZipFile(BytesIO(sent.data)) as archive:
        assert "members.csv" not in archive.namelist()
        page = archive.read("index.html").decode()
        assert "Nadel 0" in page
        assert "Nadel 2" not in page
        assert "Nähcafé" not in page.split("</title>")[0]
        assert "Nähcafé" not in archive.read("meetings.ics").decode()


@pytest.mark.parametrize("privacy", list(Privacy))
def test_nobody_else_gets_it(app: Flask, browse: Browse, privacy: Privacy) -> None:
    group_id, _people = make_group(3, privacy=privacy)
    path = f"/de/groups/{group_pid(group_id)}/export"
    for other in everybody_else():
        browser = browse(other)
        assert (browser.get(path).status_code, browser.post(path).status_code) == (404, 404)
    visitor = app.test_client()
    assert visitor.post(path).status_code in (302, 303, 404)


def test_questions_do_not_grow_with_what_there_is(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    path, member = f"/de/groups/{group_pid(group_id)}/export", browse(people[1])

    def fill(count: int) -> None:
        for number in range(count):
            answer(begin(group_id, people[0], f"Thema {number}"), people[1])
            write(group_id, people[0], decisions=("So",), tasks=(TaskLine("Fegen"),))
            with transaction():
                decision = GroupDecision(group_id=group_id, method=Method.LOTS, title=f"Wer {number}?")
                session.add(decision)

    fill(1)
    member.post(path)
    few = asked(lambda: member.post(path))
    fill(4)
    assert asked(lambda: member.post(path)) == few


def test_much_goes_over_the_disk(app: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    group_id, people = make_group(3)
    keep(group_id, people[0], PDF)
    monkeypatch.setattr(taking, "MOST_IN_MEMORY", 0)
    path = f"/de/groups/{group_pid(group_id)}/export"
    with browse(people[1]).post(path) as sent, ZipFile(BytesIO(sent.data)) as archive:
        assert archive.read("files/001.pdf") == PDF
