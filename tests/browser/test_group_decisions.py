"""A group decides, on a phone: begin, ask, answer, look over, send, read why; with and without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import use_language
from portal.groups.models import GroupDecision, Method, Privacy
from portal.groups.operations.deciding import answering, closing, drafting
from tests.support.browser import Visit, as_person, check_accessible, check_fits
from tests.support.factories_groups import get_group, group_pid, make_group

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")


def account_of(actor: Actor) -> Account:
    with transaction(write=False):
        found = session.get_one(Account, actor.account_id)
        session.expunge(found)
        return found


def looked_at(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    check_fits(page)
    check_accessible(page)


def press(page: Page, selector: str) -> None:
    page.locator(selector).last.click()
    page.wait_for_load_state()


def answered_by_the_others(group_id: int, people: list[Actor], content: dict[str, Any]) -> None:
    for person in people:
        with transaction():
            decision = session.query(GroupDecision).one()
            answering.hand_in(decision, content, group=get_group(group_id), actor=person)


def time_is_over() -> None:
    with transaction():
        ends = session.query(GroupDecision).one().closes_at
        assert ends is not None
        closing.close_due(ends)


def answer(page: Page, language: str, looks: Callable[[Page, str], None], *, javascript: bool) -> None:
    """Fill in, be told what is missing, look it over, send."""
    press(page, "main a[href$='/answer']")
    looks(page, f"{language}-answer")
    page.locator("label[for=p-1-2]").click()
    if javascript:
        with use_language(language):
            kept = _("Kept, but not sent yet.")
        expect(page.locator("#standing")).to_contain_text(kept)
    press(page, "button[value=check]")
    expect(page.locator("#errors")).to_be_visible()
    looks(page, f"{language}-answer-wrong")
    for box, value in ((1, 2), (2, 9), (3, 5), (4, 7)):
        page.locator(f"label[for=p-{box}-{value}]").click()
    press(page, "button[value=check]")
    looks(page, f"{language}-check")
    press(page, "form[action$='/send'] button.btn--main")
    looks(page, f"{language}-sent")


@pytest.mark.parametrize(("language", "javascript"), [("en", True), ("ar", True), ("de", False)])
def test_a_resistance_vote(app: Flask, visit: Visit, language: str, javascript: bool) -> None:
    """Scenario 4: everything stays beside the others; a draft is kept; the page says why and whom to ask."""
    group_id, people = make_group(4, privacy=Privacy.CLOSED)
    start = f"/{language}/groups/{group_pid(group_id)}/decisions"
    page = visit(start, javascript=javascript, **as_person(app, account_of(people[0])))
    looks: Callable[[Page, str], None] = looked_at if javascript else lambda page, name: check_fits(page)
    looks(page, f"{language}-list-empty")
    page.goto(f"{start}/which?about=several&all=yes")
    looks(page, f"{language}-adviser")
    page.goto(f"{start}/new")
    looks(page, f"{language}-begin")
    page.goto(f"{start}/new/resistance")
    page.fill("[name=title]", "Welche Farbe bekommt der Zaun?")
    page.fill("[name=options]", "Grün wie die Wiese\nBlau\nRot mit weißen Punkten")
    looks(page, f"{language}-write")
    press(page, "main form button[type=submit]")
    looks(page, f"{language}-rules")
    press(page, "main form button[type=submit]")
    page.fill("[name=closes_on]", (clock.today() + timedelta(days=7)).isoformat())
    looks(page, f"{language}-open")
    press(page, "main form button[type=submit]")
    looks(page, f"{language}-asked")
    answer(page, language, looks, javascript=javascript)
    answered_by_the_others(group_id, people[1:], {"points": {"1": 3, "2": 9, "3": 1, "4": 8}})
    time_is_over()
    page.reload()
    looks(page, f"{language}-result")
    expect(page.locator("#result-title")).to_contain_text("Rot mit weißen Punkten")
    press(page, "main a[href$='/outcome']")
    page.fill("[name=statement]", "Wir streichen am Samstag.")
    page.fill("[name=who]", "Nadel 1")
    looks(page, f"{language}-outcome")
    press(page, "main form button[type=submit]")
    looks(page, f"{language}-done")
    page.goto(start)
    looks(page, f"{language}-list")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_draw_everybody_can_check(app: Flask, visit: Visit, language: str) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    with transaction():
        group = get_group(group_id)
        wish = drafting.Wish(title="Wer beginnt?", method=Method.LOTS, options=("Nadel 0", "Nadel 1"))
        made = drafting.draft_decision(group, wish, actor=people[0])
        ends = clock.now() + timedelta(days=3)
        drafting.open_decision(made, group=group, actor=people[0], closes_at=ends)
        address = f"/{language}/groups/{group.public_id}/decisions/{made.public_id}"
    page = visit(f"{address}/answer", **as_person(app, account_of(people[1])))
    page.fill("[name=word]", "نهر")
    looked_at(page, f"{language}-word")
    press(page, "button[value=check]")
    press(page, "form[action$='/send'] button.btn--main")
    time_is_over()
    page.reload()
    with use_language(language):
        page.locator("details summary", has_text=_("Check the draw yourself")).click()
    looked_at(page, f"{language}-lots")
    page.goto(f"{address}/lots")
    page.locator("details summary").last.click()
    looked_at(page, f"{language}-recount")
    assert "Wer beginnt" not in page.title()
