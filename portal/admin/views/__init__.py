"""Pages of administrators, and the page where everybody sees what staff did about them."""

from __future__ import annotations

from flask import Flask

from portal.admin.views import log, operation, places, settings, site_pages, words
from portal.admin.views.section import section
from portal.core.i18n import lazy_gettext as _l
from portal.web.navigation import register_nav

__all__ = ["init_app", "log", "operation", "places", "section", "settings", "site_pages"]

for _order, (_endpoint, _label, _icon, _permission) in enumerate(
    (
        ("admin.settings", _l("Settings"), "settings", "admin.change_settings"),
        ("admin.site_pages", _l("Pages of the site"), "book", "content.publish_pages"),
        ("admin.organizations", _l("Organisations"), "house", "places.keep_organizations"),
        ("admin.districts", _l("Districts"), "map", "admin.load_districts"),
        ("admin.barriers", _l("Barriers"), "flag", "content.handle_barriers"),
        ("admin.operation", _l("Operation"), "wrench", "admin.operate"),
        ("admin.staff_log", _l("Log"), "history", "admin.read_log"),
        ("admin.data_kept", _l("What data we keep"), "lock", "admin.see_data_kept"),
    ),
    100,
):
    register_nav(_endpoint, _label, icon=_icon, order=_order, area="staff", permission=_permission)
register_nav("admin.own_log", _l("What staff did"), icon="history", order=40, area="account")


def init_app(app: Flask) -> None:
    """Words for templates."""
    words.init_app(app)
