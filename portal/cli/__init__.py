"""The command `portal`: serve, worker, demo, import, recount, staff, settings, search, keys, db, docs.

Beside `root.py` each file of this folder holds one command or a family of them, and is read when one of them
is asked for.
"""

from __future__ import annotations

from portal.cli.root import main
from portal.core import memory

__all__ = ["main", "run"]


def run() -> None:
    """The whole life of a process that is this command."""
    memory.begin_loading()
    main()
