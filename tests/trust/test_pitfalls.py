"""Measured pitfalls of our own stack that no other test shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event

from portal.core import clock
from portal.core.db import db, session, transaction
from portal.core.i18n import format_datetime, use_language
from portal.proposals.models import Proposal
from tests.conftest import make_settings, running_app
from tests.support.factories import make_resident, sign_in
from tests.support.factories_proposals import make_proposal
from tests.support.people import TOKEN, Person
from tests.support.whole import WHOLE
from tests.trust.choosing import one_state_each, visits
from tests.trust.expectations import SIGN_IN, cells
from tests.trust.forms import begun
from tests.trust.walk import path_of
from tests.trust.world import World


def test_bodies_cookies_and_hosts_are_limited(tmp_path: Path, sqlite_template: Path) -> None:
    """P4: 50 MB are refused before they are read; the cookie is for TLS only; unknown hosts get nothing."""
    settings = make_settings(
        tmp_path / "instance", base_url="https://nachbarnetz.example", trusted_hosts="nachbarnetz.example"
    )
    shutil.copyfile(sqlite_template, settings.instance / "portal.db")
    with running_app(settings) as app:
        client = app.test_client()
        here = {"base_url": "https://nachbarnetz.example"}
        answer = client.post("/de/sign-in", data=b"a" * 50_000_000, content_type="text/plain", **here)
        assert answer.status_code == 413
        page = client.get("/de/sign-in", **here)
        cookie = page.headers["Set-Cookie"]
        assert cookie.startswith("__Host-s=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert client.get("/de/", base_url="https://evil.example").status_code == 400
        assert "evil.example" not in client.get("/de/", base_url="https://evil.example").text


def test_over_https_without_a_referer_and_after_a_day(tmp_path: Path, sqlite_template: Path) -> None:
    """P7: nobody is locked out for sending no Referer, nobody loses a long text to a token that ran out."""
    settings = make_settings(tmp_path / "instance", base_url="https://nachbarnetz.example")
    shutil.copyfile(sqlite_template, settings.instance / "portal.db")
    with running_app(settings) as app:
        client = app.test_client()
        here = {"base_url": "https://nachbarnetz.example"}
        page = client.get("/de/report-barrier", **here)
        assert page.headers["Referrer-Policy"] == "same-origin"
        found = TOKEN.search(page.text)
        assert found is not None
        data = {"csrf_token": found[1], "text": "Die Schrift ist zu klein.", "begun": begun()}
        with time_machine.travel(time.time() + 86_400):
            assert client.post("/de/report-barrier", data=data, **here).status_code == 303


def test_htmx_is_tamed(app: Flask) -> None:
    """P8: no styles and scripts of its own, no snapshots of private pages; and only where it is installed."""
    app.jinja_env.globals["assets"] = {**app.jinja_env.globals.get("assets", {}), "htmx": "/x.js"}
    template = app.jinja_env.get_template("layouts/_scripts.html")
    source = template.environment.loader.get_source(template.environment, "layouts/_scripts.html")[0]  # type: ignore[union-attr]
    found = re.search(r"name=\"htmx-config\" content='([^']+)'", source)
    assert found is not None
    config = json.loads(found[1])
    wanted = {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "allowScriptTags": False,
        "historyCacheSize": 0,
        "selfRequestsOnly": True,
    }
    assert {name: config[name] for name in wanted} == wanted


def test_no_fragment_holds_the_sign_in_page(frozen_world: World) -> None:
    """P9: whatever htmx asks for without a session, uploads too, leads the whole page to the sign-in.

    By day in one state of each thing: nobody who is sent away so has been told in which it is.
    """
    frozen_world.restore()
    wrong, asked = [], 0
    visitors = visits(cells(), frozen_world.things, ["V"])
    for visit in visitors if WHOLE else one_state_each(visitors):
        if visit.outcome != SIGN_IN:
            continue
        asked += 1
        cell = visit.cell
        path = path_of(cell.route, frozen_world.things[cell.on][visit.state])
        answer = frozen_world.ask("V", cell.method, path, {"text": "x"}, {"HX-Request": "true"})
        frozen_world.restore()
        there = answer.headers.get("HX-Redirect", "")
        if answer.status_code != 204 or not there.startswith("/de/sign-in?next=") or answer.data:
            wrong.append(f"{cell.method} {path}: {answer.status_code} {there}")
    assert asked > 100
    assert wrong == []


WRITER = """
import sys
from portal.core.db import transaction
from portal.core.jobs import enqueue
from tests.conftest import make_settings, running_app
from pathlib import Path
with running_app(make_settings(Path(sys.argv[1]))):
    for number in range(1_000_000):
        with transaction():
            enqueue("kill.test", {"half": 1}, unique_key=f"a{number}")
            enqueue("kill.test", {"half": 2}, unique_key=f"b{number}")
        print(number, flush=True)
