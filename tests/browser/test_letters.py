"""Letters in a real browser: one page each as PDF, what the QR code opens, a code on a phone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.rounds.models import Round
from portal.rounds.operations import letters as operations
from tests.support.browser import Visit, arrived, as_person, check_accessible, check_fits
from tests.support.factories import make_staff
from tests.support.factories_rounds import make_round

pytestmark = pytest.mark.browser
PAGE_OBJECT = re.compile(rb"/Type\s*/Page[^s]")


def approved(round_id: int, *, size: int, language: str) -> tuple[str, Account]:
    """A batch ready to print: the vote's public id, and who asked for it."""
    one, other = make_staff(StaffRole.ADMINISTRATOR), make_staff(StaffRole.ADMINISTRATOR)
    with transaction():
        vote = session.get_one(Round, round_id)
        first, second = (actor_for(session.get(Account, who.id)) for who in (one, other))
        batch = operations.ask_batch(first, vote, language=language, district_id=None, size=size)
        operations.approve_batch(second, vote, batch)
        return vote.public_id, one


def printed(app: Flask, visit: Visit, *, size: int, language: str, width: int = 1280) -> tuple[str, Page]:
    """The page with the letters, as an administrator sees it after pressing the button."""
    pid, who = approved(make_round(level=2), size=size, language=language)
    page = visit(f"/de/office/votes/{pid}/letters", width=width, **as_person(app, who))
    page.locator('form[action$="/print"] button').click()
    page.wait_for_selector(".letter")
    return pid, page


@pytest.mark.parametrize("language", ["de", "ar", "uk"])
def test_one_letter_a_page(app: Flask, visit: Visit, language: str) -> None:
    _, page = printed(app, visit, size=4, language=language)
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert len(PAGE_OBJECT.findall(pdf)) == 4
    assert page.locator(".letter svg").count() == 4


@pytest.mark.parametrize(("language", "width"), [("de", 360), ("ar", 1280)])
def test_letters_on_screen(app: Flask, visit: Visit, language: str, width: int) -> None:
    _, page = printed(app, visit, size=1, language=language, width=width)
    check_accessible(page)
    check_fits(page)


def test_the_code_behind_the_hash_is_filled_in_and_leaves_the_address(app: Flask, visit: Visit) -> None:
    pid, page = printed(app, visit, size=1, language="ar")
    code = page.locator(".letter__code").inner_text().strip()
    phone = visit(f"/ar/votes/{pid}/code#{code.replace('-', '')}")
    assert phone.input_value("#code") == code.replace("-", "")
    assert "#" not in phone.url
    check_accessible(phone)
    check_fits(phone)
    phone.locator("form.form button").click()
    arrived(phone, f"/ar/votes/{pid}/code/fits")
    check_accessible(phone)
    check_fits(phone)


def test_a_code_without_scripts(app: Flask, visit: Visit) -> None:
    pid, page = printed(app, visit, size=1, language="de")
    code = page.locator(".letter__code").inner_text().strip()
    phone = visit(f"/de/votes/{pid}/code", javascript=False)
    phone.fill("#code", code.lower().replace("-", " "))
    phone.locator("form.form button").click()
    arrived(phone, "/code/fits")
    phone.locator(".btn--main").first.click()
    arrived(phone, f"/de/votes/{pid}/ballot")
    expect(phone.locator("h1")).to_have_count(1)
