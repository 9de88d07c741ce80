"""Browsers for tests of proposals. The token of forms has tests of its own (tests/web)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from tests.proposals.office import Office, make_office
from tests.proposals.office_pages import Browsers, browser
from tests.support.factories import make_resident, sign_in
from tests.support.tokens import without_tokens  # noqa: F401 - a fixture


@pytest.fixture
def author(app: Flask) -> Account:
    """Somebody who writes."""
    return make_resident()


@pytest.fixture
def client(app: Flask, author: Account) -> FlaskClient:
    """The author's browser."""
    browser = app.test_client()
    sign_in(browser, author)
    return browser


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office()


@pytest.fixture
def desk(app: Flask, office: Office) -> Browsers:
    """A browser for everybody of the office, and a visitor's."""
    return {
        "moderator": browser(app, office.moderator),
        "planner": browser(app, office.planner),
        "professional": browser(app, office.professional),
        "elsewhere": browser(app, office.elsewhere),
        "resident": browser(app, make_resident()),
        "visitor": browser(app, None),
    }
