"""What many tests begin with, made once: the next one gets the database in which it stands already.

Only where nothing has been written yet; elsewhere it is made as ever. What was made at a time that stands
still is for tests at the same time; while the clock of a traveller goes on, nothing is kept. The tests of a
process have the same keys, since what is sealed or hashed can be read with no other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flask import current_app
from time_machine import escape_hatch

from portal.core import site_settings
from portal.core.db import db, session
from portal.core.settings import current_settings

if TYPE_CHECKING:
    from tests.support.services import Postgres

T = TypeVar("T")
KEYS = ("data.key", "hash.key")
# Two megabytes each; the one that was not asked for longest goes.
MOST_KEPT = 60


class Begun(Protocol):
    """The empty database in which a test began."""

    kind: str

    def is_untouched(self) -> bool:
        """Whether nobody has written anything into it."""

    def read(self) -> Any:
        """Everything that stands in it."""

    def put(self, content: Any) -> None:
        """The same into this one."""


@dataclass(frozen=True)
class Kept:
    """What stood in a database, and what was said about it when it was made."""

    content: Any
    said: Any


_kept: dict[Hashable, Kept] = {}
_begun: dict[Path, Begun] = {}
_read: dict[Path, dict[str, bytes]] = {}


class File:
    """A copy of the empty SQLite file, and the keys beside it."""

    kind = "sqlite"

    def __init__(self, instance: Path, content: dict[str, bytes]) -> None:
        self.instance, self.path = instance, instance / "portal.db"
        self.content = {instance / name: data for name, data in content.items()}

    def is_untouched(self) -> bool:
        log = self.path.with_name("portal.db-wal")
        if log.exists() and log.stat().st_size:
            return False
        return all(path.read_bytes() == content for path, content in self.content.items())

    def read(self) -> bytes:
        self._close()
        return self.path.read_bytes()

    def put(self, content: bytes) -> None:
        self._close()
        self.path.write_bytes(content)

    def _close(self) -> None:
        """The last connection folds the log into the file."""
        db.engine.dispose()


class Lent:
    """An empty database of the PostgreSQL of this process."""

    kind = "postgresql"

    def __init__(self, server: Postgres, name: str) -> None:
        self.server, self.name = server, name
        self.written = server.written(name)

    def is_untouched(self) -> bool:
        return self.server.written(self.name) == self.written

    def read(self) -> Any:
        return self.server.read(self.name)

    def put(self, content: Any) -> None:
        self.server.fill(self.name, content)


def begin_like(instance: Path, template: Path) -> None:
    """A test begins in this folder with a copy of this database, and with its keys."""
    _begun.clear()
    _begun[instance] = begun = File(instance, _with_keys(instance, template))
    for path, content in begun.content.items():
        path.write_bytes(content)
        path.chmod(0o600)


def begin_on(server: Postgres, name: str, instance: Path, template: Path) -> None:
    """A test begins with this lent database, and with the keys beside the template."""
    for key in KEYS:
        path = instance / "keys" / key
        path.write_bytes(_with_keys(instance, template)[f"keys/{key}"])
        path.chmod(0o600)
    _begun.clear()
    _begun[instance] = Lent(server, name)


def _with_keys(instance: Path, template: Path) -> dict[str, bytes]:
    if template not in _read:
        names = ("portal.db", *(f"keys/{name}" for name in KEYS))
        _read[template] = {name: (template.parent / name).read_bytes() for name in names}
    (instance / "keys").mkdir(mode=0o700, exist_ok=True)
    return _read[template]


def prepared(name: Hashable, make: Callable[[], T]) -> T:
    """What `make` returns, with everything it writes; the name stands for all it depends on."""
    instance = current_settings().instance
    begun, instant = _begun.get(instance), _instant()
    if begun is None or begun.kind != db.engine.dialect.name or instant is None or not begun.is_untouched():
        return make()
    key = (name, begun.kind, instant)
    if key not in _kept:
        said = make()
        session.remove()
        _kept[key] = Kept(begun.read(), said)
        if len(_kept) > MOST_KEPT:
            del _kept[next(iter(_kept))]
    else:
        session.remove()
        _kept[key] = _kept.pop(key)
        begun.put(_kept[key].content)
        site_settings.forget()
        current_app.extensions["page_cache"].invalidate()
    found: T = _kept[key].said
    return found


def _instant() -> int | None:
    """When somebody who travels in time is; 0 for everybody else; None while the time goes on there."""
    if not escape_hatch.is_travelling():
        return 0
    first = time.time_ns()
    return first if time.time_ns() == first else None
