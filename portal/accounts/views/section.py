"""The section all pages of accounts hang on."""

from __future__ import annotations

from portal.web.blueprints import Section

section = Section("accounts", __name__)
