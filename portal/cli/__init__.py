"""The command `portal`: serve, worker, demo, import, recount, staff, settings, search, keys, db."""

from __future__ import annotations

from portal.cli import (
    database,
    demo,
    documents,
    importing,
    inspection,
    keys,
    recounting,
    running,
    search,
    staff,
)
from portal.cli.root import main

__all__ = [
    "database",
    "demo",
    "documents",
    "importing",
    "inspection",
    "keys",
    "main",
    "recounting",
    "running",
    "search",
    "staff",
]
