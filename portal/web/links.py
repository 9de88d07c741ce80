"""Links that work outside the portal: in mails, feeds and on paper, without a request."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.core.i18n import current_language
from portal.core.settings import current_settings


def absolute_url(endpoint: str, language: str = "", /, **values: Any) -> str:
    """The full address of a page below PORTAL_BASE_URL, in a language (the current one if not said).

    The host never comes from a request: a forged Host header cannot lead a mail's reader elsewhere.
    """
    base = urlsplit(current_settings().base_url)
    if current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values.setdefault("lang", language or current_language().slug)
    adapter = current_app.url_map.bind(
        base.netloc, script_name=base.path or "/", url_scheme=base.scheme or "http"
    )
    return adapter.build(endpoint, values, force_external=True)
