"""The command `portal`: serve, worker, demo, import, staff, settings, search, keys, db."""

from __future__ import annotations

from portal.cli import database, keys, running, settings
from portal.cli.root import main

__all__ = ["database", "keys", "main", "running", "settings"]
