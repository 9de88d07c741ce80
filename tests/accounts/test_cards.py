"""People without e-mail: a code name and twelve letters on a card, made in person."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from portal.accounts import operations
from portal.accounts.models import Account, SessionRow, SignInCard
from portal.core import clock, limits
from portal.core.db import session, transaction
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.people import Person, deliver, mailbox


def try_card(app: Flask, name: str, secret: str) -> bool:
    """Sign in with name and letters in a browser of its own; whether it worked."""
    limits.start_over()
    person = Person(app)
    person.post("/de/sign-in", identifier=name)
    deliver()
    answer = person.post("/de/sign-in/code", code=secret)
    assert answer.status_code in {303, 422}
    return answer.location == "/de/"


def test_card_from_the_desk_to_the_account(app: Flask) -> None:
    """Made by a professional, printed, used at home; the person sees who may have made it."""
    helper = Person(app)
    sign_in(helper.client, make_staff("professional"))
    page = helper.post(
        "/de/staff/cards", page="/de/staff/cards", display_name="Graue Meise", language="uk"
    ).get_data(as_text=True)
    secret = re.search(r"<strong>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</strong>", page)[1]  # type: ignore[index]
    assert "/uk/sign-in" in page
    with mailbox() as mails:
        assert try_card(app, "graue meise", secret.upper().replace("-", " "))
        assert mails == []
    assert not try_card(app, "graue meise", "abcd-efgh-jkmn")
    assert not try_card(app, "Grüner Specht", secret)
    with transaction(write=False):
        stored = session.scalars(select(SignInCard)).one().secret_hash
        assert stored.startswith("$argon2id$")


def test_a_card_rests_after_five_wrong_tries(app: Flask) -> None:
    """And works again an hour later."""
    meise, staff = make_resident(display_name="Graue Meise", email=None), make_staff("moderator")
    with transaction():
        secret = operations.make_card(actor_of(staff), session.get_one(Account, meise.id))
    with time_machine.travel(clock.now(), tick=False) as traveller:
        wrong = "abcd-efgh-jkmn"
        assert [try_card(app, "Graue Meise", wrong) for _ in range(5)] == [False] * 5
        assert not try_card(app, "Graue Meise", secret)
        traveller.shift(timedelta(minutes=61))
        assert try_card(app, "Graue Meise", secret)


def test_a_new_card_ends_the_old_one_and_its_sessions(app: Flask) -> None:
    """For accounts without address only: nobody gets into another account by making a card."""
    meise, staff = make_resident(display_name="Graue Meise", email=None), make_staff("moderator")
    make_resident(display_name="Amsel", email="amsel@example.org")
    with transaction():
        secret = operations.make_card(actor_of(staff), session.get_one(Account, meise.id))
    sign_in(Person(app).client, meise)
    helper = Person(app)
    sign_in(helper.client, staff)
    page = "/de/staff/cards"
    assert helper.post(page, page=page, display_name="Amsel", language="de").status_code == 422
    assert helper.post(page, page=page, display_name="Graue Meise", language="de").status_code == 200
    assert not try_card(app, "Graue Meise", secret)
    with transaction(write=False):
        assert session.scalars(select(SessionRow).where(SessionRow.account_id == meise.id)).all() == []


def test_who_may_make_cards(app: Flask) -> None:
    """Those who meet people."""
    for account, status in (
        (make_staff("professional"), 200),
        (make_staff("moderator"), 200),
        (make_staff("administrator"), 404),
        (make_staff("planner"), 404),
        (make_resident(), 404),
    ):
        person = Person(app)
        sign_in(person.client, account)
        assert person.get("/de/staff/cards").status_code == status


def test_proving_by_card(app: Flask) -> None:
    """Important steps ask for the letters again."""
    meise, staff = make_resident(display_name="Graue Meise", email=None), make_staff("moderator")
    with transaction():
        secret = operations.make_card(actor_of(staff), session.get_one(Account, meise.id))
    person = Person(app)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        sign_in(person.client, meise)
        traveller.shift(timedelta(minutes=11))
        assert person.get("/de/account/delete").location == "/de/account/again"
        again = "/de/account/again/card"
        assert person.post(again, page="/de/account/again", code="abcd-efgh-jkmn").status_code == 422
        answer = person.post(again, page="/de/account/again", code=secret)
        assert answer.location == "/de/account/delete"
