"""The walk through the house: propose, support, discuss, report, hide, object, restore, assess, answer.

In a real browser, with and without scripts, in German and in Arabic. Everything is found by
the words people read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.accounts.operations import begin_totp, confirm_totp
from portal.core import clock, site_settings
from portal.core.db import session, transaction
from portal.core.i18n import gettext, use_language
from portal.core.settings import current_settings
from portal.moderation.settings import CATEGORY_LABELS, MEASURE_LABELS
from tests.support.browser import WAYS, Visit, as_person, check_accessible, follow
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_proposal
from tests.support.mail import body, mail_files
from tests.support.people import deliver

pytestmark = pytest.mark.browser
TITLE, RUDE = "Sitzbank am Sonnenweg", "Wer dagegen ist, ist ein Idiot."


@pytest.fixture(autouse=True)
def settings_forgotten() -> Iterator[None]:
    """The walk changes a setting of the town; the next test has its own town."""
    yield
    site_settings.forget()


class Walk:
    """One town, one language, with or without scripts."""

    def __init__(self, app: Flask, visit: Visit, language: str, javascript: bool) -> None:
        self.app, self.visit, self.language, self.javascript = app, visit, language, javascript
        with transaction():
            north = make_district("Nordend").id
            self.similar = make_proposal(title="Bank am Sonnenweg 3", indexed=True).public_id
        self.neighbour = make_resident(created_at=clock.now() - timedelta(days=30))
        self.moderator, self.colleague = make_staff("moderator", north), make_staff("moderator", north)
        self.professional = make_staff("professional", north)
        self.planner = make_staff("planner")
        administrator = actor_of(make_staff("administrator"))
        with transaction():  # one supporter is enough for an answer
            site_settings.change("proposals.support_threshold", 1, actor=administrator)
        self.pid = ""

    def say(self, words: str) -> str:
        """The words as they stand on the page."""
        with use_language(self.language):
            return gettext(words)

    def label(self, words: object) -> str:
        """A lazy label as it stands on the page."""
        with use_language(self.language):
            return str(words)

    def open(self, path: str = "", who: Account | None = None) -> Page:
        """A page in somebody's own browser, below /<language>/; the proposal's own without a path."""
        person = as_person(self.app, who) if who else {}
        address = f"/{self.language}/{path or f'proposals/{self.pid}'}"
        return self.visit(address, width=1280, javascript=self.javascript, **person)

    def press(self, page: Page, words: str) -> None:
        """A button."""
        page.get_by_role("button", name=self.say(words), exact=True).click()

    def follow(self, page: Page, words: str) -> None:
        """A link in the page itself."""
        page.locator("main").get_by_role("link", name=self.say(words), exact=True).first.click()

    def fill(self, page: Page, label: str, text: str) -> None:
        """A field."""
        page.locator("main").get_by_label(self.say(label)).first.fill(text)

    # ------------------------------------------------------------ the author

    def signs_up(self) -> Page:
        """Through the real pages; the code stands in the mail."""
        page = self.open("sign-in")
        self.fill(page, "Your e-mail address or your code name", "amsel@example.org")
        self.press(page, "Send me a code")
        expect(page.get_by_label(self.say("Your code"))).to_be_visible()
        deliver()
        [mail] = mail_files(current_settings().instance)
        code = re.search(r"\b(\d{4})\s?(\d{4})\b", body(mail))
        assert code is not None
        self.fill(page, "Your code", f"{code[1]} {code[2]}")
        self.press(page, "Sign in")
        self.fill(page, "The name others see", "Blaue Amsel")
        self.press(page, "Take part")
        expect(page).to_have_url(re.compile(f"/{self.language}/$"))
        return page

    def proposes(self, page: Page) -> None:
        """From the home page to the published proposal; what is similar is shown on the way."""
        page.get_by_role("link", name=self.say("Propose something")).first.click()
        page.locator("#title").fill(TITLE)
        self.press(page, "Continue")
        expect(page.get_by_role("heading", level=1)).to_have_text(self.say("Is one of these what you mean?"))
        expect(page.locator("main")).to_contain_text("Bank am Sonnenweg 3")
        self.press(page, "Mine is different: continue")
        self.fill(page, "What exactly should happen?", f"Eine Bank unter der Linde. {RUDE}")
        for _step in range(9):
            self.press(page, "Continue")
            district = page.locator("select[name=district]")
            if district.count():
                district.select_option(label="Nordend")
            if page.url.endswith("/preview"):
                break
        expect(page.get_by_role("heading", level=1)).to_have_text(self.say("This is how others will see it"))
        self.press(page, "Publish")
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
        self.pid = page.url.split("?")[0].split("#")[0].rsplit("/", 1)[1]

    def objects(self, page: Page) -> None:
        """The author reads the notice and the reasons, and asks for a second look."""
        page.goto(page.url.split(f"/{self.language}/")[0] + f"/{self.language}/notices")
        page.get_by_role("button", name=self.say("Look at it")).first.click()
        expect(page.locator("main")).to_contain_text(RUDE)
        self.follow(page, "Object")
        self.fill(page, "Why do you object?", "Das war ein Zitat aus einem Leserbrief.")
        self.press(page, "Object")
        expect(page.locator("main")).to_contain_text("Das war ein Zitat")

    # ------------------------------------------------------------ others

    def is_supported_and_discussed(self) -> None:
        """Another resident."""
        page = self.open(who=self.neighbour)
        self.press(page, "I am with it")
        button = page.get_by_role("button", name=self.say("I am with it"), exact=True)
        expect(button).to_have_attribute("aria-pressed", "true")
        page.locator("#write-new textarea").fill("Mit Lehne, bitte.")
        page.locator("#write-new").get_by_role("button", name=self.say("Send")).click()
        expect(page.locator("#comments")).to_contain_text("Mit Lehne, bitte.")

    def is_reported(self) -> None:
        """A visitor without an account."""
        page = self.open()
        with time_machine.travel(clock.now() - timedelta(seconds=3), tick=True):  # nobody reads it in less
            follow(page, page.locator("main a[href*='/report/proposal/']").first)
        page.get_by_label(self.label(next(iter(CATEGORY_LABELS.values()))), exact=True).first.check()
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator("main strong[dir=ltr]")).to_be_visible()

    def is_hidden(self) -> None:
        """A moderator shows the second factor, takes the case and decides with reasons."""
        secret = pyotp.random_base32()
        with transaction():
            account = session.get_one(Account, self.moderator.id)
            begin_totp(account, "test")
            confirm_totp(account, secret, pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30)))
        page = self.visit(
            f"/{self.language}/moderation",
            width=1280,
            javascript=self.javascript,
            **as_person(self.app, self.moderator, second_factor=False),
        )
        self.fill(page, "Code from your app, or a recovery code", pyotp.TOTP(secret).at(clock.now()))
        self.press(page, "Go on")
        page.goto(page.url.split(f"/{self.language}/")[0] + f"/{self.language}/moderation")
        page.locator("form[action$='/claim'] button").first.click()
        self.hides(page)

    def hides(self, page: Page) -> None:
        """The form of the decision."""
        page.get_by_label(self.label(MEASURE_LABELS[next(m for m in MEASURE_LABELS if m == "hide")])).check()
        page.get_by_label(self.say("What does it rest on?")).select_option("rule:1")
        self.fill(page, "Which passage is it about?", RUDE)
        self.fill(page, "Reasons for the person", "Die Worte setzen Menschen herab.")
        self.press(page, "Decide and tell everybody concerned")
        expect(page).to_have_url(re.compile("/moderation$"))

    def is_a_tombstone(self) -> None:
        """Everybody sees that it was hidden and why, and not a word of it."""
        page = self.open()
        expect(page.get_by_role("heading", level=1)).to_have_text(self.say("This proposal is not visible"))
        assert TITLE not in page.content()
        assert "Mit Lehne" not in page.content()

    def is_restored(self) -> None:
        """Another moderator answers the objection."""
        page = self.open("moderation", who=self.colleague)
        page.locator("main a[href*='/moderation/objections/']").first.click()
        page.get_by_label(self.say("The person is right: the decision is taken back")).check()
        self.fill(page, "Reasons for the person", "Es war als Zitat zu erkennen.")
        self.press(page, "Answer")
        assert self.open().get_by_role("heading", level=1).inner_text() == TITLE

    def is_assessed(self) -> None:
        """A professional says that it can be done and what it costs."""
        page = self.open(who=self.professional)
        self.follow(page, "Assess")
        page.locator("label[for=verdict-0]").click()
        self.fill(page, "What would it cost, in euros?", "1200")
        self.press(page, "Publish now")
        expect(page.locator("#assessment")).to_be_visible()

    def is_answered(self) -> None:
        """Prepared by the office, and published from its list."""
        page = self.open(who=self.planner)
        self.follow(page, "Write the answer")
        page.locator("label[for=decision-0]").click()
        self.fill(page, "Reasons, in plain words", "Die Bank kommt im Mai.")
        self.press(page, "Save for later")
        assert "Die Bank kommt im Mai." not in self.open().content()
        page.goto(page.url.split(f"/{self.language}/")[0] + f"/{self.language}/office/answers")
        page.get_by_label(TITLE).check()
        self.press(page, "Go on")
        self.press(page, "Publish now")
        expect(self.open().locator("#answer")).to_contain_text("Die Bank kommt im Mai.")

    def everybody_is_told(self, author: Page) -> None:
        """In the portal and by mail, author and supporter."""
        deliver()
        author.goto(author.url.split(f"/{self.language}/")[0] + f"/{self.language}/notices")
        expect(author.locator("main")).to_contain_text(TITLE)
        expect(self.open("notices", who=self.neighbour).locator("main")).to_contain_text(TITLE)
        told = {str(mail["To"]) for mail in mail_files(current_settings().instance) if TITLE in body(mail)}
        assert len(told) >= 2


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_walk(app: Flask, visit: Visit, language: str, javascript: bool) -> None:
    walk = Walk(app, visit, language, javascript)
    author = walk.signs_up()
    walk.proposes(author)
    walk.is_supported_and_discussed()
    walk.is_reported()
    walk.is_hidden()
    walk.is_a_tombstone()
    walk.objects(author)
    walk.is_restored()
    walk.is_assessed()
    walk.is_answered()
    walk.everybody_is_told(author)
    if javascript:
        check_accessible(walk.open(), with_frame=True)


def test_long_walks_take_turns() -> None:
    """By day each goes in one way; each way is gone about as often as the others."""
    files = Path(__file__).parent.glob("test_*.py")
    ways = Counter(way for file in files for way in re.findall(r'^@walked\("(.+)"\)', file.read_text(), re.M))
    assert set(ways) == set(WAYS)
    assert max(ways.values()) - min(ways.values()) <= 1
