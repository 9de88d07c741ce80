"""What many tests begin with, made once: the next one gets the database file in which it stands already.

Only where nothing has been written yet, on SQLite, and while nobody travels in time; elsewhere it is made
as ever. The tests of a process have the same keys, since what is sealed or hashed can be read with no other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from time_machine import escape_hatch

from portal.core import site_settings
from portal.core.db import db, session
from portal.core.settings import current_settings

T = TypeVar("T")
KEYS = ("data.key", "hash.key")


@dataclass(frozen=True)
class Kept:
    """A database, and what was said about it when it was made."""

    content: bytes
    said: Any


_kept: dict[Hashable, Kept] = {}
_begun: dict[Path, dict[Path, bytes]] = {}
_read: dict[Path, dict[str, bytes]] = {}


def begin_like(instance: Path, template: Path) -> None:
    """A test begins in this folder with a copy of this database, and with its keys."""
    if template not in _read:
        names = ("portal.db", *(f"keys/{name}" for name in KEYS))
        _read[template] = {name: (template.parent / name).read_bytes() for name in names}
    _begun.clear()
    _begun[instance] = {instance / name: content for name, content in _read[template].items()}
    (instance / "keys").mkdir(mode=0o700, exist_ok=True)
    for path, content in _begun[instance].items():
        path.write_bytes(content)
        path.chmod(0o600)


def prepared(name: Hashable, make: Callable[[], T]) -> T:
    """What `make` returns, with everything it writes; the name stands for all it depends on."""
    if not _is_untouched() or escape_hatch.is_travelling():
        return make()
    if name not in _kept:
        said = make()
        _close()
        _kept[name] = Kept((current_settings().instance / "portal.db").read_bytes(), said)
    else:
        _put(_kept[name])
    found: T = _kept[name].said
    return found


def _is_untouched() -> bool:
    instance = current_settings().instance
    log = instance / "portal.db-wal"
    if instance not in _begun or db.engine.dialect.name != "sqlite" or (log.exists() and log.stat().st_size):
        return False
    return all(path.read_bytes() == content for path, content in _begun[instance].items())


def _close() -> None:
    """The last connection folds the log into the file."""
    session.remove()
    db.engine.dispose()


def _put(kept: Kept) -> None:
    _close()
    (current_settings().instance / "portal.db").write_bytes(kept.content)
    site_settings.forget()
    current_app.extensions["page_cache"].invalidate()
