"""The second step of staff: forced, not replayed, not guessed, and replaced only by a second person."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.accounts import operations
from portal.accounts.models import Account, Passkey, RecoveryCode, SessionRow, TotpSecret
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from tests.support.authenticator import Authenticator
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.people import Person, deliver

STEP, SETUP = "/de/staff/second-factor", "/de/staff/second-factor/set-up"


def person_of(app: Flask, account: Account, *, second_factor: bool = False) -> Person:
    """Somebody who typed the mailed code."""
    person = Person(app)
    sign_in(person.client, account, second_factor=second_factor)
    return person


def set_up_app(person: Person) -> tuple[str, list[str]]:
    """Scan, type the first code; the secret and the recovery codes."""
    page = person.get(SETUP).get_data(as_text=True)
    secret = re.search(r'name="secret"[^>]*value="([A-Z2-7]{32})"', page)[1]  # type: ignore[index]
    answer = person.post("/de/staff/second-factor/app", page=SETUP, secret=secret, code=code_of(secret))
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", answer.get_data(as_text=True))
    return secret, codes


def code_of(secret: str) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).at(clock.now())


def test_no_staff_page_without_it(app: Flask) -> None:
    """B6: every page that needs a permission leads to the second step, and does nothing."""
    admin = make_staff("administrator")
    person = person_of(app, admin)
    reached = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "access", "public") in {"public", "own"} or rule.arguments - {"lang"}:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            url = rule.rule.replace("<language:lang>", "de")
            if method == "GET":
                answer = person.get(url)
            else:
                answer = person.post(url, page=SETUP)
            if answer.location != STEP:
                reached.append((method, url, answer.status_code))
    # What visitors may see, staff without their hat may see too; nothing else.
    visitor = Person(app)
    assert [one for one in reached if visitor.get(one[1]).status_code not in {200, 404}] == []
    for url in ("/de/staff/people", "/de/staff/cards"):
        assert person.get(url).location == STEP


def test_residents_have_no_such_pages(app: Flask) -> None:
    """Nor do they learn of them."""
    person = person_of(app, make_resident())
    for url in (STEP, SETUP):
        assert person.get(url).status_code == 404


def test_set_up_an_app_and_use_it(app: Flask) -> None:
    """First sign-in: set up, ten codes, in. Next sign-in: six digits, once."""
    admin = make_staff("administrator")
    with time_machine.travel(clock.now(), tick=False) as traveller:
        person = person_of(app, admin)
        assert person.get(STEP).location == SETUP
        wrong = person.post(
            "/de/staff/second-factor/app", page=SETUP, secret=pyotp.random_base32(), code="000000"
        )
        assert wrong.status_code == 422
        secret, codes = set_up_app(person)
        assert len(set(codes)) == 10
        assert person.get("/de/staff/people").status_code == 200
        again = person_of(app, admin)
        # The code of the set-up itself was used.
        assert again.post(STEP, page=STEP, code=code_of(secret)).status_code == 422
        traveller.shift(timedelta(seconds=30))
        assert again.post(STEP, page=STEP, code=code_of(secret)).location == "/de/"
        assert again.get("/de/staff/people").status_code == 200
        third = person_of(app, admin)
        assert third.post(STEP, page=STEP, code=code_of(secret)).status_code == 422
        assert third.get("/de/staff/people").location == STEP
        traveller.shift(timedelta(seconds=60))
        assert (
            third.post(STEP, page=STEP, code=f" {code_of(secret)[:3]} {code_of(secret)[3:]}").status_code
            == 303
        )


def test_token_is_new_after_the_second_step(app: Flask) -> None:
    """A cookie copied between the two steps opens nothing."""
    admin = make_staff("administrator")
    with time_machine.travel(clock.now(), tick=False) as traveller:
        secret, _codes = set_up_app(person_of(app, admin))
        traveller.shift(timedelta(minutes=1))
        person = person_of(app, admin)
        copy = person.jar()
        person.post(STEP, page=STEP, code=code_of(secret))
        stranger = app.test_client(use_cookies=False)
        answer = stranger.get("/de/staff/people", headers={"Cookie": copy})
        assert answer.location == "/de/sign-in?next=/de/staff/people"


def test_five_wrong_codes_end_the_session(app: Flask) -> None:
    """Then the first step has to be done again."""
    admin = make_staff("administrator")
    set_up_app(person_of(app, admin))
    person = person_of(app, admin)
    answers = [person.post(STEP, page=STEP, code="000000").status_code for _ in range(5)]
    assert answers == [422] * 5
    assert person.post(STEP, page=STEP, code="000000").location == "/de/sign-in"
    assert person.get(STEP).location == "/de/sign-in?next=/de/staff/second-factor"


def test_recovery_codes_work_once(app: Flask) -> None:
    """Written down with a dash, typed without."""
    admin = make_staff("administrator")
    _secret, codes = set_up_app(person_of(app, admin))
    person = person_of(app, admin)
    assert person.post(STEP, page=STEP, code=codes[3].replace("-", "").upper()).location == "/de/"
    assert person_of(app, admin).post(STEP, page=STEP, code=codes[3]).status_code == 422
    other = make_staff("administrator")
    set_up_app(person_of(app, other))
    assert person_of(app, other).post(STEP, page=STEP, code=codes[4]).status_code == 422
    with transaction(write=False):
        stored = session.scalars(select(RecoveryCode.code_hash)).all()
        assert not any(code.replace("-", "") in one for code in codes for one in stored)


def test_new_recovery_codes_replace_the_old(app: Flask) -> None:
    """Asked for with a fresh second step."""
    admin = make_staff("administrator")
    person = person_of(app, admin)
    _secret, codes = set_up_app(person)
    page = person.post("/de/staff/second-factor/recovery-codes", page=SETUP).get_data(as_text=True)
    fresh = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", page)
    assert not set(codes) & set(fresh)
    assert person_of(app, admin).post(STEP, page=STEP, code=codes[0]).status_code == 422
    assert person_of(app, admin).post(STEP, page=STEP, code=fresh[0]).status_code == 303


def passkey_options(person: Person, **fields: str) -> dict[str, object]:
    """What the script would ask for."""
    answer = person.post(f"{STEP}/passkey/options", page=SETUP if fields else STEP, **fields)
    assert answer.status_code == 200
    return dict(answer.get_json())


def test_passkey(app: Flask) -> None:
    """Made, used; an answer works once; another site's, another key's and another account's do not."""
    admin, device = make_staff("administrator"), Authenticator()
    person = person_of(app, admin)
    credential = device.create(passkey_options(person, new="1"))
    person.post(f"{STEP}/passkeys", page=SETUP, credential=credential, label="Diensthandy")
    assert person.get("/de/staff/people").status_code == 200
    again = person_of(app, admin)
    answer = device.get(passkey_options(again))
    assert again.post(f"{STEP}/passkey", page=STEP, credential=answer).location == "/de/"
    assert again.get("/de/staff/people").status_code == 200
    false_site = Authenticator(origin="http://evil.example", host="evil.example")
    false_site.key, false_site.id, false_site.count = device.key, device.id, 50
    for other in (false_site, Authenticator()):
        third = person_of(app, admin)
        wrong = other.get(passkey_options(third))
        assert third.post(f"{STEP}/passkey", page=STEP, credential=wrong).status_code == 422
        assert third.post(f"{STEP}/passkey", page=STEP, credential=answer).status_code == 422
        assert third.post(f"{STEP}/passkey", page=STEP, credential="{not json").status_code == 422
        assert third.get("/de/staff/people").location == STEP
    stranger = make_staff("administrator")
    set_up_app(person_of(app, stranger))
    fourth = person_of(app, stranger)
    borrowed = device.get(passkey_options(fourth))
    assert fourth.post(f"{STEP}/passkey", page=STEP, credential=borrowed).status_code == 422


