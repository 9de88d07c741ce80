"""A person at a browser, for tests: opens pages, fills in forms, reads the code from the mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.events import SignInCodeMade
from portal.core import events, jobs

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Person:
    """One browser with its own cookie."""

    def __init__(self, app: Flask, **environ: Any) -> None:
        self.app, self.client, self.environ = app, app.test_client(), environ

    def get(self, path: str, **given: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **self.environ, **given)

    def token(self, path: str = "/de/sign-in/code") -> str:
        """A token for forms, from any page that has a form; the sign-out button has one everywhere."""
        for page in (path, "/de/sign-in", "/de/account"):
            found = TOKEN.search(self.get(page).get_data(as_text=True))
            if found:
                return found[1]
        raise AssertionError(f"no form on {path}")

    def post(self, path: str, *, page: str = "/de/sign-in", **fields: Any) -> TestResponse:
        """Send a form; its token is taken from `page`."""
        given = {name: fields.pop(name) for name in ("headers", "follow_redirects") if name in fields}
        data = {"csrf_token": self.token(page), **fields}
        return self.client.post(path, data=data, **self.environ, **given)

    def cookie(self) -> dict[str, Any]:
        """What the browser's cookie holds."""
        with self.client.session_transaction() as held:
            return dict(held)

    def jar(self) -> str:
        """The cookie as it is sent, to be replayed by somebody else."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = self.client.get_cookie(name)
        return f"{name}={cookie.value}" if cookie else ""


@contextmanager
def mailbox() -> Iterator[list[SignInCodeMade]]:
    """The codes that are made inside the block, in the order of their mails."""
    received: list[SignInCodeMade] = []
    listeners = events._subscribers[SignInCodeMade]
    listeners.append(received.append)
    try:
        yield received
    finally:
        listeners.remove(received.append)


def deliver(*, by_clock: bool = False) -> None:
    """Let the worker do everything that waits; `by_clock`: also what is due at this hour."""
    if by_clock:
        jobs.schedule_periodic()
    while leased := jobs.lease_due(limit=50):
        for job_id, lease in leased:
            jobs.run_one(job_id, lease)
