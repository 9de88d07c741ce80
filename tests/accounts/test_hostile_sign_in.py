"""Signing in and up with what was typed to do harm, and names of all languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import operations
from portal.accounts.errors import NameTaken
from portal.accounts.models import Account
from portal.core.db import session, transaction
from portal.core.text import NameProblem
from tests.accounts.signing_in import Codes, ask, count
from tests.support.factories import make_resident
from tests.support.people import Person, deliver


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\t/evil.example", "https:evil.example", "/de/nowhere"]
)
def test_next_never_leaves_the_portal(app: Flask, codes: Codes, target: str) -> None:
    """P5: only pages of ours are gone to."""
    make_resident(email="anna@example.org")
    person = Person(app)
    person.post("/de/sign-in", identifier="anna@example.org", next=target)
    deliver()
    assert person.post("/de/sign-in/code", code=codes[0].code).location == "/de/"


def test_a_network_may_not_ask_without_end(app: Flask) -> None:
    """The eleventh request within five minutes is refused; what was typed is kept on the page."""
    person = Person(app)
    answers = [person.post("/de/sign-in", identifier=f"p{n}@example.org") for n in range(11)]
    assert [one.status_code for one in answers] == [303] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "p10@example.org" in answers[-1].get_data(as_text=True)
    elsewhere = Person(app, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.post("/de/sign-in", identifier="p11@example.org").status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.example, c@evil.example",
        '"x\\" <y@evil.example>"@b.example',
        "a@b.example\nBcc: c@evil.example",
        "a@@b.example",
        "a@[127.0.0.1]",
        "@",
        "x" * 250 + "@example.org",
    ],
)
def test_hostile_addresses(app: Flask, codes: Codes, typed: str) -> None:
    """H53, H54: refused, or exactly one recipient; nothing but the field says so."""
    person = Person(app)
    answer = person.post("/de/sign-in", identifier=typed)
    deliver()
    assert answer.status_code == 422
    assert codes == []


def test_host_header_is_not_believed(app: Flask, codes: Codes) -> None:
    """H49: the mail's link has the configured address, whatever Host said."""
    make_resident(email="anna@example.org")
    person = Person(app)
    token = person.token()
    app.test_client(use_cookies=False).post(
        "/de/sign-in",
        data={"csrf_token": token, "identifier": "anna@example.org"},
        headers={"Host": "evil.example", "Cookie": person.jar()},
    )
    deliver()
    (mail,) = Path(app.instance_path, "mail").glob("*.eml")
    assert "evil.example" not in mail.read_text()
    assert f"http://localhost/de/sign-in/code/{codes[0].request_id}" in mail.read_text().replace("=\n", "")


@pytest.mark.parametrize(
    "name", ["‮NIMDA", "Stadt​verwaltung", "𝐀𝐝𝐦𝐢𝐧", "ㅤ", "a" + "́" * 40, "Moderation", "x" * 300]
)
def test_hostile_names(app: Flask, codes: Codes, name: str) -> None:
    """H26 to H32: no tricks, no borrowed authority."""
    person = Person(app)
    ask(person, "neu@example.org")
    person.post("/de/sign-in/code", code=codes[0].code)
    assert person.post("/de/sign-up", page="/de/sign-up", display_name=name).status_code == 422
    assert count(Account) == 0


@pytest.mark.parametrize("name", ["محمد علي", "Nguyễn Thị Ánh", "Анна", "O’Neill-Çelik"])
def test_honest_names(app: Flask, name: str) -> None:
    """H34 to H37: people's names of all languages."""
    assert make_resident(display_name=name).display_name == name


def test_names_that_look_alike(app: Flask) -> None:
    """H39: Anna and Аnna (Cyrillic A) cannot both exist."""
    make_resident(display_name="Anna")
    for name, refusal in (("Аnna", NameProblem), ("Ánna", NameTaken), ("a n n a", NameTaken)):
        with transaction(), pytest.raises(refusal):
            operations.create_resident(display_name=name)


def test_extra_fields_are_ignored(app: Flask, codes: Codes) -> None:
    """H95: nobody makes themselves staff, or somebody else's account, by more fields."""
    victim = make_resident()
    person = Person(app)
    ask(person, "neu@example.org")
    extra = {"role": "administrator", "kind": "staff", "id": victim.id, "email": "x@example.org"}
    person.post("/de/sign-in/code", code=codes[0].code, **extra)
    person.post("/de/sign-up", page="/de/sign-up", display_name="Amsel Neu", suspended_until="", **extra)
    with transaction(write=False):
        made = session.scalars(select(Account).where(Account.display_name == "Amsel Neu")).one()
        assert (made.kind, made.email, made.id != victim.id) == ("resident", "neu@example.org", True)
