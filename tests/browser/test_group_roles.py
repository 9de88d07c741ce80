"""Members, roles and what a group may change about itself, on a phone."""

from __future__ import annotations

import os

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import Privacy
from tests.support.browser import Visit, as_person, check_accessible, check_fits
from tests.support.factories_groups import group_pid, make_group

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
