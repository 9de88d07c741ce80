"""A whole town in one database file that can be put back as it was after every request."""

from __future__ import annotations

import contextvars
import logging
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core import limits, migrate, site_settings
from portal.core.db import Base, db, session
from tests.conftest import make_settings, running_app
from tests.support.factories import sign_in
from tests.support.people import TOKEN
from tests.trust.canaries import Canaries
from tests.trust.people import PERSONAS, People
from tests.trust.things import Builder

COOKIE = "s"
NOT_FILES = shutil.ignore_patterns("portal.db*", "keys", "cache")


class BareClient(FlaskClient):
    """Flask's client without the checks of every page (they are made elsewhere; here are thousands)."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """The request sees nothing of the test's surroundings, as on a real server."""
        send = super().open
        kwargs["buffered"] = True  # what is streamed is read before its context ends
        return contextvars.Context().run(lambda: send(*args, **kwargs))


class World:
    """The portal, its people and things. Every request may change anything; `restore` takes it back."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.open(app, folder)
        self.canaries = Canaries()
        self.people = People(self.canaries)
        builder = Builder(self.people, self.canaries)
        builder.build()
        self.things, self.ids = builder.things, builder.ids
        self.cookies: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        for persona in PERSONAS:
            self._open_browser(persona)
        self.made_at = datetime.now(UTC)
        self._find_static_file()
        self._freeze()

    def open(self, app: Flask, folder: Path) -> None:
        """The portal that is running in this folder now."""
        self.app, self.folder = app, folder
        self.path = folder / "instance" / "portal.db"
        self.clean = folder / "clean.db"
        app.test_client_class = BareClient
        self.client = app.test_client(use_cookies=False)

    def _find_static_file(self) -> None:
        page = self.ask("V", "GET", "/de/sign-in").get_data(as_text=True)
        found = re.search(r"/static/(\w+)/(icons\.svg)", page)
        assert found is not None, "no picture on the page"
        self.things["static"] = {"icons": {"digest": found[1], "path": found[2]}}

    def _open_browser(self, persona: str) -> None:
        browser = self.app.test_client()
        if persona != "V":
            # S2 has typed the mailed code, and nothing more.
            sign_in(browser, self.people.accounts[persona], second_factor=persona != "S2")
        page = browser.get("/de/sign-in" if persona == "V" else "/de/report-barrier")
        found = TOKEN.search(page.get_data(as_text=True))
        cookie = browser.get_cookie(COOKIE)
        assert found is not None, f"no form for {persona}"
        assert cookie is not None, f"no cookie for {persona}"
        self.tokens[persona], self.cookies[persona] = found[1], f"{COOKIE}={cookie.value}"

    def _freeze(self) -> None:
        session.remove()
        db.engine.dispose()  # the last connection folds the write-ahead log into the file
        shutil.copyfile(self.path, self.clean)
        self.kept_files = self.folder / "files"
        shutil.copytree(self.path.parent, self.kept_files, ignore=NOT_FILES)
        self.kept_names = names(self.kept_files)
        self.before, self.table_of = contents(self.clean), owners(self.clean)

    # ---------------------------------------------------------------- asking

    def moment(self) -> time_machine.travel:
        """When all requests come: the town was finished just now. Else half an hour of walking on a slow
        machine would end the sessions of staff."""
        return time_machine.travel(self.made_at)

    def ask(
        self,
        persona: str,
        method: str,
        path: str,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        *,
        token: bool = True,
    ) -> TestResponse:
        """One request as this persona, its token included. What it changes stays until `restore`."""
        limits.start_over()
        with self.moment():
            return self._send(persona, method, path, data, headers, token=token)

    def _send(
        self,
        persona: str,
        method: str,
        path: str,
        data: dict[str, Any] | None,
        headers: dict[str, str] | None,
        *,
        token: bool,
    ) -> TestResponse:
        sent = dict(data or {})
        if method == "POST" and token:
            sent["csrf_token"] = self.tokens[persona]
        given = {"Cookie": self.cookies[persona], **(headers or {})}
        body = {"data": sent} if method == "POST" else {}
        return self.client.open(path, method=method, headers=given, **body)  # type: ignore[arg-type]

    def ask_anew(self, persona: str, method: str, path: str) -> TestResponse:
        """The same, after signing in again in another browser."""
        browser = self.app.test_client()
        sign_in(browser, self.people.accounts[persona])
        return browser.open(path, method=method)

    # ---------------------------------------------------------------- what has changed

    @property
    def is_changed(self) -> bool:
        """Whether anything was written since the last restore: the write-ahead log tells at once."""
        with suppress(FileNotFoundError):
            return self.path.with_name("portal.db-wal").stat().st_size > 0
        return False

    def restore(self) -> None:
        """Everything as it was."""
        if self.is_changed:
            self.put_back()

    def put_back(self) -> None:
        """The same, whoever changed it."""
        session.remove()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.path.with_name(f"portal.db{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.clean, self.path)
        site_settings.forget()
        with suppress(KeyError):
            self.app.extensions["page_cache"].invalidate()
        self._restore_files()

    def _restore_files(self) -> None:
        """Uploads and the like: put back what was removed, remove what is new."""
        here, kept = names(self.path.parent), self.kept_names
        for name in here - kept:
            (self.path.parent / name).unlink(missing_ok=True)
        for name in kept - here:
            (self.path.parent / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.kept_files / name, self.path.parent / name)

    def changes(self) -> dict[str, set[tuple[Any, ...]]]:
        """Table -> rows that are new, gone or different since the last restore."""
        touched = self._touched()
        after = contents(self.path, touched)
        found = {table: self.before[table] ^ after[table] for table in touched}
        return {table: rows for table, rows in found.items() if rows}

    def _touched(self) -> set[str]:
        """The tables that have pages in the write-ahead log: no row of another can have changed.

        A page that was free before is never alone in there: something that was there points to it now.
        """
        wal = self.path.with_name("portal.db-wal").read_bytes() if self.is_changed else b""
        if not self.table_of or not wal:
            return set(self.before) if wal or self.path.read_bytes() != self.clean.read_bytes() else set()
        frame = 24 + int.from_bytes(wal[8:12], "big")
        pages = {int.from_bytes(wal[at : at + 4], "big") for at in range(32, len(wal), frame)}
        return {self.table_of[page] for page in pages if page in self.table_of} & self.before.keys()


def names(folder: Path) -> set[str]:
    """Every file below an instance folder that is no database, key or cache."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        str(path)
        for path in found
        if path.parts[0] not in {"keys", "cache"} and not path.name.startswith("portal.db")
    }


