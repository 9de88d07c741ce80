"""Meetings in the browser, without a script: planned, moved, cancelled, attended."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.groups.models import (
    Answer,
    Attendance,
    DateStatus,
    GroupMeeting,
    Held,
    MeetingDate,
    MeetingSeen,
    Privacy,
    Repeats,
)
from portal.groups.operations import joining
from portal.groups.operations.meetings import attending
from tests.groups.conftest import Browse
from tests.groups.meeting_pages import PLACE, first, plan, send
from tests.support.factories import make_staff, sign_in
from tests.support.factories_groups import get_group, group_pid, make_group, settled
from tests.support.people import TOKEN
from tests.support.queries import counted_queries

pytestmark = pytest.mark.usefixtures("on_a_tuesday")

FORM = {"day": "2026-10-13", "starts": "18:00", "minutes": "120", "place": PLACE, "repeats": "once"}


def test_planned_on_a_phone(browse: Browse) -> None:
    group_id, people = make_group()
    pid, browser = group_pid(group_id), browse(people[1])
    page = browser.get(f"/en/groups/{pid}/meetings/new")
    assert page.status_code == 200
    key = page.text.split('name="form_key"')[1].split('value="')[1].split('"')[0]
    for _ in range(2):
        answer = send(browser, f"/en/groups/{pid}/meetings/new", **FORM, form_key=key, seen="members")
        assert answer.status_code == 303
    with transaction(write=False):
        assert len(session.scalars(select(GroupMeeting)).all()) == 1
    shown = browser.get(f"/en/groups/{pid}/meetings").text
    assert PLACE in shown
    assert "Tuesday, October 13, 2026, 18:00 to 20:00" in shown


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": ""}, "Please choose a day."),
        ({"day": "2026-10-05"}, "from today on"),
        ({"day": "2026-10-25", "starts": "02:30"}, "the clocks are changed"),
        ({"starts": "abends"}, "for example 18:30"),
        ({"repeats": "monthly_last"}, "not the last such day"),
        ({"repeats": "weekly", "until_on": "2026-10-01"}, "before the first one"),
        ({"place": "x" * 200}, "at most 160"),
    ],
)
def test_mistakes_are_said_where_they_are_and_nothing_is_lost(
    browse: Browse, wrong: dict[str, str], words: str
) -> None:
    group_id, people = make_group()
    pid = group_pid(group_id)
    fields = {**FORM, "note": "Bitte klopfen", **wrong, "seen": "members"}
    answer = send(browse(people[0]), f"/en/groups/{pid}/meetings/new", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Bitte klopfen" in answer.text


def test_coming_changing_and_cancelling(browse: Browse) -> None:
    group_id, people = make_group()
    pid, did = group_pid(group_id), plan(group_id, people[0], repeats=Repeats.WEEKLY)
    base, browser = f"/en/groups/{pid}/meetings/{did}", browse(people[1])
    assert send(browser, f"{base}/answer", answer="yes", people="2", needs="Rampe").status_code == 303
    assert send(browser, f"{base}/answer").status_code == 422
    page = browser.get(base).text
    assert "Rampe" in page
    assert "Nadel 1" in page
    assert browser.get(f"{base}/change").status_code == 200
    moved = {**FORM, "day": "2026-10-07", "reach": "this", "title": "Offener Abend"}
    assert send(browser, f"{base}/change", **moved).status_code == 303
    page = browser.get(base).text
    assert "This date was moved" in page
    assert "Rampe" not in page
    assert send(browser, f"{base}/change", **{**moved, "day": "2026-10-01"}).status_code == 422
    assert browser.get(f"{base}/cancel").status_code == 200
    assert send(browser, f"{base}/cancel", reason="Wasser im Keller", reach="this").status_code == 303
    page = browser.get(base).text
    assert "does not take place" in page
    assert "Wasser im Keller" in page
    assert "Cancelled" in browser.get(f"/en/groups/{pid}/meetings").text
    assert send(browser, f"{base}/answer", answer="yes", people="1").status_code == 422
    assert send(browser, f"{base}/restore").status_code == 303
    with transaction(write=False):
        assert first().status is DateStatus.PLANNED


def test_it_took_place(browse: Browse, on_a_tuesday: time_machine.Traveller) -> None:
    group_id, people = make_group()
    pid, did = group_pid(group_id), plan(group_id, people[0])
    base, browser = f"/en/groups/{pid}/meetings/{did}", browse(people[1])
    assert "Did it take place?" not in browser.get(base).text
    assert send(browser, f"{base}/held", held="held").status_code == 409
    on_a_tuesday.move_to("2026-10-06 19:00:00+00:00")
    assert "Did it take place?" in browser.get(base).text
    assert send(browser, f"{base}/held", held="held", people="viele").status_code == 422
    for _ in range(2):
        assert send(browser, f"{base}/held", held="held", people="7").status_code == 303
    with transaction(write=False):
        assert (first().held, first().people) == (Held.HELD, 7)
    assert "Took place" in browser.get(base).text


def test_the_overview_asks_with_one_tap(browse: Browse, on_a_tuesday: time_machine.Traveller) -> None:
    group_id, people = make_group()
    pid = group_pid(group_id)
    plan(group_id, people[0])
    overview, member = f"/en/groups/{pid}", browse(people[1])
    page = member.get(overview).text
    assert PLACE in page
    assert "Did it take place?" not in page
    assert PLACE not in browse(settled()).get(overview).text
    on_a_tuesday.move_to("2026-10-07 08:00:00+00:00")
    assert "Did it take place?" in member.get(overview).text
    assert "Did it take place?" not in browse(settled()).get(overview).text
    action = member.get(overview).text.split('/held"')[0].rsplit('action="', 1)[1] + "/held"
    assert send(member, action, held="not_held").status_code == 303
    assert "Did it take place?" not in member.get(overview).text
    with transaction(write=False):
        assert first().held is Held.NOT_HELD


READING = ("meetings", "meetings/{did}", "dates.ics")
MEMBERS_ONLY = ("meetings/new", "calendar", "meetings/{did}/change", "meetings/{did}/cancel")
WRITING = (
    "meetings/new", "meetings/{did}/answer", "meetings/{did}/held", "meetings/{did}/change",
    "meetings/{did}/cancel", "meetings/{did}/restore", "calendar", "calendar/end",
)  # fmt: skip


def strangers(app: Flask, browse: Browse) -> dict[str, FlaskClient]:
    found = {"visitor": app.test_client(), "resident": browse(settled())}
    for role in ("moderator", "professional", "planner", "administrator"):
        found[role] = app.test_client()
        sign_in(found[role], make_staff(role))
    return found


@pytest.mark.parametrize("privacy", list(Privacy))
def test_strangers_of_every_kind(app: Flask, browse: Browse, privacy: Privacy) -> None:
    group_id, people = make_group(privacy=privacy)
    pid, did = group_pid(group_id), plan(group_id, people[0], seen=MeetingSeen.EVERYBODY)
    reads = 200 if privacy is Privacy.OPEN else 404
    for name, browser in strangers(app, browse).items():
        for path in READING:
            answer = browser.get(f"/de/groups/{pid}/{path.format(did=did)}")
            assert answer.status_code == reads, (name, path)
            assert (PLACE in answer.text) == (reads == 200), (name, path)
        closed = {303, 302} if name == "visitor" else {404}
        for path in MEMBERS_ONLY:
            assert browser.get(f"/de/groups/{pid}/{path.format(did=did)}").status_code in closed, (name, path)
        for path in WRITING:
            assert send(browser, f"/de/groups/{pid}/{path.format(did=did)}").status_code in closed, (
                name,
                path,
            )
    for path in (*READING, *MEMBERS_ONLY):
        assert browse(people[1]).get(f"/de/groups/{pid}/{path.format(did=did)}").status_code == 200, path
    with transaction(write=False):
        assert (first().status, first().sequence) == (DateStatus.PLANNED, 0)


def test_a_date_of_another_group_is_not_found_under_this_one(browse: Browse) -> None:
    one, people = make_group(name="Garten")
    other, others = make_group(name="Chor", people=[*people[:1], settled(), settled()])
    did = plan(one, people[0])
    browser = browse(people[0])
    assert browser.get(f"/de/groups/{group_pid(one)}/meetings/{did}").status_code == 200
    for path in ("", "/change", "/cancel"):
        answer = browser.get(f"/de/groups/{group_pid(other)}/meetings/{did}{path}")
        assert answer.status_code == 404
    assert len(others) == 3


def test_a_hidden_date_answers_like_an_unknown_one(browse: Browse) -> None:
    group_id, people = make_group(privacy=Privacy.DISCREET)
    pid, did = group_pid(group_id), plan(group_id, people[0])
    outsider = browse(settled())
    for path in (f"{pid}/meetings/{did}", f"{pid}/meetings", f"{pid}/dates.ics", f"{pid}/calendar"):
        hidden, unknown = outsider.get(f"/de/groups/{path}"), outsider.get("/de/groups/abcdefghjkmn")
        assert TOKEN.sub("", hidden.text) == TOKEN.sub("", unknown.text)
        assert hidden.status_code == unknown.status_code == 404


def test_a_discreet_group_asks_nobody_and_its_pages_keep_quiet(browse: Browse) -> None:
    group_id, people = make_group(privacy=Privacy.DISCREET)
    pid, did = group_pid(group_id), plan(group_id, people[0])
    browser = browse(people[1])
    page = browser.get(f"/en/groups/{pid}/meetings/{did}")
    assert "Do you come?" not in page.text
    assert PLACE in page.text
    assert page.headers["Cache-Control"] == "no-store"
    for path in (f"{pid}/meetings", f"{pid}/meetings/{did}", f"{pid}/calendar", "dates"):
        shown = browser.get(f"/en/groups/{path}")
        title = shown.text.split("<title>")[1].split("</title>")[0]
        assert "Nähcafé" not in title
        assert "Abend" not in title
        assert "data-leave" in shown.text
    assert (
        send(browser, f"/en/groups/{pid}/meetings/{did}/answer", answer="yes", people="1").status_code == 422
    )
    with transaction(write=False):
        assert session.scalars(select(Attendance)).all() == []


def test_guests_are_told_dates_and_can_stop(browse: Browse) -> None:
    group_id, people = make_group()
    pid = group_pid(group_id)
    plan(group_id, people[0], seen=MeetingSeen.GUESTS, place="Vorgarten")
    plan(group_id, people[0], place=PLACE)
    guest = browse(settled())
    assert guest.get(f"/en/groups/{pid}/meetings").status_code == 404
    assert "Tell me the dates" in guest.get(f"/en/groups/{pid}").text
    assert send(guest, f"/en/groups/{pid}/meetings/tell-me").status_code == 303
    for path in (f"/en/groups/{pid}/meetings", "/en/groups/dates"):
        page = guest.get(path).text
        assert "Vorgarten" in page
        assert PLACE not in page
    assert send(guest, f"/en/groups/{pid}/meetings/tell-me-no-more").status_code == 303
    assert guest.get(f"/en/groups/{pid}/meetings").status_code == 404


def questions(browser: FlaskClient, path: str) -> int:
    """How many statements a page asks the database."""
    with counted_queries() as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def test_questions_do_not_grow_with_dates_and_members(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    pid, did = group_pid(group_id), plan(group_id, people[0])
    browser = browse(people[0])
    own = f"/de/groups/{pid}"
    paths = (f"{own}/meetings", f"{own}/meetings/{did}", own, "/de/groups/dates")
    few = []
    for path in paths:
        browser.get(path)
        few.append(questions(browser, path))
    plan(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        code = joining.make_code(get_group(group_id), actor=people[0], uses=12)
    for number in range(12):
        actor = settled()
        with transaction():
            joining.join_by_code(code, actor=actor, alias=f"Faden {number}")
            row = session.scalars(select(MeetingDate).where(MeetingDate.public_id == did)).one()
            attending.answer_date(row, Answer.YES, actor=actor)
    assert [questions(browser, path) for path in paths] == few
