"""Bodies larger than the general limit, route by route: a view says so, everything else stays small."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request

from portal.core.limits import declare_limit, hit
from portal.core.pictures import made_before
from portal.web.context import current_actor

Answer = TypeVar("Answer")
View = TypeVar("View", bound=Callable[..., object])
MEGABYTE = 1024 * 1024


declare_limit("web.photos", "60/hour")


class PicturesWait(Exception):
    """This request may do what it wants; its photos are to be worked on before it writes."""


def accepts_upload(megabytes: int, *, photos: bool = False) -> Callable[[View], View]:
    """Decorator: this route takes bodies up to so many megabytes (files and fields together).

    Stands directly above the function, below @requires; the larger limit holds for POST only. photos: what
    comes is worked on before anything is written (see `with_photos`).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asked_for_photos(*args: Any, **kwargs: Any) -> Any:
            # Everything above has said yes to this person by now, in a transaction that only reads.
            if is_waiting():
                raise PicturesWait
            return view(*args, **kwargs)

        found = asked_for_photos if photos else view
        found.body_limit = megabytes * MEGABYTE  # type: ignore[union-attr]
        found.takes_photos = photos  # type: ignore[union-attr]
        return cast(View, found)

    return decorate


def is_waiting() -> bool:
    """Whether this request may bring photos, and nobody has looked at them yet."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "takes_photos", False) and request.method == "POST" and "photos_made" not in g


def with_photos(run: Callable[[], Answer], *, let_go: Callable[[], None]) -> Answer:
    """Let the database go, work on the request's photos, run the view: nobody shall wait for pixels."""
    g.photos_made = True
    uploads = [upload.stream.read() for _, upload in request.files.items(multi=True)]
    if any(uploads):
        hit("web.photos", str(current_actor().account_id or 0))
    let_go()
    with made_before(filter(None, uploads)):
        return run()


def allow_larger_body() -> None:
    """Raise this request's limit if its route says so. Runs before anything reads the form."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = getattr(view, "body_limit", None)
    if limit is not None and request.method == "POST":
        request.max_content_length = limit


def init_app(app: Flask) -> None:
    """Before the CSRF check, which is the first to read the form."""
    app.before_request(allow_larger_body)
