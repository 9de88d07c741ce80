"""Deciding in a browser without JavaScript: begin, ask, answer, check, send, read why, carry out."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupDecision, Method
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


ANSWERS: list[tuple[Method, dict[str, Any], dict[str, Any], str]] = [
    (Method.CONSENT, {}, {"answer": "consent"}, "Nobody objects."),
    (Method.CONSENSUS, {}, {"answer": "yes"}, "Nobody blocks it, and more agree than disagree."),
    (Method.MAJORITY, {}, {"answer": "yes"}, "Yes: 3 · no: 0 · abstentions: 0"),
    (Method.CHOICE, OPTIONS, {"choice": "2"}, "3 votes, the most. The next one has 0."),
    (Method.DOTS, OPTIONS, {"p-1": "4", "p-2": "٦"}, "The most points: 18, given by 3 people."),
    (
        Method.SCORE,
        OPTIONS,
        {"p-1": "5", "p-2": "3"},
        "The best average: 5 of 5, from 3 people who rated it.",
    ),
    (
        Method.RANKING,
        OPTIONS,
        {"p-2": "1", "p-1": "2"},
        "Compared with each other one, more of you prefer it.",
    ),
    (
        Method.RESISTANCE,
        OPTIONS,
        {"p-1": "2", "p-2": "0", "p-3": "9", "p-4": "5"},
        "It meets the least resistance: 100 % acceptance",
    ),
    (
        Method.DATE,
        {"start_1": "2027-01-12T18:00", "start_2": "2027-01-13T18:00"},
        {"p-1": "1", "p-2": "2"},
        "It suits 3, and 0 more if need be.",
    ),
    (Method.LOTS, OPTIONS, {"word": "Regen"}, "The lot fell on:"),
]


@pytest.mark.parametrize(("method", "given", "answer", "why"), ANSWERS, ids=[one[0] for one in ANSWERS])
def test_every_method_from_the_idea_to_the_reason(
    app: Flask, browse: Browse, method: Method, given: dict[str, Any], answer: dict[str, Any], why: str
) -> None:
    circle = Circle(browse)
    circle.begin(method, **given)
    assert "Your voice is missing here" in circle.of(1).get(f"/en/groups/{circle.pid}/decisions").text
    for number in range(3):
        assert "You have answered" in circle.say(number, **answer)
    circle.close()
    for text in (circle.of(1).get(circle.url()).text, circle.of(0).get(circle.url()).text):
        assert why in unescape(text)
