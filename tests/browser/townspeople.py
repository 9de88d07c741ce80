"""A town in a real browser: its people, each with a browser of their own, and the time of its clocks."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import time_machine
from flask import Flask
from playwright.sync_api import Page

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.proposals.models import Proposal, Stage
from tests.support.browser import Visit, as_person, check_accessible, check_fits, follow
from tests.support.factories import make_resident, make_staff
from tests.support.factories_proposals import make_proposal

# In euros. With the ballots below the first two are elected by either way of counting, and no draw is needed.
COSTS = {"Bäume am Markt": 300, "Spielplatz am Fluss": 500, "Brunnen vor dem Bahnhof": 600}


def submit(page: Page, action: str, index: int = 0) -> None:
    """Send the form whose address ends like this."""
    follow(page, page.locator(f"main form[action$='{action}'] button[type=submit]").nth(index))


def choose(page: Page, name: str, value: object) -> None:
    """A radio button, by the label around or beside it as people do."""
    box = page.locator(f"main input[name='{name}'][value='{value}']")
    page.locator(f"label[for='{box.get_attribute('id')}']").click()


class People:
    """One town, one language, with or without scripts."""

    def __init__(self, app: Flask, visit: Visit, language: str, javascript: bool) -> None:
        self.app, self.visit, self.language, self.javascript = app, visit, language, javascript
        self.moderator = make_staff("moderator")
        self.administrators = make_staff("administrator"), make_staff("administrator")
        self.ann, self.ben, self.cem = (make_staff("professional") for _ in range(3))
        self.author = make_resident()
        self.proposals = {title: self._examined(title, cost) for title, cost in COSTS.items()}
        self.pid = self.counter = ""
        self.browsers: dict[object, Page] = {}
        self.numbers: dict[str, str] = {}  # of the options, by title
        begins = clock.today() + timedelta(days=2)
        self.begins, self.ends = begins, begins + timedelta(days=14)

    def _examined(self, title: str, euros: int) -> str:
        given = {"author": self.author, "stage": Stage.EXAMINED, "cost_cents": euros * 100}
        with transaction():
            return make_proposal(title=title, **given).public_id

    def open(self, path: str, who: Account | None = None, width: int = 1280) -> Page:
        """A page in somebody's own browser, signed in anew: weeks lie between some of the steps."""
        owner = (who.id if who else None, width)
        person: dict[str, Any] = as_person(self.app, who) if who else {}
        if owner not in self.browsers:
            self.browsers[owner] = self.new_browser(path, width, **person)
            return self.browsers[owner]
        if person:
            self.browsers[owner].context.add_cookies(person["storage_state"]["cookies"])
        self.go(self.browsers[owner], path)
        return self.browsers[owner]

    def new_browser(self, path: str, width: int, **person: Any) -> Page:
        """An empty one."""
        return self.visit(f"/{self.language}/{path}", width=width, javascript=self.javascript, **person)

    def phone(self, name: str, path: str) -> Page:
        """One of a few phones, without anything of whoever had it before."""
        if name in self.browsers:
            self.browsers[name].context.clear_cookies()
            self.go(self.browsers[name], path)
        else:
            self.browsers[name] = self.new_browser(path, 360)
        return self.browsers[name]

    def go(self, page: Page, path: str) -> None:
        """Another page in the same browser."""
        page.goto(f"/{self.language}/{path}")

    def at(self, day: date, hour: int, minute: int = 0) -> time_machine.travel:
        """This hour of this day on the town's clocks."""
        return time_machine.travel(clock.at_local(day, time(hour, minute)), tick=True)

    def looks_good(self, page: Page) -> None:
        """Nothing to scroll sideways. axe looks in German only: test_axe_people shows it all languages."""
        check_fits(page)
        if self.javascript and self.language == "de":
            check_accessible(page)

    def stage(self, title: str) -> Stage:
        """Where a proposal stands now."""
        with transaction(write=False):
            return session.query(Proposal).filter_by(public_id=self.proposals[title]).one().stage
