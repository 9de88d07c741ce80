"""Accompaniment in the browser, without a script: asked, agreed, looked inside, written, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import Accompaniment, AccompanimentState, Method, Privacy
from portal.groups.operations import board
from tests.groups.conftest import Browse
from tests.groups.deciding import ask, close, say, word
from tests.support.factories import make_staff, sign_in
from tests.support.factories_groups import NAME, get_group, group_pid, make_group, settled

TERMS = {"goal": "Ein Raum für den Winter", "months": "4", "meetings": "3", "scope": "room"}


def send(browser: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return browser.post(path, data=fields)


def professional(app: Flask) -> tuple[Account, FlaskClient]:
    account, browser = make_staff("professional"), app.test_client()
    sign_in(browser, account)
    return account, browser


def the_one() -> Accompaniment:
    return session.query(Accompaniment).populate_existing().one()


def aid() -> str:
    with transaction(write=False):
        return the_one().public_id


def state() -> AccompanimentState:
    with transaction(write=False):
        return the_one().state


def test_from_asking_to_the_end(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    pid, member = group_pid(group_id), browse(people[0])
    account, worker = professional(app)
    base = f"/en/groups/{pid}/accompaniment"
    assert "Ask for accompaniment" in member.get(base).text
    page = member.get(f"{base}/new").text
    assert account.display_name in page
    assert send(member, f"{base}/new", **{**TERMS, "goal": ""}, companion="").status_code == 422
    asked = send(
        member, f"{base}/new", **TERMS, grants=["board", "member_count"], companion=account.public_id
    )
    assert asked.status_code == 303
    own = f"/en/groups/accompaniments/{aid()}"
    assert NAME in worker.get("/en/groups/accompaniments").text
    assert "I agree" in worker.get(own).text
    assert worker.get(f"/en/groups/{pid}/board").status_code == 404
    assert send(worker, f"{own}/look", what="board").status_code == 409
    assert send(worker, f"{own}/sign").status_code == 303
    assert state() is AccompanimentState.AGREED
    assert worker.get(f"/en/groups/{pid}/board").status_code == 404
    assert send(worker, f"{own}/look", what="board").status_code == 303
    assert send(worker, f"{own}/look", what="events").status_code == 409
    assert send(worker, f"{own}/look", what="everything").status_code == 409
    assert worker.get(f"/en/groups/{pid}/board").status_code == 200
    assert worker.get(f"/en/groups/{pid}/members").status_code == 404
    assert account.display_name in member.get(f"/en/groups/{pid}/looked").text
    assert send(worker, f"{own}/look", what="member_count").status_code == 303
    assert "3 people" in worker.get(own).text
    assert send(worker, f"{own}/write", text="Wann passt es?").status_code == 303
    assert send(worker, f"{own}/write", text="").status_code == 422
    assert "Wann passt es?" in member.get(base).text
    assert send(member, f"{base}/{aid()}/write", text="").status_code == 422
    assert send(member, f"{base}/{aid()}/write", text="Am Dienstag.").status_code == 303
    assert "Am Dienstag." in worker.get(own).text
    assert send(member, f"{base}/{aid()}/end").status_code == 303
    assert state() is AccompanimentState.TERMINATED
    assert "Looking inside" not in worker.get(own).text
    late = ("look", "write", "sign", "end", "met", "substitute", "note")
    assert all(said_over(worker, f"{own}/{one}") for one in late)
    late = ("end", "sign", "write", "met", "substitutes/1")
    assert all(said_over(member, f"{base}/{aid()}/{one}") for one in late)
    assert state() is AccompanimentState.TERMINATED


def said_over(browser: FlaskClient, path: str) -> bool:
    """Whether a late button leads to a page that says that it is over."""
    sent = send(browser, path, what="board", text="Noch da?")
    return sent.status_code == 303 and "is over already" in browser.get(sent.location).text


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_whoever_ended_it_may_press_twice(app: Flask, browse: Browse, privacy: Privacy) -> None:
    """The one who accompanied reads that it is over; of a discreet group only because they ended it."""
    group_id, people = make_group(privacy=privacy)
    pid, member = group_pid(group_id), browse(people[0])
    for by_companion in (True, False):
        account, worker = professional(app)
        terms = {**TERMS, "goal": f"Ziel {by_companion}"}
        send(member, f"/en/groups/{pid}/accompaniment/new", **terms, companion=account.public_id)
        with transaction(write=False):
            made = session.query(Accompaniment).order_by(Accompaniment.id.desc()).first()
            assert made is not None
            own, theirs = f"/en/groups/accompaniments/{made.public_id}", made.public_id
        send(worker, f"{own}/sign")
        if by_companion:
            assert send(worker, f"{own}/end").status_code == 303
        else:
            assert send(member, f"/en/groups/{pid}/accompaniment/{theirs}/end").status_code == 303
        if by_companion or privacy is Privacy.CLOSED:
            assert said_over(worker, f"{own}/end")
        else:
            assert send(worker, f"{own}/end").status_code == 404
        # Others learn nothing by pressing.
        assert send(professional(app)[1], f"{own}/end").status_code == 404
        with time_machine.travel(clock.now() + timedelta(days=31)):
            late = app.test_client()
            sign_in(late, account)
            assert send(late, f"{own}/end").status_code == 404


def test_a_post_stays_unread_until_one_says_that_one_looks(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    account, worker = professional(app)
    with transaction():
        board.begin_thread(get_group(group_id), actor=people[1], title="Fest", text="Kuchenliste")
    pid, member = group_pid(group_id), browse(people[0])
    send(member, f"/en/groups/{pid}/accompaniment/new", **TERMS, grants="board", companion=account.public_id)
    own = f"/en/groups/accompaniments/{aid()}"
    send(worker, f"{own}/sign")
    send(worker, f"{own}/look", what="board")
    assert "Fest" in worker.get(f"/en/groups/{pid}/board").text


@pytest.mark.parametrize(("grant", "sees"), [("attend", True), ("events", False)])
def test_with_the_grant_one_reads_what_was_decided_and_no_more(
    app: Flask, browse: Browse, grant: str, sees: bool
) -> None:
    group_id, people = make_group()
    account, worker = professional(app)
    asked = ask(group_id, people[0], Method.MAJORITY)
    say(group_id, asked, people[1], word("yes"), reason="Weil es Zeit ist.")
    did = close(asked).public_id
    pid, member = group_pid(group_id), browse(people[0])
    send(member, f"/en/groups/{pid}/accompaniment/new", **TERMS, grants=grant, companion=account.public_id)
    own = f"/en/groups/accompaniments/{aid()}"
    send(worker, f"{own}/sign")
    send(worker, f"{own}/look", what=grant)
    page = worker.get(own).text
    assert ("Neue Tische?" in page) is sees
    assert "Weil es Zeit ist." not in page
    assert worker.get(f"/en/groups/{pid}/decisions/{did}").status_code == 404


def test_an_offer_and_its_answer(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    pid = group_pid(group_id)
    _account, worker = professional(app)
    assert "Offer accompaniment" in worker.get(f"/en/groups/{pid}/about").text
    assert worker.get(f"/en/groups/{pid}/accompaniment/offer").status_code == 200
    assert (
        send(worker, f"/en/groups/{pid}/accompaniment/offer", **{**TERMS, "months": "9"}).status_code == 422
    )
    assert send(worker, f"/en/groups/{pid}/accompaniment/offer", **TERMS).status_code == 303
    assert "has not agreed yet" in browse(people[1]).get(f"/en/groups/{pid}").text
    base = f"/en/groups/{pid}/accompaniment/{aid()}"
    assert send(browse(people[1]), f"{base}/sign").status_code == 404
    assert send(browse(people[0]), f"{base}/sign").status_code == 303
    assert state() is AccompanimentState.AGREED


def test_three_words_for_somebody_with_experience(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    pid, peer = group_pid(group_id), browse(settled())
    page = send(browse(people[0]), f"/en/groups/{pid}/accompaniment/new", **TERMS, companion="").text
    words = page.split("<code>")[1].split("</code>")[0]
    assert len(words.split()) == 3
    assert send(peer, "/en/groups/accompaniments", code="bomi saru teva").status_code == 422
    assert send(peer, "/en/groups/accompaniments", code=words).status_code == 303
    assert send(peer, f"/en/groups/accompaniments/{aid()}/sign").status_code == 303
    assert state() is AccompanimentState.AGREED
    assert words not in browse(people[0]).get(f"/en/groups/{pid}/accompaniment").text


def test_a_colleague_stands_in(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    pid, member = group_pid(group_id), browse(people[0])
    account, worker = professional(app)
    colleague, other = professional(app)
    send(member, f"/en/groups/{pid}/accompaniment/new", **TERMS, companion=account.public_id)
    own = f"/en/groups/accompaniments/{aid()}"
    send(worker, f"{own}/sign")
    with transaction(write=False):
        today = the_one().from_on
    fields = {"person": colleague.public_id, "from_on": str(today), "until_on": str(today)}
    assert send(worker, f"{own}/substitute", **{**fields, "until_on": "2039-01-01"}).status_code == 422
    assert send(worker, f"{own}/substitute", **fields).status_code == 303
    assert other.get(own).status_code == 404
    page = member.get(f"/en/groups/{pid}/accompaniment").text
    action = page.split("/substitutes/")[0].rsplit('action="', 1)[1] + "/substitutes/"
    action += page.split("/substitutes/")[1].split('"')[0]
    assert send(member, action, answer="yes").status_code == 303
    assert other.get(own).status_code == 200
    for path in ("end", "substitute"):
        assert send(other, f"{own}/{path}", **fields).status_code == 404


def strangers(app: Flask, browse: Browse) -> dict[str, FlaskClient]:
    found = {"visitor": app.test_client(), "resident": browse(settled())}
    for role in ("moderator", "professional", "planner", "administrator"):
        found[role] = app.test_client()
        sign_in(found[role], make_staff(role))
    return found


@pytest.mark.parametrize("privacy", list(Privacy))
def test_strangers_of_every_kind(app: Flask, browse: Browse, privacy: Privacy) -> None:
    group_id, people = make_group(privacy=privacy)
    pid = group_pid(group_id)
    send(browse(people[0]), f"/de/groups/{pid}/accompaniment/new", **TERMS, companion="")
    ours, own = f"/de/groups/{pid}/accompaniment", f"/de/groups/accompaniments/{aid()}"
    reading = (ours, f"{ours}/new", f"/de/groups/{pid}/looked", own)
    writing = (
        f"{ours}/new", f"{ours}/{aid()}/sign", f"{ours}/{aid()}/end", f"{ours}/{aid()}/write",
        f"{ours}/{aid()}/substitutes/1", f"{own}/sign", f"{own}/end", f"{own}/look", f"{own}/write",
        f"{own}/substitute",
    )  # fmt: skip
    for name, browser in strangers(app, browse).items():
        closed = {302, 303} if name == "visitor" else {404}
        for path in reading:
            assert browser.get(path).status_code in closed, (name, path)
        for path in writing:
            assert send(browser, path).status_code in closed, (name, path)
    assert state() is AccompanimentState.PROPOSED


def test_towards_a_professional_a_discreet_group_has_no_name(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(privacy=Privacy.DISCREET)
    pid, member = group_pid(group_id), browse(people[0])
    account, worker = professional(app)
    asked = {**TERMS, "companion": account.public_id, "group_word": "Eine Gruppe im Süden"}
    assert send(member, f"/en/groups/{pid}/accompaniment/new", **asked).status_code == 303
    own = f"/en/groups/accompaniments/{aid()}"
    send(worker, f"{own}/sign")
    for path in ("/en/groups/accompaniments", own, "/en/notices"):
        page = worker.get(path)
        assert page.status_code == 200
        assert NAME not in page.text
        assert pid not in page.text
    assert "Eine Gruppe im Süden" in worker.get(own).text
    assert worker.get(f"/en/groups/{pid}").status_code == 404
    assert "data-leave" in worker.get(own).text


def test_meetings_reports_and_a_note_from_founding_to_the_end(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(founded=False)
    pid, member, other = group_pid(group_id), browse(people[0]), browse(people[1])
    account, worker = professional(app)
    base = f"/en/groups/{pid}/accompaniment"
    assert "Bookings of rooms" not in member.get(f"{base}/new").text
    send(member, f"{base}/new", **TERMS, companion=account.public_id)
    own = f"/en/groups/accompaniments/{aid()}"
    assert send(worker, f"{own}/met").status_code == 409
    assert send(member, f"{base}/{aid()}/report", text="Zu früh").status_code == 409
    send(worker, f"{own}/sign")
    assert "0 held, 3 planned" in member.get(base).text
    assert send(worker, f"{own}/met").status_code == 303
    assert send(other, f"{base}/{aid()}/met").status_code == 303
    for browser, page in ((member, base), (worker, own)):
        assert "1 held, 3 planned" in browser.get(page).text
        assert "We have not met today" in browser.get(page).text
    assert send(worker, f"{own}/note", text="x" * 601).status_code == 422
    assert send(worker, f"{own}/note", text="Ich rate zu mehr Zeit.").status_code == 303
    for browser, page in (
        (member, f"/en/groups/{pid}/founding"),
        (other, f"/en/groups/{pid}"),
        (app.test_client(), f"/en/groups/{pid}"),
    ):
        assert "Ich rate zu mehr Zeit." in browser.get(page).text, page
    assert send(member, f"/en/groups/{pid}/found").status_code == 303
    assert "Your note" not in worker.get(own).text
    assert send(worker, f"{own}/note", text="Nachtrag").status_code == 422
    assert send(other, f"{base}/{aid()}/report", text="").status_code == 422
    assert send(other, f"{base}/{aid()}/report", text="Ein Raum ist da.").status_code == 303
    assert "Ein Raum ist da." in worker.get(f"{own}/report").text
    send(member, f"{base}/{aid()}/end")
    assert "Ich rate" not in member.get(f"/en/groups/{pid}").text
    assert send(worker, f"{own}/report", text="Schön war es.").status_code == 303
    assert "Schön war es." in member.get(base).text
    assert "Schön war es." in worker.get(own).text
    assert said_over(worker, f"{own}/met")
