"""A phone in somebody's hand: opens pages of the portal, reads its words, presses its buttons; may be shaky.

    amira = Phone(app, visit, resident, "ar", javascript=False)
    amira.open("groups/ideas")
    amira.press("Me too")

Buttons are named by the English words of the code and looked for in the language of the phone, so that a word
nobody translated is not found. Every page has to fit. Every form that is sent is sent a second time, as by a
shaky finger or a bad link: the walk goes on as if that had not happened, or the test fails.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import APIResponse, Locator, Page, expect

from portal.accounts.models import Account
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.i18n import format_date, format_number, gettext, use_language
from tests.support.browser import Visit, as_person, check_fits

PICTURES = os.environ.get("PICTURES")
# On pictures the page's own part is enough.
WITHOUT_FRAME = "for (const one of document.querySelectorAll('.footer, .nav')) one.hidden = HIDE"
_numbers = count(1)
# What the browser would send for this button; the token and everything typed are in it. Brings it to the
# middle, as people do: a bar at the bottom of the screen is no place to press.
SENT = """button => {
  const form = button.form
  button.scrollIntoView({block: 'center'})
  const here = location.pathname + location.search
  return form && {method: form.method, url: form.getAttribute('action') || here,
          body: new URLSearchParams(new FormData(form, button)).toString()}
}"""


# Tokens of forms, and the language links of the page itself.
CHANGING = re.compile(r'(name="csrf_token" value|name="csrf-token" content|nonce)="[^"]*"')


def account_of(person: Actor | Account) -> Account:
    """The account behind an actor, to be signed in."""
    if isinstance(person, Account):
        return person
    with transaction(write=False):
        found = session.get_one(Account, person.account_id)
        session.expunge(found)
        return found


class Phone:
    """One browser 360 px wide; `person` None: somebody who is not signed in. `page`: the one they had."""

    def __init__(
        self,
        app: Flask,
        visit: Visit,
        person: Actor | Account | None,
        language: str,
        *,
        javascript: bool,
        page: Page | None = None,
    ) -> None:
        self.language, self.javascript = language, javascript
        options: dict[str, Any] = as_person(app, account_of(person)) if person else {}
        if page and person:
            page.context.add_cookies(options["storage_state"]["cookies"])
        self.page: Page = page or visit("about:blank", javascript=javascript, **options)

    def say(self, words: str, **values: object) -> str:
        """Words of the code as this phone shows them."""
        with use_language(self.language):
            return gettext(words, **values)

    @property
    def main(self) -> Locator:
        """The page's own part, without its frame."""
        return self.page.locator("main")

    @property
    def path(self) -> str:
        """Where the phone is, without the language."""
        return urlsplit(self.page.url).path.removeprefix(f"/{self.language}/")

    def open(self, path: str) -> None:
        """Type an address; without the language."""
        self.page.goto(f"/{self.language}/{path}")
        self.look()

    def look(self) -> None:
        """What holds for every page on the way."""
        self.page.wait_for_load_state()
        if PICTURES:
            bare = re.sub(r"/\w*\d\w*(?=/|$)", "", self.path)
            at = re.sub(r"[^a-z-]+", "_", bare)[-40:]
            kind = f"{self.language}-{'js' if self.javascript else 'plain'}"
            self.page.evaluate(WITHOUT_FRAME.replace("HIDE", "true"))
            self.page.screenshot(path=f"{PICTURES}/{kind}-{next(_numbers):03}-{at}.png", full_page=True)
            self.page.evaluate(WITHOUT_FRAME.replace("HIDE", "false"))
        check_fits(self.page)

    def named(self, words: str, **values: object) -> Locator:
        """A button or a link of the page by its words."""
        said = self.say(words, **values)
        button = self.main.get_by_role("button", name=said, exact=True)
        return button.or_(self.main.get_by_role("link", name=said, exact=True))

    def press(self, words: str, *, again: bool = True, **values: object) -> None:
        """Press what is called so, and nothing else is; a form is sent a second time."""
        found = self.named(words, **values)
        # Playwright refuses when two are called so.
        sent = found.evaluate(SENT)
        found.click()
        self.look()
        if sent and again and sent["method"] == "post":
            answer = self.send(sent["url"], sent["body"])
            assert answer.status < 400, f"{words}: sent twice is {answer.status}"

    def press_named(self, words: str) -> None:
        """Press what people called so."""
        self.main.get_by_role("link", name=words, exact=True).first.click()
        self.look()

    def line(self, words: str, **values: Any) -> Locator:
        """Lines of a list that hold these words of the code."""
        return self.main.locator("li", has_text=self.say(words, **values))

    def day(self, day: date) -> str:
        """A day as this phone writes it."""
        with use_language(self.language):
            return format_date(day)

    def number(self, number: float) -> str:
        """A number as this phone writes it."""
        with use_language(self.language):
            return format_number(number)

    def read(self, path: str, *, without: str = "") -> tuple[int, str]:
        """Status and text of an address, without showing it; what differs with each answer is left out."""
        found = self.page.request.get(path if path.startswith("/") else f"/{self.language}/{path}")
        return found.status, CHANGING.sub("", found.text().replace(without, ""))

    def finds_nothing_of(self, path: str, words: tuple[str, ...], address: str) -> None:
        """Neither these words nor this address stand there, but what was searched for in its own field."""
        status, text = self.read(path)
        assert status != 500, path
        shown = re.sub(r'<input[^>]*type="search"[^>]*>', "", text)
        assert [one for one in (*words, address) if one in shown] == [], path

    def send(self, url: str, body: str) -> APIResponse:
        """Send a form as it was sent before, without looking at the answer."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.page.url}
        return self.page.request.post(url, data=body, headers=headers, max_redirects=0)

    def fill(self, **fields: str) -> None:
        """Type into fields by their ids."""
        for name, words in fields.items():
            self.main.locator(f"#{name}").fill(words)

    def choose(self, name: str, value: str) -> None:
        """Tap the label of a radio button or a box."""
        box = self.main.locator(f"input[name='{name}'][value='{value}']")
        self.main.locator(f"label[for='{box.get_attribute('id')}']").click()

    def sees(self, words: str, **values: Any) -> None:
        """These words of the code stand on the page, its flashes included."""
        expect(self.page.locator("body")).to_contain_text(self.say(words, **values))

    def reads(self, words: str) -> None:
        """These words of people stand on the page."""
        expect(self.main).to_contain_text(words)

    def reads_not(self, words: str) -> None:
        """These words stand nowhere on the page."""
        expect(self.page.locator("body")).not_to_contain_text(words)


def phones(
    app: Flask, visit: Visit, language: str, *, javascript: bool
) -> Callable[[Actor | Account | None], Phone]:
    """Hands out phones that are set alike. Who had one before has it again, signed in anew: weeks may lie
    between.
    """
    had: dict[int, Page] = {}

    def hand(person: Actor | Account | None) -> Phone:
        owner = person.account_id if isinstance(person, Actor) else person.id if person else None
        page = had.get(owner) if owner else None
        phone = Phone(app, visit, person, language, javascript=javascript, page=page)
        if owner:
            had[owner] = phone.page
        return phone

    return hand
