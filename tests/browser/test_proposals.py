"""Proposing and supporting as people do it, with and without scripts, in German and in Arabic."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.accounts.models import Account
from portal.core.db import transaction
from portal.proposals.models import Topic
from tests.support.browser import Visit, check_accessible, check_fits
from tests.support.factories import make_resident, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_proposal

pytestmark = pytest.mark.browser


def as_person(app: Flask, account: Account) -> dict[str, object]:
    """Options of a browser in which somebody is signed in."""
    client = app.test_client()
    sign_in(client, account)
    cookie = client.get_cookie("s")
    assert cookie is not None
    state = {"name": "s", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}
    more = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"storage_state": {"cookies": [{**state, **more}], "origins": []}}


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("language", ["de", "ar"])
def test_similar_ones_are_shown_and_one_is_supported(
    app: Flask, visit: Visit, javascript: bool, language: str
) -> None:
    with transaction():
        pid = make_proposal(title="Bank vor der Kita Sonnenweg", indexed=True, with_thread=True).public_id
        make_proposal(title="Mehr Licht am Bahnhof", indexed=True)
    person = as_person(app, make_resident())
    page = visit(f"/{language}/proposals/new", javascript=javascript, **person)
    page.locator("#title").press_sequentially("Sitzbank bei Kita Sonnenweg", delay=5)
    if javascript:
        expect(page.locator("#similar")).to_contain_text("Bank vor der Kita Sonnenweg")
        expect(page.locator("#similar")).not_to_contain_text("Bahnhof")
    page.locator("form.form button.btn--main").click()
    expect(page.locator("main")).to_contain_text("Bank vor der Kita Sonnenweg")
    page.locator(f"button[name=support][value='{pid}']").click()
    expect(page).to_have_url(f"{page.url.split('/proposals')[0]}/proposals/{pid}")
    button = page.locator("#support-button")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    if javascript:
        # The button was replaced under the finger; whoever uses the keyboard is still on it.
        expect(button).to_be_focused()
        check_accessible(page)
        check_fits(page)


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_page_can_be_used_by_everybody(app: Flask, visit: Visit, language: str) -> None:
    person = make_resident()
    with transaction():
        district = make_district("Nordend")
        place = {"district_id": district.id, "lat": district.label_lat, "lon": district.label_lon}
        own = make_proposal(author=person, with_thread=True, topic=Topic.GREEN, **place).public_id
        other = make_proposal(with_thread=True, indexed=True, cost_cents=120_000).public_id
        draft = make_proposal(author=person, published=False, **place).public_id
    page = visit(f"/{language}/proposals", **as_person(app, person))
    paths = [
        "/proposals?topic=green&q=bank",
        "/proposals/map",
        f"/proposals/{other}",
        *(
            f"/proposals/{own}{part}"
            for part in ("", "/edit", "/withdraw", "/authors", "/versions", "/share")
        ),
        *(f"/proposals/drafts/{draft}/{step}" for step in ("title", "similar", "what", "where", "needs")),
        *(f"/proposals/drafts/{draft}/{step}" for step in ("photos", "language", "preview", "delete")),
        "/account/proposals",
        f"/proposals/{own}/notice",
    ]
    for path in paths:
        page.goto(page.url.split(f"/{language}/")[0] + f"/{language}{path}")
        check_accessible(page)
        check_fits(page)
