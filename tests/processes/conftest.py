"""Browsers for tests of processes. The token of forms has tests of its own (tests/web)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core import site_settings
from portal.core.actors import StaffRole
from tests.support.factories import make_staff, sign_in


@pytest.fixture(autouse=True)
def without_tokens(request: pytest.FixtureRequest) -> None:
    """Forms can be sent without fetching their page first; settings of the test before are forgotten."""
    site_settings.forget()
    for name in ("app", "both"):
        if name in request.fixturenames:
            request.getfixturevalue(name).config["WTF_CSRF_ENABLED"] = False


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
