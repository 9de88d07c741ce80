"""An administrator at a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.models import Account
from portal.core.actors import Actor
from tests.support.factories import actor_of, make_staff, sign_in
from tests.support.people import TOKEN
from tests.support.queries import counted_queries


@dataclass
class Desk:
    """Somebody signed in who opens pages and sends forms; every page is checked on the way."""

    app: Flask
    account: Account

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        sign_in(self.client, self.account)

    @property
    def actor(self) -> Actor:
        return actor_of(self.account)

    def get(self, path: str, status: int = 200) -> TestResponse:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.status_code
        return answer

    def post(self, path: str, status: int = 303, **fields: object) -> TestResponse:
        found = TOKEN.search(self.client.get("/de/account").get_data(as_text=True))
        assert found
        answer = self.client.post(path, data={"csrf_token": found[1], **fields})
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return answer


@pytest.fixture
def admin(app: Flask) -> Desk:
    """An administrator, second factor shown."""
    return Desk(app, make_staff("administrator"))


def count_queries(ask: Callable[[], object]) -> int:
    """How many statements the database gets while `ask` runs."""
    with counted_queries() as statements:
        ask()
    # Settings of the site are read anew every five seconds, whatever is asked.
    return len([one for one in statements if "FROM site_setting" not in one])