def contents(path: Path, tables: Iterable[str] | None = None) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every table of the portal's own, or of these."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: set(connection.execute(f'SELECT * FROM "{table}"'))  # noqa: S608  our own table names
            for table in sorted(Base.metadata.tables if tables is None else tables)
        }


OWNERS = """SELECT page.pageno, coalesce(known.tbl_name, page.name)
FROM dbstat AS page LEFT JOIN sqlite_master AS known ON known.name = page.name"""


def owners(path: Path) -> dict[int, str]:
    """Page of the file -> the table whose rows or index are on it; empty where SQLite cannot tell."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            return dict(connection.execute(OWNERS))
        except sqlite3.OperationalError as refusal:
            if "no such table: dbstat" not in str(refusal):
                raise
            return {}


def mark_as_current(path: Path) -> None:
    """Say that every migration has been run: /readyz asks."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
    connection.execute("INSERT INTO alembic_version VALUES (?)", (migrate.head(),))
    connection.commit()
    connection.close()


_made: dict[Path, World] = {}


@contextmanager
def world_in(folder: Path, sqlite_template: Path) -> Iterator[World]:
    """The world below this folder: made when it is asked for first, put back and opened again after that."""
    settings = make_settings(folder / "instance", sqlite_synchronous="OFF", log_level="ERROR")
    if folder not in _made:
        shutil.copyfile(sqlite_template, settings.instance / "portal.db")
        mark_as_current(settings.instance / "portal.db")
    level = logging.getLogger().level
    with running_app(settings) as app:
        if folder in _made:
            _made[folder].open(app, folder)
            _made[folder].put_back()
        else:
            _made[folder] = World(app, folder)
        yield _made[folder]
    logging.getLogger().setLevel(level)
