"""For search engines: which pages there are, in which languages, and what is not for them.

sitemaps.org 0.9: an index of maps, each page with its other languages (xhtml:link, hreflang).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from flask import Flask, Response

from portal.core.actors import VISITOR
from portal.core.errors import NotFound
from portal.core.i18n import use_language
from portal.core.settings import current_settings
from portal.discovery.queries import proposals_in_sitemap, sitemap_count
from portal.processes.queries import process_names
from portal.rounds.queries.showing import listed_rounds
from portal.web import navigation
from portal.web.access import public
from portal.web.links import absolute_url
from portal.web.locale import offered_languages

# Pages that are no texts to be found, or belong to one person.
NOT_FOR_CRAWLERS = (
    "account", "sign-in", "sign-up", "staff/", "moderation/cases", "search", "notices", "receipts", "report/",
    "reports/", "proposals/new", "proposals/drafts", "proposals/invitations",
    "processes/preview", "unsubscribe",
)  # fmt: skip
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
KEPT = "public, max-age=3600"
Versions = dict[str, str]


def _xml(parts: Iterable[str]) -> Response:
    response = Response("".join(parts), mimetype="application/xml")
    response.headers["Cache-Control"] = KEPT
    return response


@public
def robots() -> Response:
    """What crawlers may read. A portal that is only tried out is not to be found at all."""
    base = current_settings().base_url
    if not current_settings().production:
        lines = ["# Not in production: nothing here is to be found.", "User-agent: *", "Disallow: /"]
    else:
        lines = ["User-agent: *", *(f"Disallow: /*/{path}" for path in NOT_FOR_CRAWLERS)]
        lines += ["", f"Sitemap: {base}/sitemap.xml"]
    response = Response("\n".join(lines) + "\n", mimetype="text/plain")
    response.headers["Cache-Control"] = KEPT
    return response


@public
def sitemap() -> Response:
    """The index: one map of the portal's own pages, and one for each stretch of proposals."""
    base = current_settings().base_url
    names = ["pages", *(f"proposals-{number}" for number in range(1, sitemap_count() + 1))]
    maps = (f"<sitemap><loc>{escape(f'{base}/sitemaps/{name}.xml')}</loc></sitemap>\n" for name in names)
    return _xml([HEAD, f"<sitemapindex {NAMESPACES}>\n", *maps, "</sitemapindex>\n"])


@public
def own_pages() -> Response:
    """The pages every visitor finds in the navigation, the votes, and what the town asks."""
    entries = [*_navigation(), *_things()]
    return _xml(_urlset((versions, None) for versions in entries))


def _navigation() -> Iterable[Versions]:
    entries: dict[int, Versions] = {}
    for language in offered_languages():
        with use_language(language.slug):
            found = [*navigation.items("main", VISITOR), *navigation.items("footer", VISITOR)]
        for number, item in enumerate(found):
            entries.setdefault(number, {})[language.slug] = current_settings().base_url + item.url
    return entries.values()


def _things() -> Iterator[Versions]:
    slugs = [language.slug for language in offered_languages()]
    for endpoint, rows in (
        ("rounds.detail", listed_rounds()),
        ("processes.detail", process_names().values()),
    ):
        for one in rows:
            yield {slug: absolute_url(endpoint, slug, pid=one.public_id) for slug in slugs}


@public
def proposals(number: int) -> Response:
    """One stretch of proposals; a stretch beyond the last is not there."""
    if not 1 <= number <= sitemap_count():
        raise NotFound
    languages = [language.slug for language in offered_languages()]
    return _xml(
        _urlset(
            ({slug: absolute_url("proposals.detail", slug, pid=public_id) for slug in languages}, changed_at)
            for public_id, changed_at in proposals_in_sitemap(number)
        )
    )


def _urlset(pages: Iterable[tuple[Versions, datetime | None]]) -> Iterator[str]:
    html_lang = {language.slug: language.html_lang for language in offered_languages()}
    yield f"{HEAD}<urlset {NAMESPACES}>\n"
    for versions, changed_at in pages:
        # Where the reader's language is none of them: the town's first one, as every page says (x-default).
        named = [*((html_lang[slug], url) for slug, url in versions.items()), ("x-default", _first(versions))]
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(name)} href={quoteattr(url)}/>'
            for name, url in named
        )
        when = f"<lastmod>{changed_at.date().isoformat()}</lastmod>" if changed_at else ""
        for url in versions.values():
            yield f"<url><loc>{escape(url)}</loc>{when}{others}</url>\n"
    yield "</urlset>\n"


def _first(versions: Versions) -> str:
    return next(iter(versions.values()))


def init_app(app: Flask) -> None:
    """Routes without language."""
    for path, name, view in (
        ("/robots.txt", "robots", robots),
        ("/sitemap.xml", "sitemap", sitemap),
        ("/sitemaps/pages.xml", "sitemap_pages", own_pages),
        ("/sitemaps/proposals-<int:number>.xml", "sitemap_proposals", proposals),
    ):
        app.add_url_rule(path, f"discovery.{name}", view, methods=["GET"])