"""


def test_killed_while_writing(tmp_path: Path, sqlite_template: Path) -> None:
    """P13: kill -9 in the middle, several times: what was acknowledged is there, whole; the file is sound."""
    for attempt in range(5):
        folder = tmp_path / f"instance{attempt}"
        settings = make_settings(folder)
        shutil.copyfile(sqlite_template, settings.instance / "portal.db")
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as writer:
            assert writer.stdout is not None
            acknowledged = [int(writer.stdout.readline()) for _ in range(5 + attempt)][-1]
            os.kill(writer.pid, signal.SIGKILL)
            rest = writer.stdout.read().split()
        acknowledged = max([acknowledged, *(int(one) for one in rest)])
        connection = sqlite3.connect(folder / "portal.db")
        keys = {row[0] for row in connection.execute("SELECT unique_key FROM job")}
        sound = connection.execute("PRAGMA integrity_check").fetchone()
        connection.close()
        whole = {int(key[1:]) for key in keys if f"a{key[1:]}" in keys and f"b{key[1:]}" in keys}
        assert sound == ("ok",)
        assert set(range(acknowledged + 1)) <= whole
        assert len(keys) == 2 * len(whole)


def test_a_full_disk(app: Flask) -> None:
    """P16: reading works, writing says so and gives the words back, and then all is well again."""
    with transaction():
        path = f"/de/proposals/{make_proposal(with_thread=True).public_id}"
    person = Person(app)
    sign_in(person.client, make_resident())
    page = person.get(path).get_data(as_text=True)
    action = re.search(r'action="(/de/threads/\w+/comments)"', page)
    assert action is not None
    words = "Das ist ein langer Gedanke. " * 150
    with full_disk():
        answer = person.post(action[1], page=path, body=words)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert words.strip() in answer.get_data(as_text=True)
        assert person.get(path).status_code == 200
    assert person.post(action[1], page=path, body=words).status_code == 303
    with transaction(write=False) as reading:
        assert reading.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert reading.query(Proposal).one().comment_count == 1


class full_disk:
    """Not one page more fits into the database file."""

    def __enter__(self) -> None:
        session.remove()
        db.engine.dispose()
        with sqlite3.connect(str(db.engine.url.database)) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute("VACUUM")
        connection.close()
        event.listen(db.engine, "connect", self.limit)
        self.pages = pages

    def limit(self, connection: sqlite3.Connection, record: object) -> None:
        """SQLite answers "database or disk is full"."""
        connection.execute("PRAGMA max_page_count=1")

    def __exit__(self, *error: object) -> None:
        event.remove(db.engine, "connect", self.limit)
        session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        # 2026-10-25: 02:30 comes twice; 2027-03-28: 02:30 never comes.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30"),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "01:30"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "03:30"),
    ],
)
def test_the_night_with_two_half_past_two(app: Flask, instant: datetime, shown: str) -> None:
    """P18: instants are kept in UTC, two that look alike stay two, and an hour later is an hour later."""
    with time_machine.travel(instant, tick=False):
        with transaction():
            kept = make_proposal(published=True).id
        with transaction(write=False) as reading, use_language("de"):
            at = reading.get_one(Proposal, kept).published_at
            assert at == instant
            assert shown in format_datetime(at)
            assert clock.local(at).date() == clock.today()
