"""A session is over while somebody types: nothing is lost, nothing is sent by itself, nobody can read it."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine
from flask import Flask, Response, request
from sqlalchemy import select

from portal.accounts import operations
from portal.accounts.models import ParkedPost
from portal.accounts.operations import ParkedFile
from portal.accounts.operations import parking as module
from portal.core import clock
from portal.core.db import db, session, transaction
from portal.web.access import own
from tests.support.factories import make_resident, sign_in
from tests.support.people import Person, deliver, mailbox

TEXT = "Eine Bank am Ufer, damit meine Mutter sich setzen kann."
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
PICTURE = b"\x89PNG not really" * 100


@pytest.fixture
def portal(app: Flask) -> Flask:
    """The portal with a page that takes text and a file."""
    app.posted = []  # type: ignore[attr-defined]

    @own
    def take() -> Response:
        files = {name: upload.read() for name, upload in request.files.items()}
        app.posted.append((request.form.to_dict(), files))  # type: ignore[attr-defined]
        return Response("taken", 200 if request.form.get("text") else 422)

    app.add_url_rule("/<language:lang>/write", "write", take, methods=["GET", "POST"])
    return app


def type_without_session(person: Person, **headers: str) -> Response:
    """Send text and a picture as a visitor."""
    data = {
        "csrf_token": person.token(),
        "text": TEXT,
        "photo": (BytesIO(PICTURE), "bank.png", "image/png"),
    }
    return person.client.post("/de/write?draft=3", data=data, headers=headers)


def sign_in_by_code(person: Person, address: str) -> str:
    """The whole way; where it ends."""
    with mailbox() as mails:
        person.post("/de/sign-in", identifier=address)
        deliver(by_clock=True)
        return str(person.post("/de/sign-in/code", code=mails[0].code).location)


def test_text_and_picture_come_back(portal: Flask) -> None:
    """Typed as a visitor, offered after signing in, sent by a button with the picture, and then forgotten."""
    make_resident(email="anna@example.org")
    person = Person(portal)
    answer = type_without_session(person)
    assert (answer.status_code, answer.location) == (303, "/de/sign-in?next=/de/")
    assert sign_in_by_code(person, "anna@example.org") == "/de/sign-in/waiting"
    page = person.get("/de/sign-in/waiting").get_data(as_text=True)
    assert TEXT in page
    assert "bank.png" in page
    assert 'action="/de/write?draft=3"' in page
    assert portal.posted == []  # type: ignore[attr-defined]
    person.post("/de/write?draft=3", page="/de/sign-in/waiting", text=TEXT, parked_post="1")
    ((fields, files),) = portal.posted  # type: ignore[attr-defined]
    assert (fields["text"], files) == (TEXT, {"photo": PICTURE})
    assert person.get("/de/sign-in/waiting").location == "/de/"
    with transaction(write=False):
        assert session.scalars(select(ParkedPost)).all() == []


def test_refused_post_keeps_what_was_parked(portal: Flask) -> None:
    """If sending fails, it can be tried again with the picture."""
    make_resident(email="anna@example.org")
    person = Person(portal)
    type_without_session(person)
    sign_in_by_code(person, "anna@example.org")
    assert person.post("/de/write", page="/de/sign-in/waiting", parked_post="1").status_code == 422
    assert person.cookie()["parked"]


def test_session_that_ended_meanwhile(portal: Flask) -> None:
    """The same for somebody whose session was over; htmx is sent to the page by a header (P9)."""
    anna = make_resident()
    person = Person(portal)
    sign_in(person.client, anna)
    token = person.token("/de/account")
    with transaction():
        operations.end_all_sessions(anna.id)
    answer = person.client.post(
        "/de/write",
        data={"csrf_token": token, "text": TEXT},
        headers={"HX-Request": "true", "Referer": "http://localhost/de/team"},
    )
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["HX-Redirect"] == "/de/sign-in?next=/de/team"
    assert person.cookie()["parked"]


def test_htmx_reading_is_sent_to_sign_in(portal: Flask) -> None:
    """P9: the sign-in page never lands in a fragment."""
    answer = Person(portal).get("/de/write", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/de/sign-in?next=/de/write")
    assert Person(portal).get("/de/write").location == "/de/sign-in?next=/de/write"


def test_nothing_typed_is_not_parked(portal: Flask) -> None:
    """A button without words: sign in, and press it again."""
    person = Person(portal)
    person.post("/de/write")
    assert "parked" not in person.cookie()


def test_only_this_browser_can_open_it(portal: Flask) -> None:
    """The key is in the cookie: neither database nor another row's key opens it."""
    person = Person(portal)
    type_without_session(person)
    with transaction(write=False):
        row = session.scalars(select(ParkedPost)).one()
        path = db.engine.url.database
        assert TEXT.encode() not in row.sealed
    assert path
    with open(path, "rb") as file:
        assert b"Eine Bank am Ufer" not in file.read()
    with transaction():
        other = operations.park("/de/write", [("text", "x")], [])
        assert other is not None
        mine = person.cookie()["parked"]
        mixed = f"{other.partition('.')[0]}.{mine.partition('.')[2]}"
        assert operations.unpark(mixed) is None
        assert operations.unpark(f"{other.partition('.')[0]}.not base64 at all") is None
        assert operations.unpark("") is None


