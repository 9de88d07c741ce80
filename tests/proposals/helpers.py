"""Small steps that several tests take."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def post(client: FlaskClient, url: str, *, htmx: bool = False, **fields: Any) -> TestResponse:
    """Send a form as a browser would, with scripts (htmx) or without."""
    return client.post(url, data=fields, headers={"HX-Request": "true"} if htmx else {})


def start_draft(client: FlaskClient, title: str) -> str:
    """A draft made through the first page; its public id."""
    answer = post(client, "/de/proposals/new", title=title)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location).split("/drafts/")[1].split("/")[0]


TOKEN = re.compile(r'(csrf[-_]token"[^>]*(?:value|content)=")[^"]*')


def same_page(answer: TestResponse, public_id: str) -> str:
    """A page without what differs from request to request: the form's token and the id in the address."""
    return TOKEN.sub(r"\1", answer.get_data(as_text=True)).replace(public_id, "")
