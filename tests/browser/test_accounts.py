"""Pages of accounts in a real browser: signing in with and without scripts."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.browser import Visit, check_fits
from tests.support.people import deliver, mailbox

pytestmark = pytest.mark.browser


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
