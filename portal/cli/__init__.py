"""The command `portal`: serve, worker, demo, import, staff, settings, search, keys, db."""

from __future__ import annotations

from portal.cli import database, demo, documents, importing, inspection, keys, running, search, staff
from portal.cli.root import main

__all__ = [
    "database",
    "demo",
    "documents",
    "importing",
    "inspection",
    "keys",
    "main",
    "running",
    "search",
    "staff",
]
