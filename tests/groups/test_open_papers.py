"""What an open group writes is for all: without names, and not what was written when it was more private."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import GroupDecision, GroupFile, GroupMinutes, GroupPost, Method, Privacy
from portal.groups.operations import board
from portal.groups.operations.deciding.drafting import Wish, draft_decision, open_decision
from portal.groups.operations.loosening import loosen
from tests.groups.conftest import Browse, group, member
from tests.groups.papers import PDF, add, keep, write
from tests.groups.test_board_pages import upload
from tests.groups.test_papers_pages import only
from tests.support.factories_groups import group_pid, make_group


def fill_all(group_id: int, who: Actor, word: str) -> None:
    """One of everything, called by this word."""
    write(group_id, who, title=word)
    add(group_id, who, word)
    keep(group_id, who, PDF, word)
    with transaction():
        one = group(group_id)
        board.begin_thread(one, actor=who, title=word, text=word)
        drafted = draft_decision(one, Wish(title=word, question=word, method=Method.MAJORITY), actor=who)
        open_decision(drafted, group=one, actor=who, closes_at=clock.now() + timedelta(days=9))


def test_papers_of_an_open_group_are_for_all_and_name_nobody(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.OPEN)
    visitor, path = app.test_client(), f"/de/groups/{group_pid(group_id)}"
    with transaction():
        doers = [member(group_id, one).public_id for one in people[:2]]
        member(group_id, people[0]).shown_publicly = True
    write(group_id, people[0], title="Mai", present="Amal und Cem", text="Wir nähen.", decisions=("Ja",))
    add(group_id, people[0], "Garn kaufen", doers=doers)
    browse(people[1]).post(f"{path}/files/new", data={"file": (BytesIO(PDF), "Plan.pdf")})
    browse(people[1]).post(f"{path}/files/new", data={"file": upload(), "name": "Ohne Worte"})
    sheet = only(GroupMinutes.public_id)
    with transaction(write=False):
        papers = session.scalars(select(GroupFile).order_by(GroupFile.id)).all()
        paper, wordless = (one.public_id for one in papers)
    reads = ("minutes", f"minutes/{sheet}", "tasks", "files", f"files/{paper}/download", "about")
    found = [visitor.get(f"{path}/{page}") for page in reads]
    assert [one.status_code for one in found] == [200] * len(reads)
    assert "Wir nähen." in found[1].text
    assert "Amal und Cem" not in found[1].text
    assert "Nadel 0" in found[2].text
    assert "Ohne Worte" not in found[3].text
    assert visitor.get(f"{path}/files/{wordless}/360.webp").status_code == 404
    for name in ("Nadel 1", "Nadel 2"):
        assert not any(name in one.text for one in (*found[:4], found[5]))
    for page in ("minutes/new", f"minutes/{sheet}/edit", "tasks/new", "files/new"):
        assert visitor.get(f"{path}/{page}").status_code in (302, 303, 404), page
    assert "Amal und Cem" in browse(people[2]).get(f"{path}/minutes/{sheet}").text


def test_less_private_holds_for_new_things_only(app: Flask, browse: Browse) -> None:
    """Everything from before the day stays with the members; what comes after is as open as the group."""
    group_id, people = make_group(3)
    path, visitor, insider = f"/de/groups/{group_pid(group_id)}", app.test_client(), browse(people[1])
    fill_all(group_id, people[0], "Früher")
    with transaction():
        loosen(group(group_id), Privacy.OPEN)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        fill_all(group_id, people[0], "Später")
        visitor, insider = app.test_client(), browse(people[1])
        for page in ("board", "minutes", "tasks", "files", "decisions"):
            shown, known = visitor.get(f"{path}/{page}").text, insider.get(f"{path}/{page}").text
            assert "Später" in shown, page
            assert "Früher" not in shown, page
            assert "Früher" in known, page
        with transaction(write=False):
            things = {
                "board": session.scalars(select(GroupPost.public_id).order_by(GroupPost.id)).all(),
                "minutes": session.scalars(select(GroupMinutes.public_id).order_by(GroupMinutes.id)).all(),
                "decisions": session.scalars(
                    select(GroupDecision.public_id).order_by(GroupDecision.id)
                ).all(),
            }
            files = session.scalars(select(GroupFile.public_id).order_by(GroupFile.id)).all()
        for page, (old, new) in things.items():
            assert [visitor.get(f"{path}/{page}/{one}").status_code for one in (old, new)] == [404, 200], page
            assert insider.get(f"{path}/{page}/{old}").status_code == 200
        assert [visitor.get(f"{path}/files/{one}/download").status_code for one in files] == [404, 200]
        assert visitor.get(f"{path}/charter").status_code == 404
        assert visitor.get(f"{path}/board/{things['board'][0]}/report").status_code == 404
        assert "Nähen" not in visitor.get(f"{path}/about").text.split("<main")[1].replace("Nähcafé", "")
