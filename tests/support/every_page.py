"""Every page of the portal, and a check of how it looks to everybody: both directions, light and dark, narrow
and wide. A page that no list names fails `test_no_page_is_forgotten`."""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

VISITOR = (
    "",
    "imprint",
    "imprint/versions",
    "imprint/versions/{version}",
    "privacy",
    "accessibility",
    "conduct",
    "help",
    "plain-language",
    "districts",
    "districts/{district}",
    "organizations",
    "organizations/{organization}",
    "offline",
    "open-data",
    "proposals",
    "proposals?page=2&sort=newest",
    "proposals?q=gibtesnicht",
    "proposals/map",
    "proposals/{own}",
    "proposals/{other}",
    "proposals/{withdrawn}",
    "proposals/{own}/versions",
    "proposals/{own}/share",
    "proposals/{own}/texts",
    "proposals/{answered}",
    "proposals/{answered}/progress",
    "what-became-of-it",
    "proposals/{own}/notice",
    "comments/{comment}",
    "comments/{own_comment}/versions",
    "hidden/proposal/{insult}",
    "moderation/figures",
    "receipts",
    "receipts/{receipt}",
    "report/proposal/{own}",
    "report/comment/{comment}",
    "report-barrier",
    "report-barrier/thanks",
    "search",
    "search?q=bank",
    "sign-in",
    "sign-in/code/abcdefghjkmn/12345678",
    "team",
    "unsubscribe/{unsubscribe}",
    "account/email/undo/{undo}",
    "not-here",
)
AUTHOR = (
    "",
    "account",
    "account/again",
    "account/delete",
    "account/email",
    "account/export",
    "account/log",
    "account/notifications",
    "account/proposals",
    "account/sessions",
    "notices",
    "comments/{own_comment}",
    "comments/{own_comment}/delete",
    "comments/{own_comment}/edit",
    "decisions/{decision}",
    "decisions/{fresh_decision}/objection",
    "reports/{report}",
    "proposals/new",
    "proposals/{own}",
    "proposals/{insult}",
    "proposals/{own}/authors",
    "proposals/{own}/edit",
    "proposals/{own}/withdraw",
    "proposals/{own}/needs",
    "proposals/{own}/texts/offers/{offer}",
    "proposals/{other}/texts/tr",
    "proposals/{other}/texts/uk/wish",
    "proposals/merges/{merge}",
    "proposals/{other}/support",
    "proposals/{other}/still-with-it",
    "proposals/drafts/{draft}/title",
    "proposals/drafts/{draft}/similar",
    "proposals/drafts/{draft}/what",
    "proposals/drafts/{draft}/where",
    "proposals/drafts/{draft}/why",
    "proposals/drafts/{draft}/for-whom",
    "proposals/drafts/{draft}/needs",
    "proposals/drafts/{draft}/photos",
    "proposals/drafts/{draft}/language",
    "proposals/drafts/{draft}/preview",
    "proposals/drafts/{draft}/delete",
    "threads/{thread}/comments/new",
)
NEIGHBOUR = (
    "proposals/{own}/needs/{need}/pledge",
    "proposals/invitations/{invitation}",
)
MODERATOR = (
    "moderation",
    "moderation/cases/{case}",
    "office/proposals",
    "office/answers",
    "office/answers/confirm?answer={prepared}",
    "office/texts",
    "proposals/{own}",
    "proposals/{own}/contact",
    "proposals/{own}/merge",
    "proposals/{merged}/split",
    "proposals/{prepared}/answer",
    "proposals/{answered}/answer",
    "proposals/{answered}/progress/report",
    "staff/cards",
    "staff/second-factor/set-up",
)
COLLEAGUE = ("moderation/objections/{appeal}",)
PROFESSIONAL = ("proposals/{own}/assessment",)
ADMINISTRATOR = (
    "staff/barriers",
    "staff/barriers/{barrier}",
    "staff/data",
    "staff/districts",
    "staff/log",
    "staff/operation",
    "staff/organizations",
    "staff/organizations/new",
    "staff/organizations/{organization}",
    "staff/pages",
    "staff/pages/imprint/de",
    "staff/people",
    "staff/settings",
    "staff/settings/look",
    "staff/settings/proposals",
)
PAGES = {
    "visitor": VISITOR,
    "author": AUTHOR,
    "neighbour": NEIGHBOUR,
    "moderator": MODERATOR,
    "colleague": COLLEAGUE,
    "professional": PROFESSIONAL,
    "administrator": ADMINISTRATOR,
}
# Pages that need steps before them. No test checks them with axe yet, except where a journey does so itself.
AFTER_STEPS = {
    "accounts.code",
    "accounts.choose",
    "accounts.sign_up",
    "accounts.parked",
    "accounts.second_factor",
    "accounts.second_factor_done",
    "admin.checked_districts",
}
# Answers that are no page: files, pictures, fragments, redirects.
NO_PAGES = {
    "app_icon",
    "app_icon_apple",
    "app_icon_maskable",
    "content.picture",
    "discovery.robots",
    "discovery.sitemap",
    "discovery.sitemap_pages",
    "discovery.sitemap_proposals",
    "healthz",
    "manifest",
    "opendata.csv",
    "opendata.feed",
    "opendata.json_file",
    "places.district_map",
    "proposals.choose_language",
    "proposals.resume",
    "proposals.similar",
    "readyz",
    "root",
    "static_file",
    "static_sw_js",
}

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
ALL_RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# The scheme changes nothing but colours.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
WIDTHS = (360, 1280)
RUN = """([where, options]) => axe.run(where, options).then(results => results.violations.flatMap(
  found => found.nodes.map(node => `${found.id}: ${node.target} ${node.html.slice(0, 140)}`)))"""
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
  if (heads !== 1) found.push(`${heads} h1 instead of one`)
  return found
}"""


def faults_of(page: Page, *, with_frame: bool = True) -> list[str]:
    """What is wrong with the page that is open, narrow and wide, light and dark.

    The colours of the frame (bar, footer) are the same on every page: one page is enough.
    """
    found = []
    where = {"light": "html", "dark": "html" if with_frame else "main"}
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        for scheme, options in (("light", ALL_RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme}: {one}" for one in page.evaluate(RUN, [where[scheme], options])]
        found += [f"{width}: {one}" for one in page.evaluate(SHAPE)]
    return found


def walk(page: Page, language: str, paths: tuple[str, ...], words: dict[str, str]) -> list[str]:
    """Open every path in this language and collect what is wrong."""
    found: list[str] = []
    base = page.url.split(f"/{language}/")[0]
    known: dict[str, Any] = {**words, "version": words[f"version_{language}"]}
    for path in paths:
        address = f"/{language}/" + path.format(**known)
        answer = page.goto(base + address, wait_until="load")
        assert answer is not None
        if answer.status != 200 and path not in {"not-here", "proposals/{withdrawn}", "proposals/{insult}"}:
            found.append(f"{path}: status {answer.status}")
        if page.url.split("?")[0] != (base + address).split("?")[0]:
            found.append(f"{path}: sent on to {page.url}")
        found += [f"{path} {one}" for one in faults_of(page, with_frame=path == paths[0])]
    return found
