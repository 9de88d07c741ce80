"""Own data: to take along, to change, to leave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from portal.accounts import operations
from portal.accounts.errors import StillStaff
from portal.accounts.events import AccountErased
from portal.accounts.models import Account, SessionRow
from portal.accounts.operations import own_data
from portal.accounts.queries import account_names, actor_for
from portal.core import clock, events
from portal.core.actors import ActorKind
from portal.core.db import session, transaction
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.people import Person, deliver, mailbox


@pytest.fixture
def erased() -> Iterator[list[AccountErased]]:
    """What upper packages are told."""
    heard: list[AccountErased] = []
    listeners = events._subscribers[AccountErased]
    listeners.append(heard.append)
    yield heard
    listeners.remove(heard.append)


@pytest.fixture
def section() -> Iterator[None]:
    """Another package's part of the export."""
    own_data.register_export_section("things", lambda account_id: [{"title": "=1+1", "by": account_id}])
    yield
    del own_data._sections["things"]


def test_export(app: Flask, section: None) -> None:
    """A ZIP with JSON and a page to read; every package's part is in it; nobody else's."""
    anna = make_resident(email="anna@example.org")
    make_resident(email="boris@example.org")
    person = Person(app)
    sign_in(person.client, anna)
    answer = person.post("/de/account/export", page="/de/account/export")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    with ZipFile(BytesIO(answer.data)) as file:
        data, page = json.loads(file.read("data.json")), file.read("data.html").decode()
    assert data["account"][0]["email"] == "anna@example.org"
    assert data["things"] == [{"title": "=1+1", "by": anna.id}]
    assert len(data["sessions"]) == 1
    assert "anna@example.org" in page
    assert "boris@example.org" not in page + json.dumps(data)


def test_export_asks_again_after_ten_minutes(app: Flask) -> None:
    """Whoever finds the device unlocked does not get everything."""
    person = Person(app)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        sign_in(person.client, make_resident())
        traveller.shift(timedelta(minutes=11))
        page = "/de/account/export"
        assert person.post(page, page=page).location == "/de/account/again"
        assert person.get("/de/account/delete").location == "/de/account/again"
        assert person.get("/de/account/email").location == "/de/account/again"


def test_proving_again(app: Flask) -> None:
    """A code to the own address, the same session under a new token, and on to where one wanted to go."""
    anna, person = make_resident(email="anna@example.org"), Person(app)
    with time_machine.travel(clock.now(), tick=False) as traveller, mailbox() as mails:
        sign_in(person.client, anna)
        copy = person.jar()
        traveller.shift(timedelta(minutes=11))
        person.get("/de/account/delete")
        person.post("/de/account/again", page="/de/account/again")
        deliver(by_clock=True)
        assert (mails[0].address, mails[0].purpose) == ("anna@example.org", "prove")
        answer = person.post("/de/sign-in/code", page="/de/account", code=mails[0].code)
        assert answer.location == "/de/account/delete"
        assert person.get("/de/account/delete").status_code == 200
        stranger = app.test_client(use_cookies=False)
        assert stranger.get("/de/account", headers={"Cookie": copy}).status_code == 303
        with transaction(write=False):
            assert len(session.scalars(select(SessionRow)).all()) == 1


def test_profile(app: Flask) -> None:
    """Name and language change; a name like somebody else's does not."""
    anna, person = make_resident(display_name="Amsel"), Person(app)
    make_resident(display_name="Drossel")
    sign_in(person.client, anna)
    page = "/de/account"
    refused = person.post(page, page=page, display_name="drossel", language="de")
    assert refused.status_code == 422
    answer = person.post(page, page=page, display_name="Blaue Amsel", language="tr")
    assert answer.location == "/tr/account"
    with transaction(write=False):
        account = session.get_one(Account, anna.id)
        assert (account.display_name, account.language) == ("Blaue Amsel", "tr")


def test_erasure_takes_fourteen_days_and_can_be_undone(app: Flask, erased: list[AccountErased]) -> None:
    """Asked for, taken back, asked for again, done: with what was chosen."""
    anna, person = make_resident(display_name="Amsel", email="anna@example.org"), Person(app)
    choices = {"proposals": "delete", "comments": "keep", "support": "delete"}
    with time_machine.travel(clock.now(), tick=False) as traveller:
        sign_in(person.client, anna)
        person.post("/de/account/delete", page="/de/account/delete", **choices)
        assert "/de/account/delete/undo" in person.get("/de/account").get_data(as_text=True)
        person.post("/de/account/delete/undo", page="/de/account")
        traveller.shift(timedelta(days=15))
        deliver(by_clock=True)
        assert erased == []
        sign_in(person.client, anna)
        person.post("/de/account/delete", page="/de/account/delete", **choices)
        traveller.shift(timedelta(days=13, hours=23))
        deliver(by_clock=True)
        assert erased == []
        traveller.shift(timedelta(hours=2))
        deliver(by_clock=True)
        deliver(by_clock=True)
    assert erased == [AccountErased(anna.id, keep_proposals=False, keep_comments=True, keep_support=False)]
    assert person.get("/de/account").status_code == 303
    with transaction(write=False):
        assert session.scalars(select(SessionRow)).all() == []
        account = session.get_one(Account, anna.id)
        assert (account.display_name, account.email, account.email_hash, account.district_id) == (
            "",
            None,
            None,
            None,
        )
        assert account_names([anna.id])[anna.id].public_id == ""
        assert actor_for(account).kind is ActorKind.VISITOR
        found = session.execute(text("SELECT * FROM account")).all()
        assert not any("Amsel" in str(column) for row in found for column in row)
    make_resident(display_name="Amsel", email="anna@example.org")


def test_staff_with_roles_stay(app: Flask) -> None:
    """First the role ends, then the account may go."""
    boris = make_staff("planner")
    with transaction(), pytest.raises(StillStaff):
        operations.request_erasure(
            session.get_one(Account, boris.id),
            keep_proposals=True,
            keep_comments=True,
            keep_support=True,
        )


def test_no_page_tells_an_address(app: Flask) -> None:
    """Addresses are on the own account page and nowhere else; stored encrypted, looked up by a keyed hash."""
    anna, other = make_resident(email="anna@example.org"), Person(app)
    admin = make_staff("administrator")
    sign_in(other.client, admin)
    for path in ("/de/team", "/de/staff/people", "/de/account"):
        assert "anna@example.org" not in other.get(path).get_data(as_text=True)
    with transaction(write=False):
        row = session.execute(
            text("SELECT email, email_hash FROM account WHERE id = :id"), {"id": anna.id}
        ).one()
        assert "anna" not in row.email + row.email_hash
