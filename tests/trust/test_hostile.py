"""Hostile requests: parameters, filters, floods, addresses; none is an error of ours, none costs much."""

from __future__ import annotations

import socket
import time
from typing import Any
from urllib.parse import quote

import pytest

from portal.core import jobs
from portal.core.db import session
from tests.support.whole import WHOLE
from tests.trust.expectations import OK, cells
from tests.trust.forms import form_of
from tests.trust.hostile import QUERIES
from tests.trust.test_writing import posts
from tests.trust.walk import face_of, path_of
from tests.trust.world import World

PARAMETERS = (
    "q",
    "sort",
    "page",
    "district",
    "topic",
    "stage",
    "language",
    "seed",
    "state",
    "text",
    "title",
    "next",
    "work",
    "kind",
    "since",
    "until",
    "name",
    "answer",
    "reply_to",
    "target",
)
# What a refused kind of flood may cost, on a machine that others use too.
SECONDS = 2.0


ASKING = ("V", "MO", "AD")


def plain_pages() -> list[tuple[str, list[str]]]:
    """Every page that needs no thing in its address, and who of those who ask gets it."""
    return [
        (path_of(cell.route, {}), [one for one in ASKING if cell.outcomes[one] == OK] or list(ASKING))
        for cell in cells()
        if cell.method == "GET" and not cell.on
    ]


@pytest.mark.parametrize("persona", ASKING)
def test_strange_parameters_are_a_harmless_miss(world: World, persona: str) -> None:
    """No parameter of any page breaks it, and none changes anything.

    By day each value of each page is tried by one of those who get the page, in turns; with WHOLE=1 by all.
    """
    broken = []
    for path, readers in plain_pages():
        for number, value in enumerate(QUERIES["H22"]):
            if not WHOLE and readers[(len(path) + number) % len(readers)] != persona:
                continue
            # All at once for the first value, in turns for the others: 20 parameters, 9 values.
            chosen = PARAMETERS if number == 0 else PARAMETERS[number::4]
            query = "&".join(f"{name}={quote(value)}" for name in chosen)
            status = world.ask(persona, "GET", f"{path}?{query}").status_code
            if status >= 500 or world.is_changed:
                broken.append(f"{path}?{query}: {status}")
    assert broken == []


@pytest.mark.parametrize(
    "path", ["/de/proposals", "/de/search", "/de/proposals.atom", "/de/open-data/proposals.json"]
)
def test_there_are_no_other_filters(world: World, path: str) -> None:
    """Asking for what nobody offers answers as if it had not been asked."""
    plain = face_of(world.ask("V", "GET", path), path)[2]
    for query in QUERIES["H24"]:
        asked = f"{path}?{query}"
        shown = face_of(world.ask("V", "GET", asked), asked)[2]
        assert without_addresses(shown) == without_addresses(plain), query


def without_addresses(text: str) -> int:
    """How many things are shown: addresses may repeat the question."""
    return text.count("<article") + text.count("<entry>") + text.count('"public_id"')


@pytest.mark.parametrize("question", QUERIES["H25"])
def test_search_is_quick(world: World, question: str) -> None:
    """Wild cards and signs of the query language are words that nobody wrote."""
    for path in ("/de/search", "/de/proposals"):
        begun = time.perf_counter()
        answer = world.ask("V", "GET", f"{path}?q={quote(question)}")
        assert answer.status_code == 200
        assert time.perf_counter() - begun < SECONDS


def test_a_flood_of_fields_is_refused_at_once(world: World) -> None:
    """100,000 fields, the usual way and in parts; 5 MB of text."""
    many = "&".join(f"a{number}=1" for number in range(100_000))
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="a{n}"\r\n\r\n1\r\n' for n in range(5_000))
    for body, kind in (
        (many, "application/x-www-form-urlencoded"),
        (parts + "--x--\r\n", "multipart/form-data; boundary=x"),
        ("text=" + "a" * 5_000_000, "application/x-www-form-urlencoded"),
    ):
        begun = time.perf_counter()
        answer = world.client.post("/de/report-barrier", data=body, content_type=kind)
        assert answer.status_code in {400, 413}, kind
        assert time.perf_counter() - begun < SECONDS
        assert not world.is_changed


def test_a_body_without_its_boundary_costs_nothing(world: World) -> None:
    """CR LF and then megabytes in which the boundary never comes, where uploads are taken."""
    draft = world.things["proposal"]["draft"]["pid"]
    for path in ("/de/report-barrier", f"/de/proposals/drafts/{draft}/photos"):
        begun = time.perf_counter()
        answer = world.client.post(
            path,
            data=b"\r\n" + b"a" * 5_000_000,
            content_type="multipart/form-data; boundary=never",
            headers={"Cookie": world.cookies["AU"]},
        )
        assert answer.status_code in {400, 413}
        assert time.perf_counter() - begun < SECONDS


@pytest.mark.parametrize(
    "website",
    [
        'https://x" onmouseover=alert(1) y="',
        "javascript:alert(1)",
        "http://[::1",
        "//evil.example",
        "https://",
    ],
)
def test_only_addresses_that_are_addresses(world: World, website: str) -> None:
    """The one field for links: refused, and nothing is kept."""
    data = {"name": "Neue Stelle", "language": "de", "website": website}
    answer = world.ask("AD", "POST", "/de/staff/organizations/new", data)
    assert answer.status_code == 422
    assert not world.is_changed


def test_the_portal_calls_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to inner addresses in every form, all jobs run: not one connection is opened."""
    called: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: called.append(address))
    inner = "http://169.254.169.254/ http://127.0.0.1:5432/ http://[::1]/"
    for cell, persona in posts():
        things = world.things[cell.on]
        values = things[cell.state] if cell.state != "*" else next(iter(things.values()))
        given = form_of(world, cell.route, cell.state, persona)
        words = {"text", "words", "body", "facts", "reply", "note", "what", "reason", "description"}
        data = {name: f"{value} {inner}" if name in words else value for name, value in given.items()}
        world.ask(persona, "POST", path_of(cell.route, values), data)
        world.restore()
    while jobs.run_due(limit=100):
        pass
    session.rollback()
    assert called == []
