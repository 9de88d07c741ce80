"""Pages of accounts in a real browser: signing in with and without scripts, accessible in both directions."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from portal.accounts.models import Account
from tests.support.browser import Visit, check_accessible, check_fits
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.people import deliver, mailbox

pytestmark = pytest.mark.browser

VISITOR = ("sign-in", "team", "sign-in/code/abcdefghjkmn/12345678")
RESIDENT = (
    "account",
    "account/email",
    "account/sessions",
    "account/export",
    "account/delete",
    "account/again",
)
STAFF = ("staff/people", "staff/cards", "staff/second-factor/set-up")


def enter(page: Page, client: FlaskClient, account: Account) -> None:
    """Signed in, without typing."""
    sign_in(client, account)
    cookie: Any = client.get_cookie("s")
    page.context.add_cookies([{"name": "s", "value": cookie.value, "url": page.url}])


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible(app: Flask, visit: Visit, language: str, scheme: str, width: int) -> None:
    page = visit(f"/{language}/sign-in", width=width, scheme=scheme)
    anna, admin = make_resident(email="anna@example.org"), make_staff("administrator")
    moderator = make_staff("moderator")
    for account, paths in ((None, VISITOR), (anna, RESIDENT), (admin, STAFF[::2]), (moderator, STAFF[1:2])):
        if account is not None:
            enter(page, app.test_client(), account)
        for path in paths:
            page.goto(f"/{language}/{path}")
            assert page.url.endswith(f"/{language}/{path}")
            check_accessible(page)
            check_fits(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_signing_up_and_out(app: Flask, visit: Visit, javascript: bool) -> None:
    page = visit("/en/sign-in", width=320, javascript=javascript)
    with mailbox() as mails:
        page.get_by_label("Your e-mail address or your code name").fill("neu@example.org")
        page.get_by_role("button", name="Send me a code").click()
        page.get_by_label("Your code").wait_for()
        deliver()
        check_fits(page)
        code = mails[0].code
    page.get_by_label("Your code").fill("1")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").get_by_role("heading").wait_for()
    check_fits(page)
    page.get_by_label("Your code").fill(f"{code[:4]} {code[4:]}")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("The name others see").fill("Blaue Amsel")
    page.get_by_role("button", name="Take part").click()
    page.wait_for_url("**/en/")
    page.goto("/en/account")
    assert page.get_by_label("The name others see").input_value() == "Blaue Amsel"
    check_fits(page)
    page.locator("summary", has_text="My account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/en/")
    page.goto("/en/account")
    assert "/en/sign-in" in page.url
