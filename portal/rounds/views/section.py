"""The section of URLs, and how views load what a URL names."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for

from portal.core.i18n import lazy_gettext as _l
from portal.rounds.models import Round
from portal.rounds.queries.showing import round_by_public_id
from portal.web.blueprints import Section
from portal.web.navigation import register_nav

section = Section("rounds", __name__)

register_nav("rounds.index", _l("Votes"), icon="check", order=30)
register_nav("rounds.desk", _l("Votes"), icon="check", order=20, area="staff", permission="rounds.work")


def load_round(pid: str) -> Round | None:
    """The round of the URL, in whatever state; the permission decides who gets it."""
    return round_by_public_id(pid)


def load_round_of_option(pid: str, code: str) -> Round | None:
    """The round of an address that also names an option; the view looks the option up by `chosen_code`."""
    return round_by_public_id(pid)


def chosen_code() -> str:
    """The option's code in the address."""
    return str((request.view_args or {})["code"])


def link(endpoint: str, **values: Any) -> str | None:
    """The address of a page of another part of this package, None where the part is not there."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
