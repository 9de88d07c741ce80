"""Forms of visitors: what machines do is caught, people get through, and nobody loses a word."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.content.models import BarrierReport
from portal.core import clock
from portal.core.db import session
from portal.core.permissions import get_permission
from portal.web.traps import FASTEST_SECONDS, begun_now
from tests.moderation.forms import fill, hidden_fields
from tests.support.factories import make_resident, sign_in

URL = "/en/report-barrier"
WORDS = {"text": "The map cannot be read", "page": "/en/x", "contact": "me@example.org"}
TOO_FAST = "That was very fast. Please check your words and press the button once more."

# Every address that takes something from somebody without an account, and what keeps machines from it.
TRAPPED = {"content.barrier", "moderation.report", "groups.report_post"}
OTHERWISE = {
    "accounts.ask_for_code": "a mailed code, limits",
    "accounts.check_code": "a mailed code, limits",
    "accounts.make_account": "a mailed code, limits",
    "accounts.take_choice": "a mailed code, limits",
    "accounts.take_email_back": "the secret of a mail",
    "groups.answer_by_mail": "the secret of a mail",
    "moderation.receipts": "writes nothing; limits",
    "notifications.unsubscribe_now": "the secret of a mail",
    "rounds.begin": "the own ballot",
    "rounds.cast": "the own ballot",
    "rounds.change": "the own ballot",
    "rounds.forget": "the own ballot",
    "rounds.save": "the own ballot",
    "rounds.end_help": "the own ballot",
    "rounds.put_away": "a letter's code",
    "rounds.type_code": "a letter's code, limits",
}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def start() -> Iterator[time_machine.Coordinates]:
    """A moment that stands still: no test of a time trap sleeps."""
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as moment:
        yield moment


def reported() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(BarrierReport)) or 0


def test_every_form_of_visitors_is_known_here(app: Flask) -> None:
    open_to_all = set()
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", "public")
        if "POST" in (rule.methods or ()) and (access == "public" or _lets_visitors_in(access)):
            open_to_all.add(rule.endpoint)
    assert open_to_all == TRAPPED | set(OTHERWISE)


def _lets_visitors_in(access: str) -> bool:
    return access not in {"own", "public"} and get_permission(access).visitors


def test_who_takes_a_moment_gets_through(client: FlaskClient, start: time_machine.Coordinates) -> None:
    page = client.get(URL).text
    assert '<div hidden><label>Please leave this empty <input name="website" tabindex="-1"' in page
    data = {**hidden_fields(page), **WORDS}
    start.shift(FASTEST_SECONDS)
    assert client.post(URL, data=data).status_code == 303
    assert reported() == 1


def test_who_is_too_quick_keeps_every_word(client: FlaskClient, start: time_machine.Coordinates) -> None:
    data = fill(client, URL, **WORDS)
    start.shift(1)
    caught = client.post(URL, data=data)
    assert (caught.status_code, TOO_FAST in caught.text, reported()) == (422, True, 0)
    assert all(word in caught.text for word in WORDS.values())
    start.shift(1)
    assert client.post(URL, data={**data, **hidden_fields(caught.text)}).status_code == 303


@pytest.mark.parametrize("begun", ["", "1.x", "٣.x", "9" * 400, "99999999999999.x"])
def test_a_stamp_that_is_not_ours_does_not_help(
    client: FlaskClient, start: time_machine.Coordinates, begun: str
) -> None:
    data = fill(client, URL, **WORDS)
    start.shift(60)
    caught = client.post(URL, data={**data, "begun": begun})
    assert (caught.status_code, TOO_FAST in caught.text, reported()) == (422, True, 0)
    start.shift(FASTEST_SECONDS)
    assert client.post(URL, data={**data, **hidden_fields(caught.text)}).status_code == 303


def test_a_person_whose_browser_fills_in_everything_gets_through_at_the_second_press(
    client: FlaskClient, start: time_machine.Coordinates
) -> None:
    data = {**fill(client, URL, **WORDS), "website": "https://autofill.example"}
    start.shift(30)
    caught = client.post(URL, data=data)
    assert (caught.status_code, reported()) == (422, 0)
    assert "Something filled in a hidden field." in caught.text
    assert all(word in caught.text for word in WORDS.values())
    assert "autofill.example" not in caught.text
    assert client.post(URL, data=data).status_code == 422  # the first page once more: still a machine
    assert client.post(URL, data={**data, **hidden_fields(caught.text)}).status_code == 303
    assert reported() == 1


def test_whoever_is_signed_in_is_not_asked(client: FlaskClient, start: time_machine.Coordinates) -> None:
    sign_in(client, make_resident())
    page = client.get(URL).text
    assert ("website" in page, "begun" in hidden_fields(page)) == (False, False)
    assert client.post(URL, data={**hidden_fields(page), **WORDS}).status_code == 303


def test_what_was_left_out_is_said_before_the_traps(
    client: FlaskClient, start: time_machine.Coordinates
) -> None:
    empty = client.post(URL, data=fill(client, URL))
    assert ("Please write what did not work" in empty.text, TOO_FAST in empty.text) == (True, False)


def test_the_stamp_is_of_now(app: Flask) -> None:
    assert abs(int(begun_now().partition(".")[0]) - time.time()) <= 1
