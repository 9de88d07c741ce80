"""The pages of groups, one module per topic."""

from __future__ import annotations

from flask import Flask

from portal.groups.views import showing, words
from portal.groups.views.section import section

__all__ = ["init_app", "section", "showing", "words"]


def init_app(app: Flask) -> None:
    """Words that templates of this package use."""
    words.init_app(app)
