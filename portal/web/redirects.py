"""Where to go after signing in, switching or cancelling, when the browser says where it came from.

A string from outside is never sent back as a redirect, because what looks local to us (`/<tab>/evil.example`,
`https:evil.example`) is another host to a browser. The string is only looked up in the map of our routes; a
page that is found is written anew by url_for. Whatever is not found leads to the default page.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.web.responses import go_to

LONGEST = 2_000
MOST_PARAMETERS = 30
# White space, control characters and the backslash are what browsers read otherwise than we do.
_STRANGE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")


def safe_next(default_endpoint: str = "discovery.home", **values: object) -> str:
    """The portal's page named by `next` in the form or the query, else the default page."""
    target = request.form.get("next") or request.args.get("next") or ""
    return local_url(target) or url_for(default_endpoint, **values)  # type: ignore[arg-type]


def safe_back(default_endpoint: str = "discovery.home", **values: object) -> str:
    """The portal's page this request was sent from (Referer), else the default page."""
    came_from = request.headers.get("Referer", "")
    own = request.host_url
    target = came_from[len(own) - 1 :] if came_from.startswith(own) else ""
    return local_url(target) or url_for(default_endpoint, **values)  # type: ignore[arg-type]


def redirect_next(default_endpoint: str = "discovery.home", **values: object) -> Response:
    """Go to `safe_next` after a POST."""
    return go_to(safe_next(default_endpoint, **values))


def local_url(target: str) -> str | None:
    """The URL of the page of ours that a string names, written by us; None if there is no such page."""
    if not target.startswith("/") or len(target) > LONGEST or _STRANGE.search(target):
        return None
    try:
        parts = urlsplit(target)
        path = unquote(parts.path, errors="strict")
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or _STRANGE.search(path.replace(" ", "")):
        return None
    found = _page_at(path)
    if found is None:
        return None
    endpoint, values = found
    extra: dict[str, Any] = {}
    for name, value in query:
        # Names with an underscore are url_for's own switches (_external, _scheme, _anchor).
        if name not in values and not name.startswith("_") and name.isidentifier():
            extra.setdefault(name, []).append(value)
    url = url_for(endpoint, **{**extra, **values})
    return url if url.startswith("/") and not url.startswith("//") else None


def _page_at(path: str) -> tuple[str, dict[str, Any]] | None:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, values = adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return endpoint, dict(values)
