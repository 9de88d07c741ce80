"""Browsers and people for tests of rounds. The token of forms has tests of its own (tests/web)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core import clock, limits
from tests.rounds.counters import Place
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.tokens import without_tokens  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Nobody is slowed down by the test before."""
    limits.start_over()


@pytest.fixture
def moderator(app: Flask) -> Account:
    """A moderator of the whole town."""
    return make_staff("moderator")


@pytest.fixture
def office(app: Flask, moderator: Account) -> FlaskClient:
    """The moderator's browser."""
    browser = app.test_client()
    sign_in(browser, moderator)
    return browser


@pytest.fixture
def resident(app: Flask) -> Account:
    """Somebody who votes."""
    return make_resident()


@pytest.fixture
def client(app: Flask, resident: Account) -> FlaskClient:
    """The resident's browser."""
    browser = app.test_client()
    sign_in(browser, resident)
    return browser


@pytest.fixture
def place(both: Flask) -> Place:
    return Place()


@pytest.fixture
def after_the_end(place: Place) -> Iterator[Place]:
    """Four sheets, and voting is over."""
    place.with_sheets(4)
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        yield place
