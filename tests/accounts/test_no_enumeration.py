"""B2: the answer to known and unknown people is the same, byte by byte, and takes as long."""

from __future__ import annotations

import re
import time

from flask import Flask
from werkzeug.test import TestResponse

from portal.core import limits
from tests.support.factories import make_resident
from tests.support.people import Person, deliver, mailbox
from tests.support.queries import counted_queries

ROUNDS = 15
# What differs between any two answers: the form's token, and what one typed oneself.
DIFFERENT = re.compile(
    r'value="[^"]{60,}"|[a-z0-9]+@example\.org|Name [a-z]+|(?<=session=)[^;]+|(?<=^s=)[^;]+'
)
HEADERS = {"Set-Cookie", "Date", "X-Request-Id"}


def seen(answer: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """What somebody outside can compare."""
    headers = sorted((name, value) for name, value in answer.headers if name not in HEADERS)
    kept = [(name, value) for name, value in headers if name != "Content-Length"]
    return answer.status_code, DIFFERENT.sub("…", answer.get_data(as_text=True)), kept


def ask(app: Flask, identifier: str) -> tuple[list[object], float]:
    """Ask for a code and try a wrong one; everything seen on the way, and the time of the question."""
    person = Person(app)
    token = person.token()
    begun = time.perf_counter()
    first = person.client.post("/de/sign-in", data={"csrf_token": token, "identifier": identifier})
    took = time.perf_counter() - begun
    page = person.get("/de/sign-in/code")
    deliver()
    wrong = person.post("/de/sign-in/code", page="/de/sign-in/code", code="00000000")
    return [seen(first), seen(page), seen(wrong)], took


def test_addresses(app: Flask) -> None:
    """Known and unknown addresses, turn by turn (H87)."""
    times: dict[bool, list[float]] = {True: [], False: []}
    answers = []
    for number in range(ROUNDS):
        make_resident(email=f"known{number:02}@example.org")
        for known in (True, False):
            limits.start_over()
            word = "known" if known else "other"
            found, took = ask(app, f"{word}{number:02}@example.org")
            answers.append(found)
            times[known].append(took)
    assert all(one == answers[0] for one in answers)
    # The shortest times: a busy machine makes single ones longer, never shorter.
    assert abs(min(times[True]) - min(times[False])) < 0.005


def test_code_names(app: Flask) -> None:
    """A name that exists and one that does not; with a card and without."""
    make_resident(display_name="Name amsel")
    make_resident(display_name="Name meise", email=None)
    with mailbox() as mails:
        answers = [ask(app, name)[0] for name in ("Name amsel", "Name meise", "Name drossel")]
    assert answers[0] == answers[1] == answers[2]
    assert len(mails) == 1


def test_a_sign_in_asks_nothing_of_accounts(app: Flask) -> None:
    """Why that is so: the request never looks into the table of accounts."""
    person = Person(app)
    token = person.token()
    with counted_queries() as statements:
        person.client.post("/de/sign-in", data={"csrf_token": token, "identifier": "anna@example.org"})
    assert statements
    assert not any("FROM account" in one or "JOIN account" in one for one in statements)
