"""Pages of content: pictures, the site's own pages, reporting a barrier."""

from __future__ import annotations

from flask import Flask

from portal.content.views import pages, pictures, videos
from portal.content.views.section import section

__all__ = ["init_app", "pages", "section"]


def init_app(app: Flask) -> None:
    """What has no language in its address."""
    pictures.init_app(app)
    videos.init_app(app)
