"""Browsers of the office's people, and what they read and send."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core.db import transaction
from portal.proposals import operations
from portal.proposals.models import Decision
from portal.proposals.operations import Words, state_of
from portal.proposals.queries import answer_of
from tests.proposals.office import Office, get
from tests.support.factories import sign_in

Browsers = dict[str, FlaskClient]


def browser(app: Flask, account: Account | None) -> FlaskClient:
    """A browser of its own, signed in."""
    client = app.test_client()
    if account is not None:
        sign_in(client, account)
    return client


def public_id(proposal_id: int) -> str:
    with transaction(write=False):
        return get(proposal_id).public_id


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.get_data(as_text=True)[-2000:])
    return answer.get_data(as_text=True)


def seen(text: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', text)
    assert found is not None
    return found[1]


def prepare(
    office: Office, proposal_id: int, decision: Decision = Decision.ACCEPTED, text: str = "Ja."
) -> None:
    with transaction():
        words = Words(decision, text, "de", state_of(answer_of(get(proposal_id))))
        operations.prepare_answer(get(proposal_id), words, actor=office.planning)
