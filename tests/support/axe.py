"""How a page looks to everybody: axe in both directions, light and dark, narrow and wide.

No server stands between: the test client asks the portal (and checks the HTML), the browser shows the answer.
So an answer to a form can be looked at like a page that has an address.

To stay fast, `make test` looks at each page twice in each language, so that every pair of language, scheme
and width is seen: first with all rules (in German narrow, in Arabic wide), then with those that depend on
width and colours. It passes over what is the same on every page of a person (bar, footer), and over what
looks like three pieces beside it (the fourth card of a list). AXE_FULL=1 looks at everything with all rules,
four times in each language.
"""

from __future__ import annotations

import os
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route
from werkzeug.test import TestResponse

Scheme = Literal["light", "dark"]
Look = tuple[int, Scheme]

NARROW, WIDE = 360, 1280
EVERY_LOOK: tuple[Look, ...] = ((NARROW, "light"), (WIDE, "light"), (NARROW, "dark"), (WIDE, "dark"))
PAIRS: dict[str, tuple[Look, ...]] = {
    "de": ((NARROW, "light"), (WIDE, "dark")),
    "ar": ((WIDE, "light"), (NARROW, "dark")),
}
LANGUAGES = tuple(PAIRS)
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
# The rules whose answer depends on width and colours; for the others one look is enough.
VISUAL = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
VISUAL_RULES = {**RULES, "runOnly": {"type": "rule", "values": VISUAL}, "rules": {}}
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


EVERYTHING = bool(os.environ.get("AXE_FULL"))


def looks_of(language: str) -> tuple[Look, ...]:
    """The widths and schemes in which a page of this language is looked at."""
    return EVERY_LOOK if EVERYTHING else PAIRS[language]


def _passed_over(*, with_frame: bool) -> list[list[str]]:
    """The parts of a page that another look has seen already."""
    if EVERYTHING:
        return []
    return [[AGAIN]] if with_frame else [[AGAIN], *([one] for one in FRAME)]


class Viewer:
    """A browser's page that shows what the test client was answered; the rest comes the same way."""

    def __init__(self, page: Page, app: Flask) -> None:
        self.page, self.client = page, app.test_client()
        self.held: TestResponse | None = None
        self.files: dict[str, TestResponse] = {}
        self.count = 0
        page.add_init_script(AXE_SCRIPT)
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        address = route.request.url
        held = self.held
        if route.request.is_navigation_request() and held is not None:
            answer = held
        elif address in self.files:
            answer = self.files[address]
        else:
            answer = self.files[address] = self.client.get(address)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.get_data())

    def faults(
        self, client: FlaskClient, answer: TestResponse, language: str, *, with_frame: bool = False
    ) -> list[str]:
        """What is wrong with this answer to this client. Bar and footer are looked at when asked for."""
        self.client, self.held = client, answer
        context = {"include": [["html"]], "exclude": _passed_over(with_frame=with_frame)}
        found = []
        for number, (width, scheme) in enumerate(looks_of(language)):
            self.page.set_viewport_size({"width": width, "height": 740})
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if number == 0:
                self.page.goto(answer.request.url, wait_until="load")
                self.page.evaluate(MARK_AGAIN)
            self.count += 1
            rules = RULES if number == 0 or EVERYTHING else VISUAL_RULES
            faults = self.page.evaluate(RUN, [context, rules])
            found += [f"{language} {width} {scheme}: {one}" for one in faults]
            found += [f"{language} {width}: {one}" for one in self.page.evaluate(SHAPE)]
        self.page.set_viewport_size({"width": SMALLEST, "height": 640})
        found += [f"{language} {SMALLEST}: {one}" for one in self.page.evaluate(SHAPE)]
        return found
