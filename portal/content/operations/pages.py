"""Publishing the site's own pages."""

from __future__ import annotations

from portal.content.errors import PageChanged, TextMissing, TextTooLong, UnknownLanguage, UnknownPage
from portal.content.models import SitePage
from portal.content.queries.pages import is_page, page_versions
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.i18n import LANGUAGES
from portal.core.permissions import ensure
from portal.core.text import MAX_MARKDOWN_CHARACTERS, clean_line, clean_text

LONGEST_TITLE = 120

audit.schema("content.page_published", fields=("page", "language", "version"), visibility="public")


def publish_page(
    actor: Actor,
    page: str,
    language: str,
    *,
    title: str,
    body: str,
    note: str = "",
    seen_version_id: int | None = None,
) -> SitePage:
    """Publish a new version of a page in one language; older ones stay readable.

    body is Markdown; {operator}, {address} and the like are filled in when it is shown. seen_version_id is
    the version the editor began with (None: the portal's own text). Raises UnknownPage, UnknownLanguage,
    TextMissing, TextTooLong, PageChanged.
    """
    ensure(actor, "content.publish_pages")
    if not is_page(page):
        raise UnknownPage
    if language not in LANGUAGES:
        raise UnknownLanguage
    title = _checked("title", clean_line(title), LONGEST_TITLE)
    body = _checked("body", clean_text(body), MAX_MARKDOWN_CHARACTERS)
    latest = page_versions(page, language, limit=1)
    if (latest[0].id if latest else None) != seen_version_id:
        raise PageChanged
    version = SitePage(
        page=page,
        language=language,
        title=title,
        body=body,
        note=clean_line(note)[:LONGEST_TITLE],
        author_id=actor.account_id,
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    said = {"page": page, "language": language, "version": version.id}
    audit.record("content.page_published", actor=actor, subject=("page", version.id), **said)
    return version


def _checked(field: str, words: str, longest: int) -> str:
    if not words:
        raise TextMissing(field=field)
    if len(words) > longest:
        raise TextTooLong(field=field)
    return words
