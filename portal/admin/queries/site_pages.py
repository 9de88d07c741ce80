"""The site's own pages: what stands in which language, and what is behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from portal.content.models import SitePage
from portal.content.queries import PageText, page_versions, show_version
from portal.content.settings import PAGES
from portal.core import clock
from portal.core.db import session
from portal.core.i18n import LANGUAGES, Language
from portal.core.site_settings import site


class PageState(StrEnum):
    """portal: the text that comes with it, nowhere replaced. missing: replaced only in the first language."""

    PORTAL = "portal"
    CURRENT = "current"
    OUTDATED = "outdated"
    MISSING = "missing"


@dataclass(frozen=True)
class PageCell:
    """One page in one language."""

    page: str
    language: Language
    state: PageState
    changed_at: datetime | None


@dataclass(frozen=True)
class PageRow:
    """One page in all languages offered, the first (to which the others are compared) in front."""

    page: str
    label: str
    cells: tuple[PageCell, ...]


def offered() -> list[Language]:
    """The languages the town offers, in its order."""
    return [LANGUAGES[slug] for slug in site("web.languages") if slug in LANGUAGES]


def page_overview() -> list[PageRow]:
    """Every page with the state of its text in each language, in one query."""
    query = select(SitePage.page, SitePage.language, func.max(SitePage.created_at)).group_by(
        SitePage.page, SitePage.language
    )
    changed = {(row[0], row[1]): row[2] for row in session.execute(query)}
    languages = offered()
    return [
        PageRow(page, str(label), tuple(_cell(page, one, languages[0], changed) for one in languages))
        for page, label in PAGES.items()
    ]


def _cell(
    page: str, language: Language, first: Language, changed: dict[tuple[str, str], datetime]
) -> PageCell:
    own, leading = changed.get((page, language.slug)), changed.get((page, first.slug))
    if own is None:
        return PageCell(page, language, PageState.MISSING if leading else PageState.PORTAL, None)
    behind = leading is not None and own < leading
    return PageCell(page, language, PageState.OUTDATED if behind else PageState.CURRENT, own)


def latest_version_id(page: str, language: str) -> int | None:
    """The version an editor begins with; None while it is the portal's own text."""
    rows = page_versions(page, language, limit=1)
    return rows[0].id if rows else None


def draft_text(page: str, language: str, title: str, body: str) -> PageText:
    """How a text would look as a page, without saving it."""
    return show_version(
        SitePage(page=page, language=language, title=title, body=body, created_at=clock.now())
    )
