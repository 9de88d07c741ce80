"""Bodies larger than the general limit, route by route: a view says so, everything else stays small."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., object])
MEGABYTE = 1024 * 1024


def accepts_upload(megabytes: int) -> Callable[[View], View]:
    """Decorator: this route takes bodies up to so many megabytes (files and fields together).

    Stands directly above the function, below @requires; the larger limit holds for POST only.
    """

    def decorate(view: View) -> View:
        view.body_limit = megabytes * MEGABYTE  # type: ignore[attr-defined]
        return view

    return decorate


def allow_larger_body() -> None:
    """Raise this request's limit if its route says so. Runs before anything reads the form."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = getattr(view, "body_limit", None)
    if limit is not None and request.method == "POST":
        request.max_content_length = limit


def init_app(app: Flask) -> None:
    """Before the CSRF check, which is the first to read the form."""
    app.before_request(allow_larger_body)
