"""Error pages: short, kind, and they keep what was typed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.core import db as database
from portal.core.errors import DomainError, NotAllowed, NotFound, RateLimited, SignInRequired
from portal.core.i18n import set_language
from portal.core.sqlite import WriterQueueTimeout
from portal.web.locale import language_of_path
from portal.web.render import is_fragment_request, render

log = logging.getLogger("portal.web")
SECRET_FIELDS = {"csrf_token", "code", "password"}
PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}
# The database also knows the languages, so these words cannot choose one.
NOT_NOW = (
    "Das geht gerade nicht. Bitte versuchen Sie es in ein paar Minuten noch einmal.\n"
    "This is not possible right now. Please try again in a few minutes.\n"
)

_sign_in: Callable[[], ResponseReturnValue] = lambda: ("", 401)  # noqa: E731  accounts replace it at start


def use_sign_in_answer(answer: Callable[[], ResponseReturnValue]) -> None:
    """Accounts say what happens when somebody needs to sign in first."""
    global _sign_in
    _sign_in = answer


def typed_fields() -> list[tuple[str, str]]:
    """What the person typed, to be sent again from an error page."""
    if request.method != "POST":
        return []
    try:
        pairs = request.form.items(multi=True)
        return [(name, value) for name, value in pairs if name not in SECRET_FIELDS]
    except HTTPException:
        return []


def _had_files() -> bool:
    """Whether files came with it: those cannot stand in a page."""
    try:
        return any(one.filename for one in request.files.values())
    except HTTPException:
        return False


def error_page(status: int, message: Any = None, *, keep: bool = False, expired: bool = False) -> Response:
    """The page for a status. keep: offer to send the typed text again. Without a database: plain words.

    expired: the page's token was not the session's; nothing was done, and all of it can be sent again.
    """
    try:
        return _error_page(status, message, keep=keep, expired=expired)
    except (SQLAlchemyError, WriterQueueTimeout) as error:
        log.error("error_page_without_database status=%s error=%s", status, type(error).__name__)
        return Response(NOT_NOW, 503, mimetype="text/plain", headers={"Retry-After": "10"})


def _error_page(status: int, message: Any, *, keep: bool, expired: bool) -> Response:
    # Whatever the request wanted to do, from here on it only reads.
    database.intend("read")
    set_language(language_of_path(request.path))
    template = f"errors/{status if status in PAGES else 500}.html"
    fields = typed_fields() if keep else []
    response = render(
        template,
        status=status,
        message=message,
        fields=fields,
        expired=expired,
        has_files=keep and _had_files(),
        action=request.full_path,
        # The same bytes whatever was asked for: hidden and unknown things must look alike.
        alternates=False,
        switch_language_url=lambda slug: f"/{slug}/",
    )
    if is_fragment_request() and status != 422:
        # htmx shows errors through one alert; the body is not swapped in.
        response = make_response(str(message or ""), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(NotFound, lambda error: error_page(404))
    app.register_error_handler(NotAllowed, lambda error: error_page(403, str(error)))
    app.register_error_handler(SignInRequired, lambda error: _sign_in())
    app.register_error_handler(RateLimited, _rate_limited)
    app.register_error_handler(DomainError, lambda error: error_page(409, str(error), keep=True))
    app.register_error_handler(CSRFError, lambda error: error_page(400, keep=True, expired=True))
    app.register_error_handler(IntegrityError, lambda error: error_page(409, keep=True))
    app.register_error_handler(OperationalError, _not_saved)
    app.register_error_handler(WriterQueueTimeout, _not_saved)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)


def _rate_limited(error: RateLimited) -> Response:
    response = error_page(429, str(error), keep=True)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _not_saved(error: Exception) -> Response:
    log.error("not_saved endpoint=%s error=%s", request.endpoint, type(error).__name__)
    response = error_page(503, keep=True)
    response.headers["Retry-After"] = "10"
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error  # redirects raised as exceptions
    if isinstance(error, SecurityError):  # a host that is not ours has no addresses a page could name
        return Response("Unknown host.\n", 400, mimetype="text/plain")
    response = error_page(error.code or 500)
    if error.code == 405 and "Allow" in dict(error.get_headers()):
        response.headers["Allow"] = dict(error.get_headers())["Allow"]
    return response


def _crash(error: Exception) -> Response:
    log.error("crash endpoint=%s error=%s", request.endpoint, type(error).__name__)
    try:
        return error_page(500, keep=True)
    except Exception:  # the database or a template is broken: plain words must do
        return Response("Something went wrong. Please try again later.", 500, mimetype="text/plain")
