"""Signing in and up: an address, a code, a name. Tests B1, B3, B5, B7, B8 of the trust notes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.accounts import operations
from portal.accounts.errors import AddressNotProven, TooManyAccounts
from portal.accounts.models import Account, SessionRow, SignInCode
from portal.accounts.operations import Outcome
from portal.accounts.operations.codes import TRIES_PER_CODE, CodePurpose
from portal.accounts.views.adapter import TOKEN
from portal.core import clock, limits
from portal.core.db import session, transaction
from tests.accounts.signing_in import Codes, ask, count
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.people import Person, deliver


def test_new_person_is_in_after_three_screens(app: Flask, codes: Codes) -> None:
    """B7: address, code, name; then signed in, with a session of thirty days."""
    make_resident()
    person = Person(app)
    ask(person, "neu@example.org")
    assert (codes[0].address, codes[0].is_known, len(codes[0].code)) == ("neu@example.org", False, 8)
    answer = person.post("/de/sign-in/code", code=codes[0].code)
    assert (answer.status_code, answer.location) == (303, "/de/sign-up")
    answer = person.post("/de/sign-up", page="/de/sign-up", display_name="Amsel Neu")
    assert (answer.status_code, answer.location) == (303, "/de/")
    assert "Expires" in answer.headers["Set-Cookie"]
    assert "Amsel Neu" in person.get("/de/account").get_data(as_text=True)
    with transaction(write=False):
        made = session.scalars(select(Account).where(Account.display_name == "Amsel Neu")).one()
        assert (made.email, made.kind, made.language) == ("neu@example.org", "resident", "de")


def test_known_person_is_in_after_two_screens_and_returns_to_the_page(app: Flask, codes: Codes) -> None:
    """The page somebody came from is where they go on."""
    anna = make_resident(email="anna@example.org")
    person = Person(app)
    page = person.get("/de/sign-in?next=/de/team").get_data(as_text=True)
    assert 'value="/de/team"' in page
    person.post("/de/sign-in", identifier="Anna@Example.org ", next="/de/team")
    deliver()
    answer = person.post("/de/sign-in/code", code=codes[0].code)
    assert (answer.status_code, answer.location) == (303, "/de/team")
    assert count(SessionRow, SessionRow.account_id == anna.id) == 1


def test_code_name_gets_the_code_to_the_address_on_file(app: Flask, codes: Codes) -> None:
    """The name looks like another spelling of itself; the address is not shown."""
    make_resident(display_name="Blaue Amsel", email="blau@example.org")
    person = Person(app)
    ask(person, "blaue  amsel")
    assert codes[0].address == "blau@example.org"
    assert "blau@example.org" not in person.get("/de/sign-in/code").get_data(as_text=True)
    assert person.post("/de/sign-in/code", code=codes[0].code).location == "/de/"


def test_household_shares_an_address(app: Flask, codes: Codes) -> None:
    """Several accounts per address: chosen after the code; a further one can be made; five at most."""
    anna = make_resident(email="wir@example.org", display_name="Anna Eins")
    boris = make_resident(email="WIR@example.org", display_name="Boris Eins")
    person = Person(app)
    ask(person, "wir@example.org")
    assert person.post("/de/sign-in/code", code=codes[0].code).location == "/de/sign-in/choose"
    page = person.get("/de/sign-in/choose").get_data(as_text=True)
    assert "Anna Eins" in page
    assert "Boris Eins" in page
    stranger = make_resident()
    refused = person.post("/de/sign-in/choose", page="/de/sign-in/choose", account=stranger.public_id)
    assert refused.status_code == 422
    person.post("/de/sign-in/choose", page="/de/sign-in/choose", account=boris.public_id)
    assert (count(SessionRow, SessionRow.account_id == boris.id), count(SessionRow)) == (1, 1)
    assert count(SessionRow, SessionRow.account_id == anna.id) == 0
    person.post("/de/account/household", page="/de/account")
    deliver()
    assert person.post("/de/sign-in/code", page="/de/account", code=codes[1].code).location == "/de/sign-up"
    person.post("/de/sign-up", page="/de/sign-up", display_name="Clara Eins")
    assert count(Account, Account.display_name == "Clara Eins") == 1
    make_resident(email="wir@example.org")
    make_resident(email="wir@example.org")
    with transaction(), pytest.raises(TooManyAccounts):
        operations.create_resident(display_name="Dora Eins", email="wir@example.org")


@pytest.mark.parametrize("typed", ["{a} {b}", "{a}-{b}", " {a}{b}\t", "{a}.{b}", "arabic", "persian"])
def test_codes_are_read_as_people_type_them(app: Flask, codes: Codes, typed: str) -> None:
    """B8: spaces, dashes, pasted with space around, Arabic and Persian digits."""
    make_resident(email="anna@example.org")
    person = Person(app)
    ask(person, "anna@example.org")
    code = codes[0].code
    zero = {"arabic": 0x660, "persian": 0x6F0}.get(typed)
    text = "".join(chr(zero + int(digit)) for digit in code) if zero else typed.format(a=code[:4], b=code[4:])
    assert person.post("/de/sign-in/code", code=text).status_code == 303


def test_link_signs_nobody_in_and_burns_nothing(app: Flask, codes: Codes) -> None:
    """B1: machines fetch the link (GET, HEAD), follow it with a script, press what is there."""
    make_resident(email="anna@example.org")
    person = Person(app)
    ask(person, "anna@example.org")
    link = f"/de/sign-in/code/{codes[0].request_id}/{codes[0].code}"
    for cookies in (Person(app), person):
        cookies.client.head(link)
        page = cookies.get(link).get_data(as_text=True)
        cookies.get(link, headers={"Sec-Fetch-Mode": "navigate"})
        assert (f'value="{codes[0].code}"' in page) is (cookies is person)
    scanner = Person(app)
    page = scanner.get(link).get_data(as_text=True)
    assert f"{codes[0].code[:4]} {codes[0].code[4:]}" in page
    assert 'method="post"' not in page
    assert scanner.post("/de/sign-in/code", code=codes[0].code).status_code == 422
    assert (count(SessionRow), count(SignInCode, SignInCode.tries > 0)) == (0, 0)
    assert person.post("/de/sign-in/code", page=link, code=codes[0].code).status_code == 303
    assert count(SessionRow) == 1


def test_link_shows_only_codes(app: Flask) -> None:
    """Nothing else can be put on our page by a made-up link."""
    for word in ("HACKED-BY", "x", "a" * 11, "%3Cb%3E12345678"):
        assert Person(app).get(f"/de/sign-in/code/abc/{word}").status_code == 404


def test_code_lives_ten_minutes_and_once(app: Flask, codes: Codes) -> None:
    """Not later, not twice, not in another browser."""
    make_resident(email="anna@example.org")
    now = clock.now()
    with time_machine.travel(now, tick=False) as traveller:
        person, other = Person(app), Person(app)
        ask(person, "anna@example.org")
        ask(other, "anna@example.org")
        assert other.post("/de/sign-in/code", code=codes[0].code).status_code == 422
        traveller.shift(timedelta(minutes=9, seconds=59))
        assert person.post("/de/sign-in/code", code=codes[0].code).status_code == 303
        traveller.shift(timedelta(minutes=3))
        person.post("/de/sign-out", page="/de/account")
        assert person.post("/de/sign-in/code", code=codes[0].code).status_code == 422
        assert other.post("/de/sign-in/code", code=codes[1].code).status_code == 422


def test_double_click_signs_in_once(app: Flask, codes: Codes) -> None:
    """The second click of the same form finds the work done, and sets no cookie that could harm."""
    make_resident(email="anna@example.org")
    person = Person(app)
    ask(person, "anna@example.org")
    data = {"csrf_token": person.token(), "code": codes[0].code}
    before = person.jar()
    first = person.client.post("/de/sign-in/code", data=data)
    late = app.test_client(use_cookies=False)
    second = late.post("/de/sign-in/code", data=data, headers={"Cookie": before})
    assert (first.status_code, second.status_code) == (303, 303)
    assert "Set-Cookie" not in second.headers
    assert count(SessionRow) == 1


def test_five_tries_per_code(app: Flask, codes: Codes) -> None:
    """B3: the sixth try does not count, even if it is right."""
    make_resident(email="anna@example.org")
    person = Person(app)
    ask(person, "anna@example.org")
    wrong = f"{(int(codes[0].code) + 1) % 10**8:08}"
    answers = [person.post("/de/sign-in/code", code=wrong).status_code for _ in range(5)]
    assert answers == [422] * 5
    assert person.post("/de/sign-in/code", code=codes[0].code).status_code == 422
    assert count(SessionRow) == 0


def test_parallel_tries_are_counted(both: Flask, codes: Codes) -> None:
    """B3: fifty guesses at once on one code are five; on both databases."""
    make_resident(email="anna@example.org")
    with transaction():
        operations.request_code(typed="anna@example.org", browser="browser", language="de")
    deliver()
    wrong = f"{(int(codes[0].code) + 1) % 10**8:08}"

    def guess(number: int) -> Outcome:
        with both.app_context(), transaction():
            return operations.try_code(
                browser="browser", typed=wrong, purposes=(CodePurpose.SIGN_IN,)
            ).outcome

    with ThreadPoolExecutor(10) as pool:
        outcomes = set(pool.map(guess, range(50)))
    assert outcomes == {Outcome.WRONG}
    with transaction(write=False):
        assert session.scalars(select(SignInCode.tries)).one() == TRIES_PER_CODE
    with transaction():
        right = operations.try_code(browser="browser", typed=codes[0].code, purposes=(CodePurpose.SIGN_IN,))
        assert right.outcome is Outcome.WRONG


def test_right_code_wins_once_in_parallel(both: Flask, codes: Codes) -> None:
    """Twenty right codes at once open one door; on both databases."""
    make_resident(email="anna@example.org")
    with transaction():
        operations.request_code(typed="anna@example.org", browser="browser", language="de")
    deliver()

    def guess(number: int) -> Outcome:
        with both.app_context(), transaction():
            return operations.try_code(
                browser="browser", typed=codes[0].code, purposes=(CodePurpose.SIGN_IN,)
            ).outcome

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(guess, range(20)))
    assert outcomes.count(Outcome.RIGHT) == 1
    assert outcomes.count(Outcome.REPEATED) == 19


def test_five_codes_an_hour(app: Flask, codes: Codes) -> None:
    """Further requests get the same answer and no mail; after the hour there are mails again."""
    make_resident(email="anna@example.org")
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(7):
            ask(Person(app), "anna@example.org")
        assert len(codes) == 5
        traveller.shift(timedelta(minutes=61))
        limits.start_over()
        ask(Person(app), "anna@example.org")
        assert len(codes) == 6


def test_unknown_address_gets_few_mails(app: Flask, codes: Codes) -> None:
    """One a day; the browser that asked first may repeat twice."""
    person = Person(app)
    for _ in range(2):
        ask(Person(app), "fremd@example.org")
    assert len(codes) == 1
    for _ in range(4):
        ask(person, "neu@example.org")
    assert [one.address for one in codes] == ["fremd@example.org"] + ["neu@example.org"] * 3


def test_brake_makes_codes_longer(app: Flask, codes: Codes) -> None:
    """More than 300 wrong codes an hour: ten characters instead of eight digits."""
    make_resident(email="anna@example.org")
    with transaction():
        session.add_all(
            SignInCode(
                browser_hash=str(number),
                purpose=CodePurpose.SIGN_IN,
                typed="x",
                language="de",
                created_at=clock.now(),
                tries=5,
            )
            for number in range(61)
        )
    person = Person(app)
    ask(person, "anna@example.org")
    assert len(codes[0].code) == 10
    assert person.post("/de/sign-in/code", code=codes[0].code.upper()).status_code == 303


def test_session_id_is_new_after_sign_in(app: Flask, codes: Codes) -> None:
    """B5: whatever the cookie held before is worth nothing, and nothing of it stays."""
    make_resident(email="anna@example.org")
    person = Person(app)
    ask(person, "anna@example.org")
    with person.client.session_transaction() as cookie:
        cookie[TOKEN] = "chosen by somebody else"
    before = person.cookie()
    person.post("/de/sign-in/code", code=codes[0].code)
    after = person.cookie()
    assert after[TOKEN] != before[TOKEN]
    assert after.get("csrf_token") != before["csrf_token"]
    assert "b" not in after


def test_staff_and_resident_are_two_accounts(app: Flask, codes: Codes) -> None:
    """R7: the same address may have both hats, and one chooses which to wear."""
    make_resident(email="anna@example.org", display_name="Anna Privat")
    work = make_staff("moderator", email="anna@example.org", display_name="Anna Amt")
    person = Person(app)
    ask(person, "anna@example.org")
    person.post("/de/sign-in/code", code=codes[0].code)
    answer = person.post("/de/sign-in/choose", page="/de/sign-in/choose", account=work.public_id)
    assert answer.location == "/de/staff/second-factor"


def test_only_one_cookie_and_none_for_readers(app: Flask, codes: Codes) -> None:
    """Reading sets no cookie; signing in needs one, and only one ever exists."""
    make_resident(email="anna@example.org")
    person = Person(app)
    assert "Set-Cookie" not in person.get("/de/team").headers
    ask(person, "anna@example.org")
    person.post("/de/sign-in/code", code=codes[0].code)
    person.get("/de/account")
    assert [cookie.key for cookie in person.client._cookies.values()] == ["s"]


def test_sign_in_page_for_people_who_are_in(app: Flask) -> None:
    """Nothing to do there."""
    person = Person(app)
    sign_in(person.client, make_resident())
    assert person.get("/de/sign-in").location == "/de/account"


def test_a_code_opens_one_thing_and_only_after_it_was_typed(app: Flask, codes: Codes) -> None:
    """What was proven is used once: not for a second account, not without the code."""
    make_resident(email="anna@example.org")
    person = Person(app)
    ask(person, "anna@example.org")
    with transaction():
        row = session.scalars(select(SignInCode)).one()
        with pytest.raises(AddressNotProven):
            operations.accounts_for(row)
        with pytest.raises(AddressNotProven):
            operations.finish_code(row)
    person.post("/de/sign-in/code", code=codes[0].code)
    with transaction():
        row = session.scalars(select(SignInCode)).one()
        assert row.finished_at is not None
        with pytest.raises(AddressNotProven):
            operations.finish_code(row)
