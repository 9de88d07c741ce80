"""The last contact person leaves at ten in the evening, and the group goes on: scenario 3, on a phone."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import MemberState, Privacy
from portal.groups.operations import joining, living
from portal.groups.queries import holders_of
from portal.groups.queries.shared_out import role_of
from tests.support.browser import Visit, as_person, check_accessible, check_fits
from tests.support.factories_groups import get_group, group_pid, make_group, member_of, settled

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")
PAGES = (
    *("members", "me", "roles", "roles/contact", "roles/contact/change", "rights", "together", "leave"),
    *("pause", "goes-on", "invitations", "settings", "joining", "privacy", "charter", "history"),
)


def account_of(actor: Actor) -> Account:
    with transaction(write=False):
        found = session.get_one(Account, actor.account_id)
        session.expunge(found)
        return found


def press(page: Page, selector: str) -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("language", "javascript"), [("de", False), ("ar", True)])
def test_the_last_contact_person_leaves(app: Flask, visit: Visit, language: str, javascript: bool) -> None:
    """Out at once; two members take somebody in; a third says "I will do it" and holds it after a week."""
    group_id, people = make_group(4, privacy=Privacy.CLOSED)
    guest = settled()
    with transaction():
        joining.ask_to_join(get_group(group_id), actor=guest, alias="Faden", answers=[])
    start = f"/{language}/groups/{group_pid(group_id)}"

    def opened(person: Actor, rest: str) -> Page:
        page = visit(f"{start}/{rest}", javascript=javascript, **as_person(app, account_of(person)))
        check_fits(page)
        return page

    press(opened(people[0], "leave"), "main form button[type=submit]")
    press(opened(people[1], "requests"), "form[action$='/together'] button")
    press(opened(people[2], "together"), "form[action$='/confirm'] button")
    with transaction(write=False):
        assert member_of(group_id, guest).state is MemberState.MEMBER
    press(opened(people[3], "roles"), "form[action$='/claim'] button")
    with time_machine.travel(clock.now() + timedelta(days=7), tick=True), transaction():
        living.end_terms(clock.today())
        role = role_of(get_group(group_id), "contact")
        assert role is not None
        assert holders_of(role) == [member_of(group_id, people[3])]
    page = opened(people[1], "history")
    assert page.locator("ol.timeline li").count() > 6
    expect(page.locator("main")).not_to_contain_text("Nadel")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_members_and_roles_fit_a_phone(app: Flask, visit: Visit, language: str) -> None:
    group_id, people = make_group(3, privacy=Privacy.CLOSED)
    start = f"/{language}/groups/{group_pid(group_id)}"
    page = visit(f"{start}/members", **as_person(app, account_of(people[0])))
    for name in PAGES:
        page.goto(f"{start}/{name}")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{language}-{name.replace('/', '-')}.png", full_page=True)
        check_fits(page)
        check_accessible(page)
