"""Writing, answering and reporting as people do it, with and without scripts, in German and in Arabic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import session, transaction
from portal.discussions.models import Thread
from portal.discussions.operations import add_comment
from portal.moderation.models import Report
from tests.moderation.people import Town, actor_in, make_town, report
from tests.support.browser import Visit, as_person, check_accessible, check_fits, follow, walked
from tests.support.factories import make_resident
from tests.support.leaflets import wall_in

CODE = re.compile(r"^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$")

pytestmark = pytest.mark.browser


@pytest.fixture
def town(app: Flask) -> Iterator[Town]:
    """Something with a conversation, its author and moderators."""
    with wall_in(app) as wall:
        yield make_town(wall)


def write(page: Page, text: str) -> None:
    """Type and send the form that stands below the conversation."""
    page.locator("#write-new textarea").fill(text)
    page.locator("#write-new button[type=submit]").click()


@walked("de-scripts")
def test_a_conversation(app: Flask, town: Town, visit: Visit, javascript: bool, language: str) -> None:
    person = make_resident(created_at=clock.now() - timedelta(days=30))
    address = f"/{language}/leaflets/{town.leaflet.public_id}"
    page = visit(address, javascript=javascript, **as_person(app, person))
    write(page, "Erster **Beitrag**")
    expect(page.locator("#comments > li")).to_have_count(1)
    expect(page.locator("#no-comments")).to_have_count(0)
    expect(page.locator("#comments strong", has_text="Beitrag")).to_be_visible()
    write(page, "Zweiter Beitrag")
    expect(page.locator("#comments > li")).to_have_count(2)
    if not javascript:
        page.goto(address)
    else:
        expect(page.locator("#write-new textarea")).to_have_value("")
    first = page.locator("#comments > li").first
    first.locator("a[href*='reply_to']").click()
    slot = first if javascript else page
    slot.locator("textarea").fill("Eine Antwort")
    slot.locator("form button[type=submit]").last.click()
    expect(page.locator("#comments > li").first.locator(".replies > li")).to_have_count(1)
    if javascript:  # axe is a script itself
        check_accessible(page)
        check_fits(page)


def test_nothing_typed_is_lost_when_the_conversation_closes(app: Flask, town: Town, visit: Visit) -> None:
    person = make_resident(created_at=clock.now() - timedelta(days=30))
    page = visit(f"/de/leaflets/{town.leaflet.public_id}", **as_person(app, person))
    with transaction():
        session.get_one(Thread, town.leaflet.thread_id).is_open = False
    write(page, "Lange getippt")
    expect(page.locator("#write-new [role=alert]")).to_be_visible()
    expect(page.locator("#write-new textarea")).to_have_value("Lange getippt")


@walked("ar-scripts")
def test_a_visitor_reports_a_comment(
    app: Flask, town: Town, visit: Visit, javascript: bool, language: str
) -> None:
    with transaction():
        thread = session.get_one(Thread, town.leaflet.thread_id)
        add_comment(thread, actor=actor_in(town.author), body="Ihr seid Idioten")
    page = visit(f"/{language}/leaflets/{town.leaflet.public_id}", javascript=javascript)
    with time_machine.travel(clock.now() - timedelta(seconds=3), tick=True):  # nobody reads the page in less
        follow(page, page.locator("a[href*='/report/comment/']"))
    if javascript:  # axe is a script itself
        check_accessible(page)
        check_fits(page)
    page.locator("input[value=insult]").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("strong[dir=ltr]")).to_have_text(CODE)
    if javascript:
        check_accessible(page)
    with transaction(write=False):
        assert session.query(Report).count() == 1


def test_the_desk_works_by_keyboard_and_is_accessible(app: Flask, town: Town, visit: Visit) -> None:
    for _ in range(2):
        report(town.wall.pin(author_id=town.author.id, district_id=1))
    page = visit("/de/moderation", width=1280, **as_person(app, town.moderator))
    check_accessible(page)
    check_fits(page)
    aside = page.locator("form[action$='/aside'] button").first
    aside.focus()
    page.keyboard.press("Enter")
    expect(page.locator("form[action$='/aside']")).to_have_count(1)
    page.locator("form[action$='/claim'] button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=measure]").first).to_be_visible()
    check_accessible(page)
    check_fits(page)
