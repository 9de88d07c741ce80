"""The section all pages of administration hang on."""

from __future__ import annotations

from portal.web.blueprints import Section

section = Section("admin", __name__)
