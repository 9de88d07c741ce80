"""Feeds, files and the page that explains them."""

from __future__ import annotations

from portal.opendata.views import feed, files
from portal.opendata.views.section import section

__all__ = ["feed", "files", "section"]
