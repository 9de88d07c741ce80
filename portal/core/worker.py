"""The worker loop: a thread inside the web process, or `portal worker` on any machine."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager
from typing import Protocol

from portal.core import jobs, migrate
from portal.core.db import session

log = logging.getLogger("portal.jobs")

POLL_SECONDS = 1.0


class HasContext(Protocol):
    """What the worker needs of the app."""

    def app_context(self) -> AbstractContextManager[object]: ...


class Worker:
    """Runs due jobs until it is told to stop; a job that runs is finished first."""

    def __init__(self, app: HasContext, poll_seconds: float = POLL_SECONDS) -> None:
        self.app, self.poll_seconds = app, poll_seconds
        self._stop = threading.Event()
        self._is_upgraded, self._waits_for = False, ""
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Loop in this thread."""
        while not self._stop.is_set():
            if self._must_wait() or not self._round():
                self._stop.wait(self.poll_seconds)

    def _must_wait(self) -> bool:
        """A worker may start before the process that upgrades the database is through with it."""
        if self._is_upgraded:
            return False
        with self.app.app_context():
            try:
                self._is_upgraded, reason = not migrate.is_behind(), "database_is_not_upgraded"
            except Exception as error:  # the database may be away
                reason = type(error).__name__
            finally:
                session.remove()
        if not self._is_upgraded and reason != self._waits_for:
            log.warning("worker_waits reason=%s", reason)
            self._waits_for = reason
        return not self._is_upgraded

    def _round(self) -> int:
        with self.app.app_context():
            try:
                return jobs.run_due()
            except Exception as error:  # the database may be away; try again after the pause
                log.warning("worker_round_failed error=%s", type(error).__name__)
                return 0
            finally:
                session.remove()

    def start(self) -> None:
        """Loop in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Ask the loop to end and wait for it."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout)
