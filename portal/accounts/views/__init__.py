"""Pages of accounts."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for

from portal.accounts.views import (
    account,
    adapter,
    blocking,
    own_data,
    second_factor,
    sign_in,
    staff_desk,
    waiting,
    words,
)
from portal.accounts.views.section import section
from portal.core.actors import Actor
from portal.core.i18n import lazy_gettext as _l
from portal.web.access import use_second_factor_page
from portal.web.errors import use_sign_in_answer
from portal.web.navigation import register_nav
from portal.web.render import provide_context

__all__ = [
    "account",
    "blocking",
    "init_app",
    "own_data",
    "second_factor",
    "section",
    "sign_in",
    "staff_desk",
    "waiting",
]

register_nav("accounts.account", _l("My account"), icon="user", order=10, area="account")
register_nav("accounts.sessions", _l("My devices"), icon="key", order=30, area="account")
register_nav("accounts.blocked", _l("People you have blocked"), icon="eye-off", order=40, area="account")
register_nav(
    "accounts.people",
    _l("Roles"),
    icon="shield",
    order=80,
    area="staff",
    permission="accounts.see_staff_desk",
)
register_nav(
    "accounts.cards",
    _l("Card for somebody"),
    icon="print",
    order=70,
    area="staff",
    permission="accounts.make_card",
)
register_nav("accounts.team_page", _l("Who works here"), icon="people", order=60, area="footer")


def _links(actor: Actor) -> dict[str, Any]:
    """Links of the top bar on every page."""
    name = "accounts.sign_in" if actor.is_visitor else "accounts.sign_out"
    return {"sign_in_url" if actor.is_visitor else "sign_out_url": url_for(name)}


def init_app(app: Flask) -> None:
    """Tell the web half how an actor is found, and what happens when somebody has to sign in."""
    adapter.init_app(app)
    waiting.init_app(app)
    words.init_app(app)
    use_sign_in_answer(waiting.sign_in_first)
    use_second_factor_page(lambda: url_for("accounts.second_factor"))


provide_context(_links)