def test_kept_a_day(portal: Flask) -> None:
    """Then it is gone, and the page says nothing of it."""
    make_resident(email="anna@example.org")
    person = Person(portal)
    type_without_session(person)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        deliver(by_clock=True)
        with transaction(write=False):
            assert session.scalars(select(ParkedPost)).all() == []
        sign_in_by_code(person, "anna@example.org")
        assert person.get("/de/sign-in/waiting").location == "/de/"


def test_thrown_away(portal: Flask) -> None:
    """By a button."""
    make_resident(email="anna@example.org")
    person = Person(portal)
    type_without_session(person)
    sign_in_by_code(person, "anna@example.org")
    person.post("/de/sign-in/waiting/forget", page="/de/sign-in/waiting")
    with transaction(write=False):
        assert session.scalars(select(ParkedPost)).all() == []


def test_no_more_than_fits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Visitors cannot fill the disk."""
    monkeypatch.setattr(module, "MAX_BYTES", 1500)
    monkeypatch.setattr(module, "MAX_BYTES_TOGETHER", 2500)

    def park(size: int) -> bool:
        return bool(operations.park("/", [], [ParkedFile("photo", "x", "image/png", os.urandom(size))]))

    with transaction():
        assert [park(size) for size in (2000, 1000, 1000, 1000)] == [False, True, True, False]


def test_the_browser_lost_its_cookie(portal: Flask) -> None:
    """The page says what happened; one press sends it, through the sign-in where that is needed."""
    anna = make_resident(email="anna@example.org")
    person = Person(portal)
    sign_in(person.client, anna)
    sent = {"csrf_token": person.token("/de/account"), "text": TEXT}
    person.client.delete_cookie(portal.config["SESSION_COOKIE_NAME"])
    lost = person.client.post("/de/write", data={**sent, "photo": (BytesIO(PICTURE), "bank.png")})
    page = lost.get_data(as_text=True)
    assert lost.status_code == 400
    for words in (
        "Diese Seite war lange offen",
        "Nichts ist verloren",
        "Wenn Sie sich zuerst anmelden müssen",
        "Nur Fotos und Dateien müssen Sie noch einmal auswählen.",
        TEXT,
    ):
        assert words in page
    assert "Das haben wir nicht verstanden" not in page
    again = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    assert again["text"] == TEXT
    assert person.client.post("/de/write", data=again).location == "/de/sign-in?next=/de/"
    assert sign_in_by_code(person, "anna@example.org") == "/de/sign-in/waiting"
    assert TEXT in person.get("/de/sign-in/waiting").get_data(as_text=True)


def test_a_button_without_words_can_be_pressed_again(portal: Flask) -> None:
    """Also what is only pressed is offered again, and whoever is signed in hears that this is enough."""
    person = Person(portal)
    sign_in(person.client, make_resident())
    lost = person.client.post("/de/write", data={"csrf_token": "old"})
    page = lost.get_data(as_text=True)
    assert lost.status_code == 400
    assert "Sie sind angemeldet. Ein Druck auf den Knopf genügt." in page
    assert 'action="/de/write' in page
    assert "Nur Fotos und Dateien" not in page
    again = dict(HIDDEN.findall(page))
    assert person.client.post("/de/write", data=again).status_code == 422
