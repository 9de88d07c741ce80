"""A ballot from the first page to the receipt, on phone and desk, with and without JavaScript."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.rounds.models import BallotKind
from tests.rounds.test_closing import published
from tests.rounds.test_results import voted_round
from tests.support.browser import Visit, arrived, as_person, by_day, check_accessible, check_fits, follow
from tests.support.factories import make_resident
from tests.support.factories_ballots import make_box

pytestmark = pytest.mark.browser


WAYS = [("de", 360, True), ("ar", 360, True), ("de", 360, False), ("ar", 1280, False), ("leicht", 1280, True)]


def press(page: Page, form: str) -> None:
    follow(page, page.locator(f"form[action$='{form}'] button[type=submit]").last)


def looks_good(page: Page) -> None:
    check_fits(page)
    check_accessible(page)


@pytest.mark.parametrize(
    ("language", "width", "javascript"),
    by_day(WAYS, ("ar", 360, True), ("de", 360, False)),
)
def test_from_the_first_page_to_the_receipt(
    app: Flask, visit: Visit, language: str, width: int, javascript: bool
) -> None:
    vote = make_box(BallotKind.BASKET, options=15, costs=(30_000,) * 15, withdrawn=("4",))
    person = as_person(app, make_resident(language=language))
    page = visit(f"/{language}/votes/{vote.public_id}/ballot", width=width, javascript=javascript, **person)
    looks = looks_good if javascript else check_fits
    looks(page)
    press(page, "/begin")
    looks(page)
    bar, left = page.locator("#basket strong"), page.locator("#basket strong").inner_text()
    for box in page.locator(".option .tile label").all()[:4]:
        box.click()
    if javascript:
        # The bar follows without leaving the page; four of them are too much.
        expect(page.locator("#basket.basket--bad")).to_be_visible()
        assert bar.inner_text() != left
    follow(page, page.locator("#basket button"))
    expect(page.locator("#errors")).to_be_visible()
    looks(page)
    follow(page, page.locator("main a[href*='/ballot']").first)
    page.locator(".option .tile:has(input:checked) label").first.click()
    follow(page, page.locator("button[value='page:2']"))
    follow(page, page.locator("button[value^='option:']").first)
    looks(page)
    follow(page, page.locator("button[value=back]"))
    follow(page, page.locator("#basket button"))
    expect(page.locator(".ballot-words li")).to_have_count(3)
    looks(page)
    press(page, "/cast")
    arrived(page, "/ballot/receipt")
    expect(page.locator(".receipt__code")).to_be_visible()
    looks(page)
    follow(page, page.locator("a[href$='/print']"))
    expect(page.locator("main strong")).to_be_visible()


def test_by_keyboard_alone(app: Flask, visit: Visit) -> None:
    vote = make_box(BallotKind.YES_NO, options=2)
    page = visit(f"/de/votes/{vote.public_id}/ballot", width=1280, **as_person(app, make_resident()))
    reach(page, "form[action$='/begin'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**begun=1")
    for number in (1, 2):
        reach(page, f"input[name='v-{number}']")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    expect(page.locator("input[value=no]:checked")).to_have_count(2)
    reach(page, "#basket button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    reach(page, "form[action$='/cast'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")


def reach(page: Page, wanted: str) -> None:
    """Tab until the focus is there, forwards as people do, at most once around the page."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


@pytest.mark.parametrize("kind", ["points", "score", "ranking"])
def test_numbers_on_a_phone_in_the_dark(app: Flask, visit: Visit, kind: str) -> None:
    rules: dict[str, Any] = {"points": {"points_total": 5}, "score": {"score_max": 5}}.get(kind, {})
    vote = make_box(BallotKind(kind), options=4, **rules)
    person = as_person(app, make_resident())
    page = visit(f"/ar/votes/{vote.public_id}/ballot", scheme="dark", **person)
    press(page, "/begin")
    if kind == "score":
        page.locator("#option-2 .scale .tile label").nth(5).click()
    else:
        page.locator("#o-2").fill("٣")
    looks_good(page)
    follow(page, page.locator("#basket button"))
    expect(page.locator(".ballot-words li")).to_have_count(1)
    press(page, "/cast")
    arrived(page, "/receipt")


@pytest.mark.parametrize("language", by_day(["de", "ar"], "ar"))
def test_the_comparisons_of_a_ranking_on_a_phone(app: Flask, visit: Visit, language: str) -> None:
    """A table that becomes blocks: every cell keeps its heading, nothing is scrolled sideways."""
    public_id = published(voted_round(BallotKind.RANKING))
    page = visit(f"/{language}/votes/{public_id}/result", width=360)
    table = page.locator("#duels table")
    expect(table.locator("caption")).to_be_visible()
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table.locator("tbody tr").first).to_contain_text("Option A")
    check_fits(page)
    check_accessible(page)
    page.goto(f"/{language}/votes/{public_id}/result/options/2")
    expect(page.locator("#duels tbody tr")).to_have_count(2)
    check_fits(page)
