"""Pages of accounts."""

from __future__ import annotations

from flask import Flask

from portal.accounts.views import adapter
from portal.accounts.views.section import section

__all__ = ["init_app", "section"]


def init_app(app: Flask) -> None:
    """Tell the web half how a request's actor is found."""
    adapter.init_app(app)
