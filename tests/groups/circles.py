"""A group with its browsers and one decision, walked from the question to the end."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupDecision
from portal.groups.operations.deciding import closing
from tests.groups.conftest import Browse
from tests.support.factories_groups import group_pid, make_group

WEEK = timedelta(days=7)
OPTIONS = {"options": "Neu\nGebraucht\nLeihen"}


class Circle:
    """A group with its browsers, and one decision in it."""

    def __init__(self, browse: Browse, size: int = 3, **given: Any) -> None:
        self.group_id, self.people = make_group(size, **given)
        self.pid = group_pid(self.group_id)
        self.browsers: dict[int, FlaskClient] = {}
        self.browse = browse
        self.did = ""

    def of(self, number: int) -> FlaskClient:
        if number not in self.browsers:
            self.browsers[number] = self.browse(self.people[number])
        return self.browsers[number]

    def url(self, rest: str = "") -> str:
        return f"/en/groups/{self.pid}/decisions/{self.did}{rest}"

    def begin(self, start: str, *, rules: dict[str, Any] | None = None, **data: Any) -> str:
        """Write, choose the rules and ask; returns the decision's address."""
        first = self.of(0)
        given = {"title": "Neue Tische?", **data}
        made = first.post(f"/en/groups/{self.pid}/decisions/new/{start}", data=given)
        assert made.status_code == 303, made.text
        self.did = made.location.split("/decisions/")[1].split("/")[0]
        page = first.get(self.url("/rules"))
        assert page.status_code == 200
        assert first.post(self.url("/rules"), data={**fields(page.text), **(rules or {})}).status_code == 303
        end = (clock.today() + WEEK).isoformat()
        asked = first.post(self.url("/open"), data={"closes_on": end, "closes_hour": "20"})
        assert asked.status_code == 303, asked.text
        return self.url()

    def say(self, number: int, **data: Any) -> str:
        """Fill in, look at the last page, send; returns the page afterwards."""
        browser = self.of(number)
        checked = browser.post(self.url("/answer"), data={"go": "check", **data})
        assert checked.status_code == 200, checked.text
        assert "Is this what you want to say?" in checked.text
        sent = browser.post(self.url("/answer/send"), data=fields(checked.text))
        assert sent.status_code == 303, sent.text
        return browser.get(sent.location).text

    def close(self) -> None:
        with transaction(write=False):
            ends = session.scalars(select(GroupDecision.closes_at)).all()
        with transaction():
            closing.close_due(max(one for one in ends if one))


def fields(text: str) -> dict[str, Any]:
    """What the first form of the page would send as it stands."""
    data: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        ticked = 'type="radio"' not in tag and 'type="checkbox"' not in tag
        if name and (ticked or " checked" in tag):
            data.setdefault(name[1], unescape(value[1]) if value else "")
    return data
