"""Meetings and accompaniment on a phone, in both directions of writing, with and without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import Accompaniment, Grant, MeetingDate, Privacy, Repeats
from portal.groups.operations.accompanying import agreeing
from portal.groups.operations.meetings import planning
from portal.groups.operations.meetings.planning import Plan
from tests.support.browser import Visit, as_person, check_accessible, check_fits, walked
from tests.support.factories import make_staff
from tests.support.factories_groups import get_group, group_pid, make_group

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")
Looks = Callable[[str], None]


def account_of(actor: Actor) -> Account:
    with transaction(write=False):
        found = session.get_one(Account, actor.account_id)
        session.expunge(found)
        return found


def looking(page: Page, language: str, javascript: bool) -> Looks:
    """What is asserted of every page on the way."""

    def look(name: str) -> None:
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/meet-{language}-{name}.png", full_page=True)
        check_fits(page)
        if javascript:
            check_accessible(page)

    return look


def press(page: Page, selector: str) -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()


@walked("ar-scripts")
def test_a_meeting_from_planning_to_the_phone(
    app: Flask, visit: Visit, language: str, javascript: bool
) -> None:
    group_id, people = make_group()
    start = f"/{language}/groups/{group_pid(group_id)}/meetings"
    page = visit(start, javascript=javascript, **as_person(app, account_of(people[0])))
    look = looking(page, language, javascript)
    look("empty")
    press(page, f"a[href='{start}/new']")
    look("plan")
    page.locator("#day").fill(str(clock.today() + timedelta(days=3)))
    page.locator("#starts").fill("18:00")
    page.locator("#place").fill("Gemeinschaftsraum, Hinterhof, zweiter Eingang links")
    page.locator("label[for=repeats-1]").click()
    press(page, "form[action$='/new'] button[type=submit]")
    look("list")
    press(page, "main .cards a")
    look("date")
    page.locator("label[for=answer-0]").click()
    press(page, "form[action$='/answer'] button[type=submit]")
    look("answered")
    expect(page.locator("main")).to_contain_text("Nadel 0")
    press(page, "a[href$='/cancel']")
    look("cancel")
    page.locator("#reason").fill("Wasser im Keller")
    press(page, "form[action$='/cancel'] button[type=submit]")
    look("cancelled")
    expect(page.locator("main")).to_contain_text("Wasser im Keller")
    page.goto(f"/{language}/groups/{group_pid(group_id)}/calendar")
    press(page, "form[action$='/calendar'] button")
    look("calendar")
    expect(page.locator("main code")).to_contain_text(".ics")
    page.goto(f"/{language}/groups/dates")
    look("mine")


@walked("de-plain")
def test_it_took_place_with_one_tap(app: Flask, visit: Visit, language: str, javascript: bool) -> None:
    group_id, people = make_group(privacy=Privacy.DISCREET)
    with transaction():
        plan = Plan(day=clock.today(), starts="00:05", minutes=5, repeats=Repeats.WEEKLY)
        planning.plan_meeting(get_group(group_id), plan, actor=people[0])
        for row in session.query(MeetingDate):
            row.on -= timedelta(days=1)
    page = visit(
        f"/{language}/groups/{group_pid(group_id)}",
        javascript=javascript,
        **as_person(app, account_of(people[1])),
    )
    look = looking(page, language, javascript)
    look("asked")
    press(page, "form[action$='/held'] button[value=held]")
    look("held")
    page.goto(f"/{language}/groups/{group_pid(group_id)}")
    assert page.locator("form[action$='/held']").count() == 0


@walked("de-scripts")
def test_accompaniment_of_both_sides(app: Flask, visit: Visit, language: str, javascript: bool) -> None:
    group_id, people = make_group()
    account, base = make_staff("professional"), f"/{language}/groups/{group_pid(group_id)}"
    page = visit(f"{base}/accompaniment", javascript=javascript, **as_person(app, account_of(people[0])))
    look = looking(page, language, javascript)
    look("accompaniment")
    press(page, "a[href$='/accompaniment/new']")
    look("ask")
    page.locator("#goal").fill("Wir suchen einen Raum und wollen bekannter werden.")
    page.locator("#companion").select_option(account.public_id)
    page.locator(f"input[name=grants][value={Grant.BOARD}]").check()
    press(page, "form[action*='/accompaniment/new'] button[type=submit]")
    look("asked-companion")
    with transaction(write=False):
        own = f"/{language}/groups/accompaniments/{session.query(Accompaniment).one().public_id}"
    worker = visit(own, javascript=javascript, **as_person(app, account))
    look = looking(worker, language, javascript)
    look("companion")
    press(worker, "form[action$='/sign'] button")
    press(worker, "form[action$='/look'] button")
    look("companion-open")
    press(worker, "a[href$='/board']")
    look("companion-board")
    page.goto(f"{base}/looked")
    expect(page.locator("main")).to_contain_text(account.display_name)
    looking(page, language, javascript)("looked")
    page.goto(f"/{language}/groups/accompaniments")
    looking(page, language, javascript)("companions")


def test_the_words_for_a_slip_of_paper(app: Flask, visit: Visit) -> None:
    group_id, people = make_group()
    with transaction():
        terms = agreeing.Terms("Ein Raum", 2)
        agreeing.ask_companion(get_group(group_id), terms, actor=people[0])
    base = f"/ar/groups/{group_pid(group_id)}/accompaniment"
    page = visit(f"{base}/new", **as_person(app, account_of(people[0])))
    page.locator("#goal").fill("Ein Raum")
    press(page, "form[action*='/accompaniment/new'] button[type=submit]")
    looking(page, "ar", True)("words")
    page.goto(base)
    looking(page, "ar", True)("waits")
