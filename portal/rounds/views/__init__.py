"""The pages of votes, one module per topic."""

from __future__ import annotations

from flask import Flask

from portal.rounds.views import (
    closings,
    counter,
    drafting,
    holding,
    known,
    letters,
    office,
    oidc,
    options,
    results,
    sheets,
    showing,
)
from portal.rounds.views.section import section

__all__ = [
    "closings",
    "counter",
    "drafting",
    "holding",
    "init_app",
    "known",
    "letters",
    "office",
    "oidc",
    "options",
    "results",
    "section",
    "sheets",
    "showing",
]


def init_app(app: Flask) -> None:
    """What pages of this package do on every answer."""
    holding.init_app(app)
