"""One transaction per request, in this one place.

A returned response commits, an exception rolls back, GET and HEAD always roll back. A lost race
(IntegrityError) runs the view once more: then it sees what the other request wrote.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import Flask, Request, has_request_context, request
from flask import session as flask_session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import Rule

from portal.core import db as database
from portal.core import site_settings
from portal.core.db import session
from portal.core.i18n import current_language
from portal.web.context import forget_actor
from portal.web.environment import PortalEnvironment
from portal.web.uploads import PicturesWait, is_waiting, with_photos

log = logging.getLogger("portal.web")
READING = {"GET", "HEAD", "OPTIONS"}
MOST_ADDRESSES, LONGEST_ADDRESS = 4_000, 160


class LateRule(Rule):
    """A route whose address builder is made when the first address is built, not at start.

    Werkzeug compiles two functions per route, 0.3 ms each: a tenth of a second with our routes.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        make, made = super()._compile_builder, None

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            nonlocal made
            made = made or make(append_unknown)
            return made(rule, **values)

        return build


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions; somebody who brings no cookie has an empty one, for which no key is derived."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session out of the cookie."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


class PortalFlask(Flask):
    """Flask with the portal's templates, addresses, sessions, and its transaction around each view."""

    session_interface = Sessions()
    jinja_environment = PortalEnvironment
    url_rule_class = LateRule

    @cached_property
    def addresses(self) -> dict[tuple[Any, ...], str]:
        """Built paths by language, endpoint and values."""
        return {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The path of a page. Building one costs as much as 20 lines of a template, so they are kept."""
        if not has_request_context() or endpoint.startswith(".") or values.get("_external"):
            return super().url_for(endpoint, **values)
        key = (request.script_root, current_language().slug, endpoint, *values.items())
        try:
            known = self.addresses.get(key)
        except TypeError:  # a list of values
            return super().url_for(endpoint, **values)
        if known is None:
            known = super().url_for(endpoint, **values)
            if len(known) <= LONGEST_ADDRESS:  # longer ones hold what somebody typed
                if len(self.addresses) >= MOST_ADDRESSES:
                    self.addresses.clear()
                self.addresses[key] = known
        return known

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Say what this request intends before anything touches the database."""
        database.intend("read" if request.method in READING or is_waiting() else "write")
        return super().preprocess_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view in its transaction; photos it brings are worked on before that."""
        try:
            return self._in_transaction()
        except PicturesWait:
            return with_photos(self._again, let_go=take_back)

    def _in_transaction(self) -> ResponseReturnValue:
        """Once more after a lost race."""
        try:
            return self._run_view()
        except IntegrityError as error:
            log.info("lost_race endpoint=%s error=%s", request.endpoint, type(error.orig).__name__)
            _begin_again()
            return self._run_view()

    def _again(self) -> ResponseReturnValue:
        _begin_again()
        return self._in_transaction()

    def log_exception(self, exc_info: Any) -> None:
        """The last resort, when even the error page failed; Flask's own words would name the URL."""
        log.error("crash_of_error_page endpoint=%s", request.endpoint, exc_info=exc_info)

    def _run_view(self) -> ResponseReturnValue:
        try:
            response = self.make_response(super().dispatch_request())
            if request.method in READING:
                session.rollback()
            else:
                session.commit()
                for hook in self.extensions.get("after_commit", ()):
                    hook()
            return response
        except BaseException:
            take_back()
            raise


def take_back() -> None:
    """Undo what this request has written so far. What follows begins a new transaction."""
    try:
        session.rollback()
    except Exception as error:  # a full disk makes even ROLLBACK raise; the connection is thrown away
        log.error("rollback_failed error=%s", type(error).__name__)
        session().invalidate()
    site_settings.forget()


def _begin_again() -> None:
    """The second run sees a fresh world: no cached actor, files from their beginning, no stale flashes."""
    database.intend("write")
    forget_actor()
    flask_session.pop("_flashes", None)
    for _, upload in request.files.items(multi=True):  # noqa: PERF102  values() has the first of a name only
        upload.stream.seek(0)


def init_app(app: Flask) -> None:
    """Give the connection back at the end of each request."""

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        database.intend("read")


def after_commit(app: Flask, hook: Any) -> None:
    """Call `hook()` after each committed writing request (for example to drop cached pages)."""
    app.extensions.setdefault("after_commit", []).append(hook)
