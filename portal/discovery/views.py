"""The home page: in ten seconds what this is, what is going on, and what I can do."""

from __future__ import annotations

from flask import Response

from portal.core.i18n import lazy_pgettext
from portal.web.access import public
from portal.web.blueprints import Section
from portal.web.navigation import register_nav
from portal.web.page_cache import keep_for_visitors
from portal.web.render import render

section = Section("discovery", __name__)
register_nav("discovery.home", lazy_pgettext("navigation", "Home"), icon="home", order=10)


@section.get("/")
@public
def home() -> Response:
    """What is going on in the neighbourhood."""
    keep_for_visitors()
    return render("discovery/home.html", offline=True, proposals=[], answers=[], figures=[])


@section.get("/offline")
@public
def offline() -> Response:
    """What the service worker shows when there is no connection and the page was never visited."""
    keep_for_visitors()
    return render("errors/offline.html", offline=True)
