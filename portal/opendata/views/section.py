"""The section of open data, and what all its answers share."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request

from portal.core.i18n import lazy_gettext as _l
from portal.web.blueprints import Section
from portal.web.navigation import register_nav

section = Section("opendata", __name__)

register_nav("opendata.page", _l("Open data"), icon="download", order=82, area="footer")


def open_to_all(response: Response, etag: str, changed_at: datetime | None) -> Response:
    """Pages of others may read it, too: it is given away. Readers ask each time whether it has changed."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(etag, weak=True)
    response.last_modified = changed_at
    return response


def is_known(etag: str) -> bool:
    """Whether the reader has this very state.

    Told by its fingerprint, never by date: what is hidden or erased makes the data older, not newer, and must
    not live on in a reader's copy.
    """
    return bool(request.if_none_match.contains_weak(etag))
