"""The site's own pages: the town's latest text, or the one that comes with the portal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import func, select

from portal.content.models import SitePage
from portal.content.settings import CONFORMANCE, FACTS, OPTIONAL_FACTS, OWN_FACTS, PAGES
from portal.core.db import session
from portal.core.i18n import format_date, gettext, use_language
from portal.core.settings import current_settings
from portal.core.site_settings import site
from portal.core.text import render_markdown

TEXTS = Path(__file__).parents[1] / "texts"
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class PageText:
    """A page in one language as it is shown. `version_id` is None for the text that comes with the portal."""

    page: str
    language: str
    title: str
    body: str
    html: str
    version_id: int | None
    changed_at: datetime | None


def is_page(page: str) -> bool:
    """Whether the site has such a page."""
    return page in PAGES


@lru_cache(maxsize=64)
def default_text(page: str, language: str) -> tuple[str, str]:
    """(title, body) that come with the portal, with facts still in braces."""
    source = (TEXTS / f"{page}.{language}.md").read_text(encoding="utf-8")
    title, _, body = source.partition("\n")
    return title.removeprefix("# ").strip(), body.strip()


def page_text(page: str, language: str) -> PageText:
    """The page for a reader, facts filled in: the town's text in the language, else the portal's own."""
    latest = page_versions(page, language, limit=1)
    if latest:
        return show_version(latest[0])
    title, body = default_text(page, language)
    return PageText(page, language, title, body, _html(body, language), None, None)


def show_version(version: SitePage) -> PageText:
    """A published version as it is shown now."""
    html = _html(version.body, version.language)
    return PageText(
        version.page, version.language, version.title, version.body, html, version.id, version.created_at
    )


def page_versions(page: str, language: str, *, limit: int = 100) -> list[SitePage]:
    """What the town has published of a page in a language, newest first."""
    query = select(SitePage).where(SitePage.page == page, SitePage.language == language)
    return list(session.scalars(query.order_by(SitePage.id.desc()).limit(limit)))


def page_version(page: str, language: str, version_id: int) -> SitePage | None:
    """One published version, or None."""
    query = select(SitePage).where(SitePage.page == page, SitePage.language == language)
    return session.scalar(query.where(SitePage.id == version_id))


def published_languages() -> dict[str, set[str]]:
    """page -> languages in which the town has replaced the text, for the overview of administrators."""
    rows = session.execute(
        select(SitePage.page, SitePage.language, func.max(SitePage.id)).group_by(
            SitePage.page, SitePage.language
        )
    )
    found: dict[str, set[str]] = {page: set() for page in PAGES}
    for row in rows:
        found.setdefault(row.page, set()).add(row.language)
    return found


def missing_facts() -> list[str]:
    """Settings without which imprint, privacy and accessibility say "not filled in yet"."""
    wanted = {key for name, key in FACTS.items() if name not in OPTIONAL_FACTS}
    return sorted(key for key in wanted if not str(site(key)).strip())


def _facts() -> dict[str, str]:
    """Name -> what stands in its place, in the language spoken now; "" for what the town has not said."""
    facts = {name: str(site(key)).strip() for name, key in FACTS.items()}
    facts["accessibility_status"] = str(CONFORMANCE[facts["accessibility_status"]])
    facts["accessibility_contact"] = facts["accessibility_contact"] or facts["email"]
    if day := facts["accessibility_date"]:
        facts["accessibility_date"] = format_date(date.fromisoformat(day))
    settings = current_settings()
    facts |= dict(zip(OWN_FACTS, (settings.mail_from, settings.base_url), strict=True))
    barriers = [line.strip(" -*") for line in facts["accessibility_barriers"].splitlines()]
    facts["accessibility_barriers"] = "\n".join(f"- {line}" for line in barriers if line)
    return facts


def _html(body: str, language: str) -> str:
    # In the page's language, whatever the reader speaks elsewhere.
    with use_language(language):
        facts = _facts()
        missing = gettext("[not filled in yet]")
    filled = PLACEHOLDER.sub(
        lambda match: _fact(facts, match[1], missing) if match[1] in facts else match[0], body
    )
    return _rendered(filled)


def _fact(facts: dict[str, str], name: str, missing: str) -> str:
    return facts[name] or ("" if name == "accessibility_barriers" else missing)


@lru_cache(maxsize=128)
def _rendered(body: str) -> str:
    # Residents' texts begin at h3 below a page's own headings; a page of the site has nothing between.
    html = render_markdown(body)
    for is_from, to in (("h3", "h2"), ("h4", "h3")):
        html = html.replace(f"<{is_from}>", f"<{to}>").replace(f"</{is_from}>", f"</{to}>")
    return html
