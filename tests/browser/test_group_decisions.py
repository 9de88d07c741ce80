"""A draw everybody can work out again, on a phone."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import use_language
from portal.groups.models import GroupDecision, Method, Privacy
from portal.groups.operations.deciding import closing, drafting
from tests.support.browser import Visit, as_person, by_day, check_accessible, check_fits
from tests.support.factories_groups import get_group, make_group

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


def time_is_over() -> None:
    with transaction():
        ends = session.query(GroupDecision).one().closes_at
        assert ends is not None
        closing.close_due(ends)


@pytest.mark.parametrize("language", by_day(["en", "ar"], "ar"))
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
