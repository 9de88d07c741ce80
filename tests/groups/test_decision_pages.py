"""Deciding in a browser without JavaScript: begin, ask, answer, check, send, read why, carry out."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.groups.models import DecisionState, GroupDecision, Method, NamedBallot, Privacy
from tests.groups.circles import OPTIONS, WEEK, Circle, fields
from tests.groups.conftest import Browse
from tests.support.factories import make_staff, sign_in
from tests.support.factories_groups import settled
from tests.support.queries import counted_queries

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
        "It meets the least resistance: 100 percent acceptance",
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


def test_a_secret_answer_is_final_and_kept_nowhere_before(app: Flask, browse: Browse) -> None:
    circle = Circle(browse, 6)
    circle.begin("majority", rules={"secret": "y", "quorum_kind": "percent", "quorum": "50"})
    form = circle.of(1).get(circle.url("/answer")).text
    assert "data-hx-post" not in form.split("<main")[1]
    assert circle.of(1).post(circle.url("/answer"), data={"go": "keep", "answer": "yes"}).status_code == 303
    with transaction(write=False):
        assert session.scalars(select(NamedBallot.id)).all() == []
    for number in range(5):
        circle.say(number, answer="yes" if number else "no", reason=f"Grund {number}" if number < 4 else "")
    assert circle.of(1).get(circle.url("/answer")).status_code == 303
    twice = circle.of(1).post(
        circle.url("/answer/send"), data={"ballot": '{"content": {"answers": {"1": "no"}}, "reason": ""}'}
    )
    assert twice.status_code == 303
    assert "You have voted already." in circle.of(1).get(circle.url()).text
    before = circle.of(0).get(circle.url()).text
    assert "Grund" not in before
    assert "Yes: " not in before
    circle.close()
    page = unescape(circle.of(5).get(circle.url()).text)
    assert "Yes: 4 · no: 1" in page
    assert all(f"Grund {number}" in page for number in range(4))
    assert "Who answered what" not in page


def test_a_draft_is_kept_without_sending_and_with_htmx(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    circle.begin("resistance", **OPTIONS)
    half = {"p-1": "7", "go": "check"}
    refused = circle.of(1).post(circle.url("/answer"), data=half)
    assert refused.status_code == 422
    assert "Please give “Gebraucht” a number, too." in unescape(refused.text)
    kept = circle.of(1).post(circle.url("/answer"), data={"p-1": "7"}, headers={"HX-Request": "true"})
    assert kept.status_code == 200
    assert "Kept, but not sent yet." in kept.text
    assert "<html" not in kept.text
    assert re.search(r'name="p-1" value="7" checked', circle.of(1).get(circle.url("/answer")).text)
    assert "What you ticked is kept" in circle.of(1).get(circle.url()).text
    with transaction(write=False):
        assert session.scalars(select(NamedBallot.is_draft)).all() == [True]


def test_a_suggestion_while_people_answer(app: Flask, browse: Browse) -> None:
    """Scenario 4 on pages: round 2, drafts kept, acceptance and whom to talk with."""
    circle = Circle(browse, 5)
    circle.begin("name", options="Neu\nGebraucht")
    for number in range(5):
        circle.say(number, **{"p-1": "4", "p-2": "6", "p-3": "8"})
    added = circle.of(3).post(circle.url("/suggestions"), data={"text": "Leihen"})
    assert added.status_code == 303
    form = circle.of(1).get(circle.url("/answer")).text
    assert "Leihen" in form
    assert re.search(r'name="p-1" value="4" checked', form)
    for number in range(5):
        circle.say(number, **{"p-1": "4", "p-2": "6", "p-3": "8", "p-4": "8" if number == 0 else "0"})
    circle.close()
    page = unescape(circle.of(1).get(circle.url()).text)
    assert "84 percent acceptance" in page
    assert "1 person gave “Leihen” 8 or more. Talk with them before you begin." in page


def test_the_adviser_has_an_answer_for_everything(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    member, address = circle.of(1), f"/en/groups/{circle.pid}/decisions/which"
    assert member.get(address).text.count("<fieldset") == 4
    for about, all_, fine, secret, name in (
        ("one", "yes", "", "open", "consent"),
        ("one", "yes", "", "secret", "consensus"),
        ("one", "no", "", "secret", "majority"),
        ("several", "yes", "", "open", "resistance"),
        ("several", "no", "tick", "open", "choice"),
        ("several", "no", "rate", "open", "score"),
        ("several", "no", "share", "open", "dots"),
        ("several", "no", "order", "open", "ranking"),
        ("date", "", "", "", "date"),
        ("chance", "", "", "", "lots"),
    ):
        page = member.get(f"{address}?about={about}&all={all_}&fine={fine}&secret={secret}").text
        assert f"/decisions/new/{name}" in page
    assert member.get(f"{address}?about=%00&all=x").status_code == 200
    assert member.get(f"/en/groups/{circle.pid}/decisions/new/nonsense").status_code == 404
    begin = member.get(f"/en/groups/{circle.pid}/decisions/new").text
    assert all(f"/decisions/new/{method}" in begin for method in Method)


def test_who_sees_what(app: Flask, browse: Browse) -> None:
    """Strangers, professionals, moderation and administration: nothing; in an open group only the result."""
    others = [app.test_client(), browse(settled()), *[staff_browser(app, role) for role in StaffRole]]
    closed, opened = Circle(browse), Circle(browse, privacy=Privacy.OPEN, name="Garten")
    for circle in (closed, opened):
        circle.begin("majority", title="Kanarienvogel")
        circle.say(0, answer="yes", reason="Nur unter uns")
        circle.close()
        assert "Nur unter uns" in circle.of(1).get(circle.url()).text
    for other in others:
        unknown = other.get(closed.url().replace(closed.did, "abcdefghjkmn"))
        for rest in ("", "/lots", "/answer", "/rules", "/edit", "/outcome"):
            answer = other.get(closed.url(rest))
            assert answer.status_code in (404, 303), rest
            assert "Kanarienvogel" not in answer.text
        assert unknown.status_code == other.get(closed.url()).status_code
        shown = other.get(opened.url())
        assert shown.status_code == 200
        assert "Yes: 1" in shown.text
        assert "Nur unter uns" not in shown.text
        assert "Nadel" not in shown.text.split("<main")[1]
        for rest in ("/answer/send", "/suggestions", "/steps/longer", "/steps/delete", "/cancel", "/open"):
            assert other.post(opened.url(rest)).status_code in (404, 303), rest
    with transaction(write=False):
        assert {one.state for one in session.scalars(select(GroupDecision))} == {DecisionState.CLOSED}


def test_a_discreet_group_decides_quietly(app: Flask, browse: Browse) -> None:
    circle = Circle(browse, privacy=Privacy.DISCREET)
    circle.begin("majority", title="Kanarienvogel")
    listed = f"/en/groups/{circle.pid}/decisions"
    for path in (circle.url(), circle.url("/answer"), listed, circle.url("/cancel")):
        answer = circle.of(0).get(path)
        assert answer.status_code == 200
        title = answer.text.split("<title>")[1].split("</title>")[0]
        assert "Kanarienvogel" not in title
        assert "data-leave" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    detail = circle.of(1).get(circle.url()).text
    assert "0 of 3" not in detail
    missing = circle.of(1).get("/en/groups/decisions/missing").text
    assert circle.url("/answer") in missing
    assert "Kanarienvogel" not in missing
    assert "Nähcafé" not in missing
    empty = browse(settled()).get("/en/groups/decisions/missing").text
    assert circle.pid not in empty
    names = circle.of(1).get(f"/en/groups/{circle.pid}/decisions/new/role").text
    assert "Nadel 1" in names
    assert "Nadel 0" not in names
    assert "Nadel 2" not in names


@pytest.mark.parametrize(("kind", "number"), [("percent", "101"), ("people", "4"), ("percent", "fünfzig")])
def test_a_quorum_nobody_can_reach_is_said_at_its_field(browse: Browse, kind: str, number: str) -> None:
    first, pid = (circle := Circle(browse)).of(0), circle.pid
    page = first.get(f"/en/groups/{pid}/decisions/new/majority").text
    data = {**fields(page.split("<main")[1]), "title": "Ofen"}
    rules = first.post(f"/en/groups/{pid}/decisions/new/majority", data=data).location
    given = {**fields(first.get(rules).text.split("<main")[1]), "results_shown": "at_closing"}
    answer = first.post(rules, data={**given, "majority": "simple", "quorum_kind": kind, "quorum": number})
    assert answer.status_code == 422
    assert 'id="quorum-problem"' in answer.text


def test_what_is_asked_twice_happens_once(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    first = circle.of(0)
    page = first.get(f"/en/groups/{circle.pid}/decisions/new/consent").text
    data = {**fields(page.split("<main")[1]), "title": "Einmal"}
    for _ in range(2):
        made = first.post(f"/en/groups/{circle.pid}/decisions/new/consent", data=data)
        assert made.status_code == 303
    with transaction(write=False):
        assert len(session.scalars(select(GroupDecision.id)).all()) == 1
    circle.did = made.location.split("/decisions/")[1].split("/")[0]
    end = {"closes_on": clock.today() + WEEK, "closes_hour": "20"}
    assert [first.post(circle.url("/open"), data=end).status_code for _ in range(2)] == [303, 303]
    circle.say(1, answer="consent")
    circle.say(1, answer="concern")
    assert circle.of(1).post(circle.url("/answer/send"), data={"ballot": "[" * 3000}).status_code in (
        409,
        422,
    )
    assert first.post(circle.url("/steps/delete")).status_code == 409
    assert first.post(circle.url("/steps/nonsense")).status_code == 404
    for code in (303, 409):
        assert first.post(circle.url("/cancel"), data={"reason": "Doppelt"}).status_code in (code, 422)
    assert "Doppelt" in circle.of(1).get(circle.url()).text


def test_queries_do_not_grow(app: Flask, browse: Browse) -> None:
    """A list with one decision and one with nine, four answers: as many questions to the database."""
    circle = Circle(browse, 4)
    counts: dict[str, list[int]] = {}
    for many in (1, 8):
        for _ in range(many):
            circle.begin("majority")
            for number in range(1 if many == 1 else 4):
                circle.say(number, answer="yes")
        for path in (circle.url(), f"/en/groups/{circle.pid}/decisions", "/en/groups/decisions/missing"):
            key = path.replace(circle.did, "-")
            circle.of(3).get(path)
            with counted_queries() as asked:
                circle.of(3).get(path)
            # Settings are read anew from time to time.
            counts.setdefault(key, []).append(len([one for one in asked if "site_setting" not in one]))
    assert all(few == more for few, more in counts.values()), counts


def staff_browser(app: Flask, role: StaffRole) -> FlaskClient:
    browser = app.test_client()
    sign_in(browser, make_staff(role))
    return browser


@pytest.mark.parametrize(
    ("shown", "before", "after"),
    [("at_closing", False, False), ("after_own", False, True), ("live", True, True)],
)
def test_when_answers_are_shown(app: Flask, browse: Browse, shown: str, before: bool, after: bool) -> None:
    """Member 1 answers and can be seen or not; member 2 looks before and after their own answer."""
    circle = Circle(browse)
    circle.begin("majority", rules={"results_shown": shown})
    circle.say(1, answer="yes", reason="Weil es Zeit ist.")

    def seen() -> tuple[bool, bool]:
        page = unescape(circle.of(2).get(circle.url()).text)
        return "Weil es Zeit ist." in page, "Yes: " in page

    assert seen() == (before, before)
    circle.say(2, answer="no")
    assert seen() == (after, after)
    circle.close()
    assert seen() == (True, True)
