"""The board, minutes, tasks and files as members use them: with and without scripts, in German and Arabic."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import Preset, Privacy
from portal.groups.operations import board, files, tasks
from portal.groups.operations import minutes as writing
from portal.groups.operations.minutes import Sheet, TaskLine
from tests.groups.papers import PDF
from tests.groups.test_board_pages import photo
from tests.support.axe import Viewer
from tests.support.browser import Visit, as_person, walked
from tests.support.factories import signed_in_client
from tests.support.factories_groups import get_group, group_pid, make_group

pytestmark = pytest.mark.browser


def signed_in(app: Flask, actor: Actor) -> dict[str, Any]:
    """Options of a browser of this member."""
    with transaction(write=False):
        account = session.get_one(Account, actor.account_id)
        session.expunge(account)
    return as_person(app, account)


def press(page: Page, selector: str) -> None:
    """The button in the page's own part, not in its frame."""
    page.locator(f"main {selector}").click()


@walked("ar-plain")
def test_writing_answering_and_handing_out_tasks(
    app: Flask, visit: Visit, language: str, javascript: bool
) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET, preset=Preset.EVERYONE)
    base = f"/{language}/groups/{group_pid(group_id)}"
    page = visit(f"{base}/board/new", javascript=javascript, **signed_in(app, people[0]))
    page.locator("#title").fill("Stoff für Taschen")
    page.locator("#text").fill("Wer hat noch **alten** Stoff?")
    press(page, "form[action$='/board/new'] button[type=submit]")
    expect(page.locator(".thread strong", has_text="alten")).to_be_visible()
    page.locator("#text").fill("نعم، عندي قماش")
    press(page, "form[action$='/answers'] button[type=submit]")
    expect(page.locator(".thread > li")).to_have_count(2)
    page.goto(f"{base}/minutes/new")
    page.locator("#decisions").fill("Dienstags um sechs")
    page.locator("#tasks-0-what").fill("Stoff holen")
    press(page, "button:not([name])[type=submit] >> nth=0")
    expect(page.locator("main article li", has_text="Dienstags um sechs")).to_be_visible()
    page.goto(f"{base}/tasks")
    press(page, "form:has(input[value=take]) button")
    press(page, "form:has(input[value=finish]) button")
    expect(page.locator("main .panel .badge--good")).to_be_visible()


def test_every_page_inside_is_accessible_and_fits(app: Flask, viewer: Viewer) -> None:
    group_id, people = make_group(3, preset=Preset.EVERYONE)
    with transaction():
        group = get_group(group_id)
        thread = board.begin_thread(
            group, actor=people[0], title="Stoff", text="Wer hat welchen? https://example.org"
        )
        board.answer(thread, actor=people[1], text="هذا جواب باللغة العربية، مع كلمات كثيرة")
        board.pin(thread, actor=people[0])
        files.add_picture(thread, actor=people[0], data=photo(), alt="Ein Vorhang")
        waiting = files.add_picture(thread, actor=people[0], data=photo())
        files.add_file(group, actor=people[0], data=PDF, name="Plan.pdf")
        late = tasks.add_task(group, actor=people[0], what="Kekse", due_on=thread.written_on)
        line = TaskLine("Stoff holen", thread.written_on)
        sheet = Sheet(thread.written_on, title="Herbst", present="sechs", text="Wir haben **genäht**.")
        sheet = replace(sheet, decisions=("Dienstags",), tasks=(line,))
        kept = writing.write_minutes(group, actor=people[0], sheet=sheet)
        base = f"groups/{group.public_id}"
        post = f"board/{thread.public_id}"
        paths = ["board", "board/new", post, f"{post}/edit", f"{post}/remove", f"{post}/pictures"]
        paths += ["minutes", "minutes/new", f"minutes/{kept.public_id}", f"minutes/{kept.public_id}/edit"]
        paths += ["tasks", "tasks/new", f"tasks/{late.public_id}/edit", "files", "files/new", "export"]
        paths += [f"files/{waiting.public_id}/describe"]
        paths = [f"{base}/{path}" for path in paths]
        report = f"{base}/{post}/report"
    found = viewer.faults_of_pages(signed_in_client(app, people[0]), paths)
    found += viewer.faults_of_pages(signed_in_client(app, people[1]), [report])
    assert found == [], "\n".join(found)
