"""From cookie to actor. Flask-Login is only the adapter; our own table decides whether a session lives.

One signed cookie holds everything a browser needs to keep: the session's token, the time of the last use
(so that reading never writes to the database), the CSRF secret, flashes, and the secret of a sign-in that
has begun. Flask-Login's own cookies and its session protection stay off: measured, a copied cookie of its
kind still signs in after sign-out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, Request, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user

from portal.accounts.queries import OpenSession, open_session
from portal.core import clock
from portal.core.actors import VISITOR, Actor
from portal.web.context import forget_actor, use_actor_loader

TOKEN, SEEN, BROWSER, NEXT, PARKED = "t", "seen", "b", "next", "parked"
REFRESH_SHORT = timedelta(minutes=1)
REFRESH_LONG = timedelta(hours=12)


@dataclass(eq=False)
class SignedIn(UserMixin):
    """What Flask-Login calls the user: the open session and its actor."""

    opened: OpenSession

    def get_id(self) -> str:
        """The session's public id; Flask-Login asks for one."""
        return self.opened.row.public_id


class Adapter(LoginManager):
    """Flask-Login without its remember cookie, whose hook would touch the session on every answer."""

    def _update_remember_cookie(self, response: Any) -> Any:
        return response


def load_signed_in(incoming: Request) -> SignedIn | None:
    """The open session behind the cookie, if it lives and was used recently enough."""
    token, seen = cookie.get(TOKEN), cookie.get(SEEN)
    if not isinstance(token, str) or not isinstance(seen, int):
        return None
    opened = open_session(token)
    if opened is None:
        return None
    idle = timedelta(seconds=clock.now().timestamp() - seen)
    if idle > opened.idle_limit:
        return None
    if idle > (REFRESH_LONG if cookie.permanent else REFRESH_SHORT):
        cookie[SEEN] = int(clock.now().timestamp())
    return SignedIn(opened)


def current_session() -> OpenSession | None:
    """The open session of this request."""
    user = current_user
    return user.opened if isinstance(user._get_current_object(), SignedIn) else None


def load_actor() -> Actor:
    """Who makes this request. Without our cookie nothing is asked of the database."""
    g.pop("_login_user", None)
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies and "carried" not in g:
        return VISITOR
    opened = current_session()
    return opened.actor if opened else VISITOR


def carry(token: str, *, is_permanent: bool) -> None:
    """Put a new session into the cookie. What was parked and where to go stay, all else is forgotten."""
    kept = {name: cookie[name] for name in (NEXT, PARKED) if name in cookie}
    cookie.clear()
    cookie.update(kept)
    cookie[TOKEN], cookie[SEEN] = token, int(clock.now().timestamp())
    cookie.permanent = is_permanent
    g.carried = True
    forget_actor()


def drop() -> None:
    """Forget everything the cookie holds."""
    cookie.clear()
    forget_actor()


def init_app(app: Flask) -> None:
    """Hang the adapter on the app."""
    adapter = Adapter()
    adapter.session_protection = None
    adapter.init_app(app, add_context_processor=False)
    adapter.request_loader(load_signed_in)
    use_actor_loader(load_actor)
