"""Small answers of views: redirects and flashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, url_for

from portal.web.render import is_fragment_request, render

Place = tuple[str, dict[str, Any]]


def redirect_to(endpoint: str, *, anchor: str | None = None, **values: Any) -> Response:
    """Go to a page of the portal after a POST (303); htmx is told to load it as a page."""
    return go_to(url_for(endpoint, _anchor=anchor, **values))


def redirect_and_forget(endpoint: str, **values: Any) -> Response:
    """Go to a page of the portal, and let the browser forget what it keeps of pages: for devices of many."""
    response = redirect_to(endpoint, **values)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def go_to(url: str) -> Response:
    """Go to a URL that url_for wrote (never to a string from outside: see redirects.py)."""
    if is_fragment_request():
        response = Response(status=204)
        response.headers["HX-Redirect"] = url
        return response
    result = redirect(url, 303)
    assert isinstance(result, Response)
    return result


def fragment_or_redirect(
    template: str,
    fragment: str,
    place: Place | Callable[[], Place],
    shown: Callable[[], dict[str, Any]],
    /,
) -> Response:
    """After a POST that worked: htmx gets the block with what is new, everybody else goes to `place` (303).

    place: endpoint and values for url_for, as `Subject.endpoint` has them. shown() gives what the block
    shows; its "say" is read out to people who do not see the new block. Only one of the two is asked.
    """
    if is_fragment_request():
        context = shown()
        say = context.pop("say", None)
        response = render(template, fragment=fragment, **context)
        if say is not None:
            response.headers["HX-Trigger"] = json.dumps({"say": str(say)})
        return response
    endpoint, values = place() if callable(place) else place
    result = redirect(url_for(endpoint, **values), 303)
    assert isinstance(result, Response)
    return result


def flash_success(message: Any) -> None:
    """Say on the next page that it worked."""
    flash(str(message), "success")


def flash_info(message: Any) -> None:
    """Say something on the next page."""
    flash(str(message), "info")


def flash_error(message: Any) -> None:
    """Say on the next page that it did not work."""
    flash(str(message), "error")
