"""A town's budget from the draft to the results, in a real browser: German, Arabic, with and without scripts.

Every step is one that people take: the page is opened, filled in, sent. Only three things are made by hand:
the examined proposals (test_walk shows how they come about), time, which jumps to the beginning and past the
end of the vote, and the worker's minute. Everything is found by address or value, not by translated words.

The whole way is walked in German and in Arabic, each with scripts and without. Everybody keeps their own
browser from the first page to the last, as at work; phones are emptied before the next person types a code.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.cli import main
from portal.core import jobs, limits
from portal.proposals.models import Stage
from tests.browser.townspeople import COSTS, People, choose, submit
from tests.support.browser import Visit, arrived, follow, walked
from tests.support.people import deliver

pytestmark = pytest.mark.browser
TREES, PLAYGROUND, FOUNTAIN = COSTS
BUDGET = 900
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Codes are typed often here; nobody is slowed down by the test before."""
    limits.start_over()
    yield
    limits.start_over()


class Town(People):
    """What happens from the draft to the results."""

    # ------------------------------------------------------------ before

    def is_drafted(self) -> Page:
        """The moderator goes through the steps."""
        page = self.open("office/votes/new", self.moderator)
        page.locator("#title").fill("Bürgerbudget 2027")
        choose(page, "start", "budget")
        submit(page, "/office/votes/new")
        self.pid = page.url.split("/office/votes/")[1].split("/")[0]
        page.locator("#question").fill("Was soll die Stadt bauen?")
        page.locator("#intro").fill("Es geht um 900 Euro für unser Viertel.")
        submit(page, "/words")
        choose(page, "kind", "approval")
        submit(page, f"/{self.pid}/ballot")
        page.locator("main a[href$='/options/proposals']").click()
        for pid in self.proposals.values():
            page.locator(f"#p-{pid}").check()
        submit(page, "/options/proposals")
        page.locator("main a[href$='/counting'].btn--main").click()
        self.says_how_it_is_counted(page)
        return page

    def says_how_it_is_counted(self, page: Page) -> None:
        """Rule, money, draw; letters; days."""
        choose(page, "rule", "equal_shares_add1")
        page.locator("#budget").fill(str(BUDGET))
        page.locator("#lottery_source").fill("Lotto 6 aus 49")
        page.locator("#lottery_on").fill((self.ends + timedelta(days=3)).isoformat())
        submit(page, "/counting")
        choose(page, "level", 2)
        page.locator("#file_threshold").fill("3")
        submit(page, "/voters")
        for name, day in (("opens", self.begins), ("closes", self.ends)):
            page.locator(f"#{name}_on").fill(day.isoformat())
            page.locator(f"#{name}_at").fill("12:00")
        submit(page, "/dates")
        arrived(page, "/check")

    def is_opened(self, page: Page) -> None:
        """Read, confirmed, frozen; the proposals are locked."""
        expect(page.locator("main .errors")).to_have_count(0)
        page.locator("#is_read").check()
        submit(page, "/check")
        arrived(page, f"/office/votes/{self.pid}")
        for line in page.locator("main section[aria-labelledby=options] li").all():
            code, title = line.locator("bdi").inner_text(), line.locator("span[lang]").inner_text()
            self.numbers[title] = code
        assert set(self.numbers) == set(COSTS)
        assert {self.stage(title) for title in COSTS} == {Stage.IN_ROUND}

    # ------------------------------------------------------------ letters

    def letters_are_printed(self) -> list[str]:
        """One administrator asks, the other approves; the codes as they stand on the printed page."""
        one, other = self.administrators
        asking = self.open(f"office/votes/{self.pid}/letters", one)
        asking.locator("#size").fill("3")
        asking.locator("#language").select_option(self.language)
        submit(asking, "/letters")
        expect(asking.locator("main form[action$='/approve']")).to_have_count(0)  # not by the same person
        approving = self.open(f"office/votes/{self.pid}/letters", other)
        submit(approving, "/approve")
        self.go(asking, f"office/votes/{self.pid}/letters")
        submit(asking, "/print")
        expect(asking.locator(".letter")).to_have_count(3)
        assert asking.locator(".letter").first.evaluate("e => getComputedStyle(e).direction") == (
            "rtl" if self.language == "ar" else "ltr"
        )
        codes = [one.strip() for one in asking.locator(".letter__code").all_inner_texts()]
        self.go(approving, f"office/votes/{self.pid}/letters")
        expect(approving.locator("main form[action$='/print']")).to_have_count(0)  # once is once
        return codes

    def phone_with(self, code: str, phone: str) -> Page:
        """Somebody without an account types the code on a phone."""
        page = self.phone(phone, f"votes/{self.pid}/code")
        page.locator("#code").fill(code.lower())
        submit(page, "/code")
        arrived(page, "/code/fits")
        follow(page, page.locator("main a.btn--main[href$='/ballot']"))
        return page

    def is_filled(self, page: Page, *titles: str) -> None:
        """Exactly these are ticked, then the last page is looked at."""
        for title, code in self.numbers.items():
            box = page.locator(f"#o-{code}")
            if box.is_checked() != (title in titles):
                page.locator(f"label[for='o-{code}']").click()
        follow(page, page.locator("#basket button"))
        arrived(page, "/ballot/check")
        expect(page.locator(".ballot-words li")).to_have_count(len(titles))
        for title in titles:
            expect(page.locator(".ballot-words")).to_contain_text(title)

    def is_cast(self, page: Page) -> str:
        """Counted: the tracking code on the receipt."""
        submit(page, "/cast")
        arrived(page, "/ballot/receipt")
        return re.sub(r"\W", "", page.locator(".receipt__code span").first.inner_text())

    def votes_on_the_phone(self, code: str) -> tuple[str, str]:
        """Filled, checked, cast; then changed once. Both tracking codes."""
        page = self.phone_with(code, "own")
        submit(page, "/begin")
        self.looks_good(page)
        self.is_filled(page, FOUNTAIN)
        self.looks_good(page)
        first = self.is_cast(page)
        self.looks_good(page)
        again = self.phone_with(code, "borrowed")  # any device with the same code
        arrived(again, "/ballot/receipt")
        submit(again, "/change")
        self.is_filled(again, TREES, PLAYGROUND)
        second = self.is_cast(again)
        assert second != first
        return first, second

    # ------------------------------------------------------------ the counter

    def counter_is_opened(self) -> Page:
        """One member of staff opens it, a second one confirms in an own session."""
        page = self.open("office/counter", self.ann)
        page.locator(f"#place-{self.pid}").fill("Rathaus")
        submit(page, "/counters")
        self.counter = page.url.rstrip("/").rsplit("/", 1)[1]
        expect(page.locator("form[action$='/person']")).to_have_count(0)  # not alone
        submit(self.open(f"office/counters/{self.counter}", self.ben), "/join")
        page.reload()
        return page

    def gets_paper(self, page: Page, code: str) -> None:
        """The code is checked and ticked off."""
        page.locator("#who").fill(code)
        submit(page, "/person")
        submit(page, "/tick")

    def paper_and_online_exclude_each_other(self, page: Page, code: str) -> None:
        """A ballot that lay ready on a phone cannot be cast any more, and nobody begins another one."""
        ready = self.phone_with(code, "own")
        submit(ready, "/begin")
        self.is_filled(ready, FOUNTAIN)
        self.gets_paper(page, code)
        submit(ready, "/cast")
        assert not ready.url.endswith("/receipt")
        expect(ready.locator(".receipt__code")).to_have_count(0)
        fresh = self.phone_with(code, "borrowed")
        expect(
            fresh.locator(".receipt__code, form[action$='/begin'], form[action$='/change']")
        ).to_have_count(0)

    def counter_is_closed(self, page: Page, sheets: int) -> None:
        """The urn is opened, its sheets are counted."""
        self.go(page, f"office/counters/{self.counter}")
        page.locator("main details summary").last.click()
        page.locator("#size").fill(str(sheets))
        submit(page, f"{self.counter}/close")
        arrived(page, "/protocol")

    def types(self, who: Account, *sheets: tuple[str, ...]) -> None:
        """The sheets in the order of their numbers, as this person reads them."""
        page = self.open(f"office/counters/{self.counter}/sheets", who)
        for number, titles in enumerate(sheets, 1):
            expect(page.locator("#serial")).to_have_value(str(number))
            self.marks(page, titles)
            submit(page, "/sheets")
        expect(page.locator("#serial")).to_have_count(0)  # nothing is left for this person

    def marks(self, page: Page, titles: tuple[str, ...]) -> None:
        """The boxes of the form."""
        for title in titles:
            page.locator(f"#o-{self.numbers[title]}").check()

    def sheets_are_entered(self) -> None:
        """Two people read the second sheet differently; neither of them decides, a third one does."""
        self.types(self.ann, (TREES, PLAYGROUND), (TREES, FOUNTAIN))
        self.types(self.ben, (TREES, PLAYGROUND), (FOUNTAIN,))
        sheets = f"office/counters/{self.counter}/sheets"
        expect(self.open(sheets, self.ben).locator("main a[href$='/sheets/2']")).to_have_count(0)
        page = self.open(sheets, self.cem)
        page.locator("main a[href$='/sheets/2']").click()
        self.marks(page, (TREES, FOUNTAIN))
        submit(page, "/sheets/2")
        arrived(page, sheets)
        expect(page.locator("main a[href$='/sheets/2']")).to_have_count(0)

    # ------------------------------------------------------------ after

    def is_closed_by_time(self) -> None:
        """What the worker does in its next minute."""
        jobs.schedule_periodic()
        deliver()

    def is_published(self) -> None:
        """Before: nobody sees anything. The check page says that all matches; then one button."""
        assert self.open(f"votes/{self.pid}/result").locator("#recount").count() == 0
        page = self.open(f"office/votes/{self.pid}/closing", self.moderator)
        expect(page.locator("main .badge--wait")).to_have_count(0)
        submit(page, "/publish")
        arrived(page, f"/votes/{self.pid}/result")
        deliver()

    def is_explained(self) -> None:
        """Winners and reasons for everybody, and a page for the one that lost."""
        page = self.open(f"votes/{self.pid}/result", width=360)
        rows = page.locator("#options tbody tr")
        expect(rows).to_have_count(3)
        elected = {
            row.locator("a").inner_text(): row.locator("th .badge--good").count() == 1 for row in rows.all()
        }
        assert elected == {TREES: True, PLAYGROUND: True, FOUNTAIN: False}
        assert all(len(row.locator("td").last.inner_text().strip()) > 15 for row in rows.all())
        self.looks_good(page)
        rows.filter(has_text=FOUNTAIN).locator("a").click()
        expect(page.locator("h1")).to_have_text(FOUNTAIN)
        assert len(page.locator("section[aria-labelledby=why-title] p").first.inner_text()) > 15

    def can_be_recounted(self, tracking: tuple[str, str], folder: Path) -> None:
        """The files that everybody can take away, and the command; only the ballot that counted is there."""
        page = self.open(f"votes/{self.pid}/result")
        said = page.locator("#recount code").first.inner_text()
        with page.expect_download() as taken:
            page.locator("#recount a[href$='/ballots.pb']").click()
        file, log = folder / "vote.pb", folder / "log.jsonl"
        taken.value.save_as(file)
        self.go(page, f"votes/{self.pid}/log")
        with page.expect_download() as taken:
            page.locator("main a[href$='/log.jsonl']").click()
        taken.value.save_as(log)
        text = file.read_text()
        first, second = tracking
        assert second in text
        assert first not in text
        found = json.loads(self.recounted("recount", str(file), "--log", str(log), "--json"))
        assert found["winners"] == [self.numbers[TREES], self.numbers[PLAYGROUND]]
        assert found["equal"] is True
        assert found["sha256"] == said

    def recounted(self, *command: str) -> str:
        """What the command prints: once typed into a shell, otherwise run here."""
        if self.language == "de" and self.javascript:
            shell = [sys.executable, "-m", "portal", *command]
            typed = subprocess.run(shell, cwd=ROOT, capture_output=True, text=True, check=False)
            assert typed.returncode == 0, typed.stdout + typed.stderr
            return typed.stdout
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
        return done.stdout

    def is_answered(self) -> None:
        """All of them in one batch; the elected ones have a page about what becomes of them."""
        page = self.open(f"office/votes/{self.pid}/answers", self.moderator)
        expect(page.locator("main input[name=proposal]:checked")).to_have_count(3)
        submit(page, "/answers")
        expect(page.locator("main input[name=proposal]")).to_have_count(0)
        assert [self.stage(title) for title in COSTS] == [Stage.ACCEPTED, Stage.ACCEPTED, Stage.DECLINED]
        winner = self.open(f"proposals/{self.proposals[TREES]}")
        expect(winner.locator("#answer")).to_contain_text("Bürgerbudget 2027")
        winner.locator("#progress a[href$='/progress']").click()
        expect(winner.locator("h1")).to_have_text(TREES)
        loser = self.open(f"proposals/{self.proposals[FOUNTAIN]}")
        expect(loser.locator("#answer")).to_contain_text("Bürgerbudget 2027")
        expect(loser.locator("#progress")).to_have_count(0)
        deliver()
        notices = self.open("notices", self.author)
        for title in COSTS:
            expect(notices.locator("main")).to_contain_text(title)


@walked("de-scripts")
def test_a_towns_budget(app: Flask, visit: Visit, tmp_path: Path, language: str, javascript: bool) -> None:
    town = Town(app, visit, language, javascript)
    town.is_opened(town.is_drafted())
    with town.at(town.begins, 13):
        phone, paper, late = town.letters_are_printed()
        tracking = town.votes_on_the_phone(phone)
        counter = town.counter_is_opened()
        town.gets_paper(counter, paper)
        town.paper_and_online_exclude_each_other(counter, late)
    with town.at(town.ends, 12, 5):
        town.counter_is_closed(town.open(f"office/counters/{town.counter}", town.ann), 2)
        town.sheets_are_entered()
    with town.at(town.ends, 13):
        town.is_closed_by_time()
        town.is_published()
        town.is_explained()
        town.can_be_recounted(tracking, tmp_path)
        town.is_answered()
