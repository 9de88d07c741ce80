"""Proposing and supporting as people do it, with and without scripts, in German and in Arabic."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.core.db import transaction
from tests.support.browser import Visit, as_person, check_accessible, check_fits, walked
from tests.support.factories import make_resident
from tests.support.factories_proposals import make_proposal

pytestmark = pytest.mark.browser


@walked("ar-scripts")
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
