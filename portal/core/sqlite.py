"""How we use SQLite: own BEGIN, one writer at a time in a fair queue, foreign keys on.

Measured: a deferred BEGIN that turns writer fails at once with "database is locked", whatever the busy
timeout. So reading work begins with BEGIN, writing work waits its turn and begins with BEGIN IMMEDIATE.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, event

try:
    import fcntl as _fcntl
except ImportError:  # Windows: one process only, the thread lock is enough
    _fcntl = None  # type: ignore[assignment]

fcntl: Any = _fcntl

WRITER_TIMEOUT_SECONDS = 5.0


class WriterQueueTimeout(Exception):
    """Another writer held the database too long; the request ends with 503 and keeps the typed text."""


class WriterQueue:
    """A fair queue of writers: threads of this process by a lock, other processes by flock on a file."""

    def __init__(self, path: Path, timeout: float | None = None) -> None:
        self.path, self._timeout = path, timeout
        self._lock = threading.Lock()
        self._file: IO[str] | None = None

    @property
    def timeout(self) -> float:
        """The longest wait, in seconds."""
        return self._timeout or WRITER_TIMEOUT_SECONDS

    def acquire(self) -> None:
        """Wait for the turn; WriterQueueTimeout after the limit."""
        deadline = time.monotonic() + self.timeout
        if not self._lock.acquire(timeout=self.timeout):
            raise WriterQueueTimeout
        try:
            self._acquire_file(deadline)
        except BaseException:
            self._lock.release()
            raise

    def _acquire_file(self, deadline: float) -> None:
        if fcntl is None:
            return
        if self._file is None:
            self._file = self.path.open("a")
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise WriterQueueTimeout from None
                time.sleep(0.002)

    def release(self) -> None:
        """Let the next writer go. The kernel does it too when the process dies."""
        if fcntl is not None and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._lock.release()

    def close(self) -> None:
        """Close the file; the next writer opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None


def prepare_engine(engine: Engine, path: Path, *, synchronous: str, is_writing: Any) -> WriterQueue:
    """Hang the recipe on an engine. `is_writing()` says at BEGIN whether this transaction will write."""
    queue = WriterQueue(path.with_name(path.name + ".writers"))

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        # Not trusted_schema=OFF: SQLite 3.40 then refuses the triggers that keep the search index in step.
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "busy_timeout=20000",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if not is_writing():
            # On the driver's own connection: for each page, and a tenth of what SQLAlchemy's way costs.
            connection.connection.driver_connection.execute("BEGIN")
            return
        queue.acquire()
        connection.connection.record_info["writer"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine.pool, "checkin")
    def checkin(connection: Any, record: Any) -> None:
        if record.record_info.pop("writer", False):
            queue.release()

    @event.listens_for(engine, "engine_disposed")
    def disposed(engine: Any) -> None:
        queue.close()

    return queue
