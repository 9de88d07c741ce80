"""How a page looks to everybody: axe in both directions, light and dark, narrow and wide.

No server stands between: the test client asks the portal (and checks the HTML), the browser shows the answer.
So an answer to a form can be looked at like a page that has an address. All answers are written into one
document, one after the other, as if they came over the network: axe has to be made ready only once.

There are eight ways to look: two languages, two widths, light and dark. To stay fast, `make test` looks at
each page in one of them, and from page to page they take turns; in the other language it only asks whether
the page fits the smallest screen. It passes over what is the same on every page of a person (bar, footer),
but for the first page, and over what looks like three pieces beside it (the fourth card of a list). WHOLE=1
looks at everything on every page in all eight ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route
from werkzeug.test import TestResponse

from tests.support.whole import WHOLE

Scheme = Literal["light", "dark"]
Look = tuple[int, Scheme]

NARROW, WIDE = 360, 1280
EVERY_LOOK: tuple[Look, ...] = ((NARROW, "light"), (WIDE, "dark"), (WIDE, "light"), (NARROW, "dark"))
LANGUAGES = ("de", "ar")
# The narrowest screen: nothing may stick out, in any language.
SMALLEST = 320

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    # There are no frames, and the style sheet is in the page.
    "preload": False,
    "iframes": False,
}
# axe leaves out text in which letters join, taking it for the pictures of an icon font: all of Arabic. With
# every letter as wide as the others it sees words. We have no icon font.
READY = f"""{AXE_SCRIPT}
CanvasRenderingContext2D.prototype.measureText = words => ({{width: 30 * words.length}})
undefined"""
RUN = """([context, options]) => axe.run(context, options).then(results => results.violations.flatMap(
  found => found.nodes.map(node => `${found.id}: ${node.target} ${node.html.slice(0, 140)}`)))"""
FRAME = ("body > header", "body > footer")
AGAIN = "[data-looks-again]"
# Marks each piece beside three others of the same tags and classes.
MARK_AGAIN = """() => {
  const look = one => `${one.tagName}.${one.getAttribute('class')}(${[...one.children].map(look)})`
  for (const parent of document.querySelectorAll('main, main *')) {
    const seen = new Map()
    for (const one of parent.children) {
      const name = look(one)
      seen.set(name, (seen.get(name) || 0) + 1)
      if (seen.get(name) > 3) one.setAttribute('data-looks-again', '')
    }
  }
}"""
SHAPE = """() => {
  const root = document.documentElement
  const wide = root.scrollWidth - root.clientWidth
  const heads = document.querySelectorAll('h1').length
  const found = []
  if (wide > 0) {
    const all = [...document.body.querySelectorAll('*')]
    const out = all.filter(one => {
      const box = one.getBoundingClientRect()
      return box.width && (box.right > root.clientWidth + 1 || box.left < -1)
    })
    found.push(`${wide} px too wide: ` + out.slice(-3).map(one => one.outerHTML.slice(0, 90)).join(' | '))
  }
  for (const one of document.querySelectorAll('.nav a, .btn, .badge, .chip')) {
    const cut = one.scrollWidth - one.clientWidth
    if (cut > 1) found.push(`${cut} px of text stick out of ${one.outerHTML.slice(0, 90)}`)
  }
  if (heads !== 1) found.push(`${heads} h1 instead of one`)
  return found
}"""


# Shows an answer in the document that is there; done when its pictures and scripts are.
SHOW = """([address, text]) => new Promise(done => {
  history.replaceState(null, '', address)
  document.open()
  addEventListener('load', () => done())
  document.write(text)
  document.close()
})"""


def looks_at(number: int, language: str, *, with_frame: bool = False) -> tuple[Look, ...]:
    """The widths and schemes in which the page of this number is looked at in this language.

    A page `with_frame` is looked at in both languages, the other one with the other width and scheme.
    """
    if WHOLE:
        return EVERY_LOOK
    look = number // len(LANGUAGES) % len(EVERY_LOOK)
    if language == LANGUAGES[number % len(LANGUAGES)]:
        return (EVERY_LOOK[look],)
    return (EVERY_LOOK[look ^ 1],) if with_frame else ()


def passed_over(*, with_frame: bool) -> list[list[str]]:
    """The parts of a page that another look has seen already."""
    if WHOLE:
        return []
    return [[AGAIN]] if with_frame else [[AGAIN], *([one] for one in FRAME)]


def _context(*, with_frame: bool) -> dict[str, list[list[str]]]:
    return {"include": [["html"]], "exclude": passed_over(with_frame=with_frame)}


class Viewer:
    """A browser's page that shows what the test client was answered; the rest comes the same way."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.route("**/*", self._answer)
        self.client: FlaskClient | None = None
        self.files: dict[str, TestResponse] = {}
        self.turns = count()
        self.problems: list[str] = []

    def lend(self, app: Flask) -> None:
        """For the pages of this portal, from the first way on; axe stays ready from one to the next."""
        self.client, self.files, self.turns = app.test_client(), {}, count()
        self.problems.clear()
        if self.page.url == "about:blank":
            self.page.goto("http://localhost/de/")
            self.page.evaluate(READY)

    def _answer(self, route: Route) -> None:
        address = route.request.url
        assert self.client is not None
        if address not in self.files:
            self.files[address] = self.client.get(address)
        answer = self.files[address]
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.get_data())

    def faults_of_pages(
        self, client: FlaskClient, paths: Iterable[str], *, also: str = "() => []"
    ) -> list[str]:
        """What is wrong with these pages below /<language>/, each in its turn's way.

        `also`: a script that says more faults, asked on the smallest screen.
        """
        found = []
        for path in paths:
            number = next(self.turns)
            for language in LANGUAGES:
                answer = client.get(f"/{language}/{path}")
                assert answer.status_code == 200, (path, answer.status, answer.location)
                faults = self.faults(client, answer, language, looks_at(number, language))
                found += [f"{path} {one}" for one in (*faults, *self.page.evaluate(also))]
        return found

    def faults(
        self,
        client: FlaskClient,
        answer: TestResponse,
        language: str,
        looks: tuple[Look, ...],
        *,
        with_frame: bool = False,
    ) -> list[str]:
        """What is wrong with this answer to this client. Bar and footer are looked at when asked for."""
        self.client = client
        found = []
        for number, (width, scheme) in enumerate(looks):
            self.page.set_viewport_size({"width": width, "height": 740})
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if number == 0:
                self._show(answer)
                self.page.evaluate(MARK_AGAIN)
            faults = self.page.evaluate(RUN, [_context(with_frame=with_frame), RULES])
            found += [f"{language} {width} {scheme}: {one}" for one in faults]
            found += [f"{language} {width}: {one}" for one in self.page.evaluate(SHAPE)]
        self.page.set_viewport_size({"width": SMALLEST, "height": 640})
        if not looks:
            self._show(answer)
        found += [f"{language} {SMALLEST}: {one}" for one in self.page.evaluate(SHAPE)]
        return found

    def _show(self, answer: TestResponse) -> None:
        self.page.evaluate(SHOW, [answer.request.url, answer.get_data(as_text=True)])