def test_a_challenge_works_once(app: Flask) -> None:
    """Many passkeys do not count their uses; the same answer is refused all the same."""
    admin, device = make_staff("administrator"), Authenticator()
    person = person_of(app, admin)
    credential = device.create(passkey_options(person, new="1"))
    person.post(f"{STEP}/passkeys", page=SETUP, credential=credential)
    with transaction():
        row = session.scalars(select(SessionRow)).one()
        session.scalars(select(Passkey)).one().sign_count = 0
        device.count = -1
        answer = device.get(json.loads(operations.authentication_options(row)))
        assert operations.check_passkey(row, answer)
        session.refresh(row)
        assert not operations.check_passkey(row, answer)


def test_last_factor_stays(app: Flask) -> None:
    """The only second step cannot be removed; one of two can."""
    admin, device = make_staff("administrator"), Authenticator()
    person = person_of(app, admin)
    credential = device.create(passkey_options(person, new="1"))
    person.post(f"{STEP}/passkeys", page=SETUP, credential=credential)
    with transaction(write=False):
        public_id = session.scalars(select(Passkey.public_id)).one()
    remove = f"{STEP}/passkeys/{public_id}/remove"
    assert person.post(remove, page=SETUP).status_code == 409
    set_up_app(person)
    assert person.post(remove, page=SETUP).status_code == 303
    with transaction(write=False):
        assert session.scalars(select(Passkey)).all() == []


