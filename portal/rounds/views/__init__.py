"""The pages of votes, one module per topic."""

from __future__ import annotations

from flask import Flask

from portal.rounds.views import (
    casting,
    closings,
    counter,
    drafting,
    filling,
    holding,
    known,
    letters,
    observers,
    office,
    oidc,
    options,
    receipts,
    results,
    sheets,
    showing,
)
from portal.rounds.views.section import section

__all__ = [
    "casting",
    "closings",
    "counter",
    "drafting",
    "filling",
    "holding",
    "init_app",
    "known",
    "letters",
    "observers",
    "office",
    "oidc",
    "options",
    "receipts",
    "results",
    "section",
    "sheets",
    "showing",
]


def init_app(app: Flask) -> None:
    """What pages of this package do on every answer."""
    holding.init_app(app)
