"""Browsers for tests of processes. The token of forms has tests of its own (tests/web)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core.actors import StaffRole
from tests.support.factories import make_staff, sign_in
from tests.support.tokens import without_tokens  # noqa: F401 - a fixture


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser without an account."""
    return app.test_client()


@pytest.fixture
def moderator(app: Flask) -> Account:
    """Somebody who prepares processes for the whole town."""
    return make_staff(StaffRole.MODERATOR)


@pytest.fixture
def desk(app: Flask, moderator: Account) -> FlaskClient:
    """The moderator's browser."""
    browser = app.test_client()
    sign_in(browser, moderator)
    return browser