def test_nobody_adds_a_factor_without_showing_one(app: Flask) -> None:
    """Whoever only has the mailbox cannot set up a second step beside the one there is."""
    admin = make_staff("administrator")
    set_up_app(person_of(app, admin))
    thief = person_of(app, admin)
    assert thief.get(SETUP).location == STEP
    secret = pyotp.random_base32()
    answer = thief.post("/de/staff/second-factor/app", page=STEP, secret=secret, code=code_of(secret))
    assert answer.location == STEP
    assert thief.post(f"{STEP}/passkeys", page=STEP, credential="{}").location == SETUP
    assert thief.post(f"{STEP}/passkey/options", page=STEP, new="1").status_code == 303
    assert thief.post("/de/staff/second-factor/recovery-codes", page=STEP).location == STEP
    for page in ("/de/account", "/de/account/email", "/de/account/sessions", "/de/account/export"):
        assert thief.get(page).location == STEP


def test_reset_takes_a_second_person_and_a_day(app: Flask) -> None:
    """Asked for by another administrator; a day later the factors are gone, and sessions with them."""
    admin, lost = make_staff("administrator"), make_staff("moderator", email="lost@example.org")
    set_up_app(person_of(app, lost))
    with time_machine.travel(clock.now(), tick=False) as traveller:
        person = person_of(app, admin, second_factor=True)
        page = "/de/staff/people"
        person.post(f"{page}/{lost.public_id}/reset-second-factor", page=page)
        assert person.post(f"{page}/{lost.public_id}/reset-second-factor", page=page).status_code == 409
        assert person.post(f"{page}/{admin.public_id}/reset-second-factor", page=page).status_code == 404
        traveller.shift(timedelta(hours=23))
        deliver(by_clock=True)
        with transaction(write=False):
            assert len(session.scalars(select(TotpSecret)).all()) == 1
        traveller.shift(timedelta(hours=2))
        deliver(by_clock=True)
        with transaction(write=False):
            assert session.scalars(select(TotpSecret)).all() == []
            assert session.scalars(select(SessionRow).where(SessionRow.account_id == lost.id)).all() == []
        assert person_of(app, lost).get(STEP).location == SETUP


def test_reset_stops_when_the_factor_is_shown(app: Flask) -> None:
    """Whoever still has the second step just signs in."""
    admin, boris = make_staff("administrator"), make_staff("moderator")
    with time_machine.travel(clock.now(), tick=False) as traveller:
        secret, _codes = set_up_app(person_of(app, boris))
        with transaction():
            operations.ask_for_reset(
                actor_for(session.get(Account, admin.id)), session.get_one(Account, boris.id)
            )
        traveller.shift(timedelta(hours=1))
        assert person_of(app, boris).post(STEP, page=STEP, code=code_of(secret)).location == "/de/"
        traveller.shift(timedelta(hours=30))
        deliver(by_clock=True)
        with transaction(write=False):
            assert len(session.scalars(select(TotpSecret)).all()) == 1


def test_only_administrators_reset(app: Flask) -> None:
    """No moderator, not oneself."""
    boris = make_staff("moderator")
    set_up_app(person_of(app, boris))
    for account in (make_staff("moderator"), make_staff("planner"), make_resident(), boris):
        with transaction(), pytest.raises(NotFound):
            operations.ask_for_reset(
                actor_for(session.get(Account, account.id)), session.get_one(Account, boris.id)
            )
