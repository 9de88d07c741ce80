"""The section all pages of discovery hang on."""

from __future__ import annotations

from portal.core.i18n import lazy_pgettext as _pl
from portal.web.blueprints import Section
from portal.web.navigation import register_nav

section = Section("discovery", __name__)

register_nav("discovery.home", _pl("navigation", "Home"), icon="home", order=10)
register_nav("discovery.search", _pl("navigation", "Search"), icon="search", order=50)
