"""The pages of discovery: home, search; and for machines the sitemap and robots.txt."""

from __future__ import annotations

from flask import Flask

from portal.discovery.views import crawlers, home, search
from portal.discovery.views.section import section

__all__ = ["crawlers", "home", "init_app", "search", "section"]


def init_app(app: Flask) -> None:
    """What has no language in its address."""
    crawlers.init_app(app)
