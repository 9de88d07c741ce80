"""Access: every route says who may use it; a route that says nothing stops the app from starting."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, redirect, request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound, SignInRequired
from portal.core.permissions import ensure, get_permission
from portal.web.context import current_actor

View = Callable[..., ResponseReturnValue]
_second_factor_page: Callable[[], str] = lambda: "/"  # noqa: E731  accounts replace it at start


class UndeclaredRoute(Exception):
    """A route declares neither @requires nor @public."""


def use_second_factor_page(url: Callable[[], str]) -> None:
    """Accounts say where staff show their second factor."""
    global _second_factor_page
    _second_factor_page = url


def public(view: View) -> View:
    """Anyone may use this route; said aloud. The view itself shows only what anyone may see."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def own(view: View) -> View:
    """Only about the signed-in person's own account; the view takes no object of others from the URL.

    Staff have shown their second factor.
    """

    @wraps(view)
    def complete(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if current_actor().needs_second_factor:
            return redirect(_second_factor_page(), 303)
        return view(*args, **kwargs)

    return own_session(complete)


def own_session(view: View) -> View:
    """Only about the browser's own session, even halfway through signing in: second factor, signing out."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if current_actor().is_visitor:
            raise SignInRequired
        return view(*args, **kwargs)

    guarded.access = "own"  # type: ignore[attr-defined]
    return guarded


def requires(name: str, *, on: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """The permission this route needs; `on` loads the object from the URL's values.

    Visitors are sent to sign in before anything is looked up; what a person must not see answers exactly
    like an unknown id. The view receives the loaded object in place of the URL's values.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**kwargs: Any) -> ResponseReturnValue:
            permission = get_permission(name)
            actor = current_actor()
            if actor.is_visitor and not permission.visitors:
                raise SignInRequired
            if actor.needs_second_factor and not permission.visitors:
                return redirect(_second_factor_page(), 303)
            if on is None:
                ensure(actor, name)
                return view(**kwargs)
            subject = on(**kwargs)
            if subject is None:
                raise NotFound
            ensure(actor, name, subject)
            return view(subject)

        guarded.access = name  # type: ignore[attr-defined]
        return guarded

    return decorate


def check_routes(app: Flask) -> None:
    """Refuse to start while a route is undeclared or names an unknown permission."""
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        if access is None:
            raise UndeclaredRoute(f"{rule.endpoint} ({rule.rule}) declares no access")
        if access not in {"public", "own"}:
            get_permission(access)


def route_access(app: Flask) -> dict[str, str]:
    """endpoint -> what it declares; for the generated list in docs and the policy walk."""
    return {endpoint: getattr(view, "access", "") for endpoint, view in sorted(app.view_functions.items())}


def only_here() -> None:
    """Refuse requests another site makes in the person's name (besides the CSRF token)."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in {"same-origin", "none"}:
        abort(403)
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)
