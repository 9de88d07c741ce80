"""Browsers and people for tests of rounds. The token of forms has tests of its own (tests/web)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core import clock, limits, site_settings
from tests.rounds.counters import Place
from tests.support.factories import make_resident, make_staff, sign_in


@pytest.fixture(autouse=True)
def without_tokens(request: pytest.FixtureRequest) -> None:
    """Forms can be sent without fetching their page first; settings and limits of before are forgotten."""
    site_settings.forget()
    limits.start_over()
    for name in ("app", "app_pg", "both"):
        if name in request.fixturenames:
            request.getfixturevalue(name).config["WTF_CSRF_ENABLED"] = False


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
