"""Passkeys in a real browser, with its own virtual key: made at the first sign-in, used at the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from portal.accounts.models import Account
from portal.core.settings import current_settings, use_settings
from tests.support.browser import watch
from tests.support.factories import make_staff, sign_in

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(live: str) -> str:
    """Passkeys belong to a host name; an IP address has none."""
    url = live.replace("127.0.0.1", "localhost")
    use_settings(replace(current_settings(), base_url=url))
    return url


def first_step(app: Flask, context: BrowserContext, account: Account, address: str) -> None:
    """As after typing the mailed code."""
    client = app.test_client()
    sign_in(client, account, second_factor=False)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie: Any = client.get_cookie(name)
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": cookie.value, "url": address}])


def page_with_key(context: BrowserContext, address: str, problems: list[str]) -> Page:
    """A page in a browser that has a virtual key."""
    page = context.new_page()
    watch(page, address, problems)
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


@pytest.mark.browser
def test_made_and_used(app: Flask, address: str, browser: Browser) -> None:
    """Set up by one press, recovery codes shown; at the next sign-in one press opens the staff pages."""
    admin, problems = make_staff("administrator"), list[str]()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = page_with_key(context, address, problems)
    first_step(app, context, admin, address)
    page.goto(f"{address}/en/staff/people")
    page.get_by_label("Name of this passkey").fill("Work phone")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    assert page.locator("main code").count() == 10
    first_step(app, context, admin, address)
    page.goto(f"{address}/en/staff/people")
    assert page.url == f"{address}/en/staff/second-factor"
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(f"{address}/en/")
    page.goto(f"{address}/en/staff/people")
    assert page.get_by_role("heading", level=1).inner_text() == "Roles"
    context.close()
    assert problems == []
