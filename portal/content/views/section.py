"""The section all pages of content hang on."""

from __future__ import annotations

from portal.web.blueprints import Section

section = Section("content", __name__)
