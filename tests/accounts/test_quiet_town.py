"""A town where days pass without anybody signing in: SQLite gives the numbers of forgotten rows again."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from portal.accounts.operations.codes import prune_sign_in
from portal.core.db import transaction
from tests.accounts.signing_in import Codes, ask
from tests.support.factories import make_resident
from tests.support.people import Person


def test_a_code_comes_also_after_everything_older_was_forgotten(app: Flask, codes: Codes) -> None:
    """The rows of requests go after a day, those of done jobs, by which nothing is done twice, stay 14."""
    make_resident(email="anna@example.org")
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False) as travel:
        ask(Person(app), "anna@example.org")
        travel.shift(timedelta(days=2))
        with transaction():
            prune_sign_in()
        ask(Person(app), "anna@example.org")
    assert [one.address for one in codes] == ["anna@example.org"] * 2
