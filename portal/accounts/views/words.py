"""Words for templates: roles, districts, what staff did, parts of the export."""

from __future__ import annotations

from flask import Flask

from portal.accounts.queries import role_label
from portal.accounts.settings import district_choices, organization_choices
from portal.core.i18n import lazy_gettext as _l

AUDIT_WORDS = {
    "accounts.role_proposed": _l("A role was proposed"),
    "accounts.role_granted": _l("A role began"),
    "accounts.role_ended": _l("A role ended"),
    "accounts.suspended": _l("Writing was paused"),
    "accounts.unsuspended": _l("Writing was allowed again"),
    "accounts.second_factor_reset_asked": _l("A reset of the second step was asked for"),
    "accounts.second_factor_reset": _l("The second step was reset"),
    "accounts.card_made": _l("A card to sign in was made"),
}
SECTION_WORDS = {
    "account": _l("Account"),
    "sessions": _l("Devices where you are signed in"),
    "what_staff_did": _l("What people who work here did about your account"),
}


def group_code(code: str) -> str:
    """12345678 as 1234 5678: easier to read and to say."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def audit_words(name: str) -> str:
    """What an audit name means."""
    return str(AUDIT_WORDS.get(name, name))


def section_words(name: str) -> str:
    """Heading of a part of the export."""
    return str(SECTION_WORDS.get(name, name.replace("_", " ").capitalize()))


def role_words(role: str) -> str:
    """A role as people read it."""
    return role_label([role]) or role


def district_words(district_id: int) -> str:
    """A district's name."""
    return dict(district_choices()).get(district_id, str(district_id))


def organization_words(organization_id: int) -> str:
    """An organisation's name."""
    return dict(organization_choices()).get(organization_id, str(organization_id))


def init_app(app: Flask) -> None:
    """Hand them to templates as filters."""
    for word in (group_code, audit_words, section_words, role_words, district_words, organization_words):
        app.jinja_env.filters[word.__name__] = word
