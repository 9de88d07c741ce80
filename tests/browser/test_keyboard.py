"""Five journeys with the keyboard only; the place where one is can always be seen (WCAG 2.4.7, 2.4.11)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.core.db import transaction
from tests.support.browser import Visit, as_person
from tests.support.factories import make_resident
from tests.support.factories_proposals import make_proposal
from tests.support.people import deliver, mailbox

pytestmark = pytest.mark.browser
# What has the focus: its outline is there, and nothing lies over its middle.
SEEN = """() => {
  const one = document.activeElement
  if (!one || one === document.body) return 'nothing has the focus'
  const target = one.matches('input[type=radio],input[type=checkbox]') ? one.labels[0] || one : one
  const box = target.getBoundingClientRect()
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20))
  if (!top || !(target.contains(top) || top.contains(target))) return 'hidden: ' + one.outerHTML.slice(0, 120)
  const styles = [getComputedStyle(one), getComputedStyle(target), getComputedStyle(one.parentElement)]
  const shown = styles.some(s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)
    || s.boxShadow !== 'none')
  return shown ? '' : 'not marked: ' + one.outerHTML.slice(0, 120)
}"""


def tab_to(page: Page, selector: str, *, most: int = 80) -> None:
    """Press Tab until this has the focus; every stop on the way must be seen."""
    for _step in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN) == ""
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def test_skipping_to_the_content(app: Flask, visit: Visit) -> None:
    with transaction():
        make_proposal(title="Bank", indexed=True)
    page = visit("/de/proposals")
    page.keyboard.press("Tab")
    assert page.evaluate(SEEN) == ""
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_signing_in(app: Flask, visit: Visit) -> None:
    make_resident(email="amsel@example.org")
    page = visit("/de/sign-in")
    tab_to(page, "#identifier")
    page.keyboard.type("amsel@example.org")
    with mailbox() as mails:
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in/code")
        deliver()
        code = mails[0].code
    tab_to(page, "#code")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/de/$"))


def test_proposing(app: Flask, visit: Visit) -> None:
    page = visit("/de/proposals/new", **as_person(app, make_resident()))
    tab_to(page, "#title")
    page.keyboard.type("Ein Brunnen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/what")
    tab_to(page, "textarea")
    page.keyboard.type("Trinkwasser am Platz.")
    for _step in range(9):
        tab_to(page, "main form button.btn--main")
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
        if page.url.endswith("/preview"):
            break
    tab_to(page, "form[action$='/publish'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ein Brunnen")


def test_supporting_and_commenting(app: Flask, visit: Visit) -> None:
    with transaction():
        pid = make_proposal(title="Bank", with_thread=True).public_id
    page = visit(f"/de/proposals/{pid}", **as_person(app, make_resident()))
    tab_to(page, "#support-button")
    page.keyboard.press("Enter")
    button = page.locator("#support-button")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    tab_to(page, "#write-new textarea")
    page.keyboard.type("Gern.")
    tab_to(page, "#write-new button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#comments")).to_contain_text("Gern.")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_quick_exit_covers_nothing_that_has_the_focus(app: Flask, visit: Visit, width: int) -> None:
    """It floats over the page; at its end, and while somebody walks down, what has the focus stays free."""
    page = visit("/de/groups/code", width=width, height=480, **as_person(app, make_resident()))
    expect(page.locator(".leave")).to_be_visible()
    tab_to(page, ".footer li:last-child a")
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.leave')"):
            return
        assert page.evaluate(SEEN) == ""
    raise AssertionError("the quick exit is not reached")
