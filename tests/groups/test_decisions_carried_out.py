"""What follows a decision on pages: a charter, a role, a pause, a date, the list of what is to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupDecision, MeetingDate, Method
from portal.groups.operations.deciding import outcomes
from tests.groups.circles import WEEK, Circle, fields
from tests.groups.conftest import Browse

pytestmark = pytest.mark.usefixtures("at_noon")


def test_an_objection_a_new_text_and_who_does_what(app: Flask, browse: Browse) -> None:
    """Scenario 6 on pages: objection, version 2, taken back, outcome, and the check-in on its day."""
    circle = Circle(browse)
    circle.begin("try", title="Wir feiern bis drei")
    refused = circle.of(1).post(circle.url("/answer"), data={"go": "check", "answer": "objection"})
    assert refused.status_code == 422
    assert "Please write why." in refused.text
    for number, answer in enumerate(("consent", "objection", "consent")):
        circle.say(number, answer=answer, reason="Zu laut für die Kinder")
    circle.close()
    page = circle.of(0).get(circle.url()).text
    assert "Zu laut für die Kinder" in page
    assert "Write the next version" in page
    assert "Write the next version" not in circle.of(1).get(circle.url()).text
    end = (clock.today() + 2 * WEEK).isoformat()
    text = {"title": "Wir feiern bis zehn", "question": "", "closes_on": end, "closes_hour": "20"}
    assert circle.of(0).post(circle.url("/next"), data=text).status_code == 303
    fresh = circle.of(2).get(circle.url("/answer")).text
    assert not re.search(r'value="consent" checked', fresh)
    for number, answer in enumerate(("consent", "objection", "consent")):
        circle.say(number, answer=answer, reason="Immer noch")
    mine = circle.of(1).get(circle.url()).text
    address = re.search(r'action="(/en/groups/[^"]*/objections/\d+/withdraw)"', mine)
    assert address
    assert circle.of(0).post(address[1]).status_code == 409
    assert circle.of(1).post(address[1]).status_code == 303
    circle.close()
    assert "Nobody objects." in circle.of(1).get(circle.url()).text
    due, review = clock.today() + 3 * WEEK, clock.today() + 10 * WEEK
    outcome = {"statement": "Anna sagt allen Bescheid.", "who": "Anna", "due_on": due, "review_on": review}
    assert circle.of(1).post(circle.url("/outcome"), data=outcome).status_code == 404
    assert circle.of(0).post(circle.url("/outcome"), data=outcome).status_code == 303
    assert "Anna sagt allen Bescheid." in circle.of(2).get(circle.url()).text
    with transaction():
        outcomes.ask_reviews(review)
    assert "Does it still hold?" in circle.of(2).get(f"/en/groups/{circle.pid}").text
    held = circle.of(2).post(circle.url("/review"), data={"answer": "confirmed"})
    assert held.status_code == 303
    assert "it still holds" in circle.of(1).get(circle.url()).text


def test_a_charter_is_changed_on_pages(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    first = circle.of(0)
    made = first.post(f"/en/groups/{circle.pid}/decisions/new/charter", data={"title": "Neue Regeln"})
    assert made.location.endswith("/charter")
    circle.did = made.location.split("/decisions/")[1].split("/")[0]
    texts = {"goal": "Nähen und stopfen", "rules": "Freundlich bleiben", "usual": "majority"}
    assert first.post(circle.url("/charter"), data=texts).status_code == 303
    rules = fields(first.get(circle.url("/rules")).text)
    assert first.post(circle.url("/rules"), data=rules).status_code == 303
    end = (clock.today() + WEEK).isoformat()
    first.post(circle.url("/open"), data={"closes_on": end, "closes_hour": "20"})
    shown = circle.of(2).get(circle.url()).text
    assert "<ins>Nähen und stopfen</ins>" in shown
    assert "<ins>Yes or no</ins>" in shown
    for number in range(3):
        circle.say(number, answer="consent")
    circle.close()
    assert circle.of(1).post(circle.url("/steps/carry-out")).status_code == 404
    assert first.post(circle.url("/steps/carry-out")).status_code == 303
    assert "Nähen und stopfen" in circle.of(2).get(f"/en/groups/{circle.pid}/about").text
    assert "in this way: Yes or no" in circle.of(2).get(f"/en/groups/{circle.pid}/charter").text
    back = circle.of(2).post(circle.url("/steps/take-back"))
    assert back.status_code == 303
    assert "We take back: Neue Regeln" in circle.of(2).get(back.location).text
    # From now on the group decides like that, and the next draft of its charter begins with it.
    asked = circle.of(0).post(f"/en/groups/{circle.pid}/decisions/new/end", data={"title": "Ende"})
    with transaction(write=False):
        did = asked.location.split("/decisions/")[1].split("/")[0]
        end_of_it = session.scalars(select(GroupDecision).where(GroupDecision.public_id == did)).one()
        assert end_of_it.method is Method.MAJORITY
    assert circle.of(1).get(back.location).status_code == 404


def test_a_role_and_a_pause_are_decided_on_pages(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    page = circle.of(0).get(f"/en/groups/{circle.pid}/decisions/new/role").text
    names = re.findall(r'name="members"[^>]*value="(\w+)"', page) or re.findall(
        r'value="(\w+)"[^>]*name="members"', page
    )
    assert len(names) == 3
    circle.begin("role", role="contact", members=[names[1], names[2]])
    circle.say(1, word="Regen")
    circle.close()
    shown = circle.of(2).get(circle.url()).text
    assert "The lot fell on:" in shown
    lots = circle.of(2).get(circle.url("/lots")).text
    assert "The fingerprint of this number is the one that stood there" in lots
    other = circle.of(2).get(circle.url("/lots?words=Sonne&secret=00")).text
    assert "another one than at the beginning" in other
    assert circle.of(0).post(circle.url("/steps/carry-out")).status_code == 303
    wrong = circle.of(0).post(
        f"/en/groups/{circle.pid}/decisions/new/pause", data={"title": "Pause", "until": clock.today()}
    )
    assert wrong.status_code == 422
    circle.begin("pause", title="Pause", until=clock.today() + 8 * WEEK)
    assert "The group rests until" in circle.of(1).get(circle.url()).text


def test_collecting_dates_and_the_list(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    first = circle.of(0)
    new = f"/en/groups/{circle.pid}/decisions/new/date"
    assert first.post(new, data={"title": "Wann?"}).status_code == 422
    made = first.post(new, data={"title": "Wann?", "collecting": "y", "start_1": "2027-01-12T18:00"})
    circle.did = made.location.split("/decisions/")[1].split("/")[0]
    assert circle.of(1).get(circle.url()).status_code == 404
    assert "Wann?" not in circle.of(1).get(f"/en/groups/{circle.pid}/decisions").text
    collect = clock.today() + timedelta(days=2)
    end = {"closes_on": clock.today() + WEEK, "closes_hour": "20", "collect_on": collect}
    assert first.post(circle.url("/open"), data=end).status_code == 303
    assert (
        circle.of(2).post(circle.url("/suggestions"), data={"start": "2027-01-13T19:30"}).status_code == 303
    )
    page = circle.of(1).get(f"/en/groups/{circle.pid}/decisions").text
    assert "Collecting suggestions" in page
    assert "19:30" in circle.of(1).get(circle.url()).text


def test_a_date_people_chose_stands_in_the_calendar(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    circle.begin("meeting", start_1="2027-01-12T18:00", start_2="2027-01-13T19:30")
    for number in range(3):
        circle.say(number, **{"p-1": "1", "p-2": "2"})
    circle.close()
    empty = circle.of(0).post(circle.url("/steps/carry-out"))
    assert "Please choose one of the dates." in circle.of(0).get(empty.location).text
    assert circle.of(0).post(circle.url("/steps/carry-out"), data={"number": "1"}).status_code == 303
    with transaction(write=False):
        planned = session.scalars(select(MeetingDate)).one()
        assert (planned.on.isoformat(), planned.meeting.starts, planned.status) == (
            "2027-01-12",
            "18:00",
            "planned",
        )
    undo = circle.of(1).post(circle.url("/steps/take-back"))
    circle.did = undo.location.split("/decisions/")[1]
    end = {"closes_on": clock.today() + WEEK, "closes_hour": "20"}
    assert circle.of(1).post(circle.url("/open"), data=end).status_code == 303
    for number in range(3):
        circle.say(number, answer="consent")
    circle.close()
    assert circle.of(1).post(circle.url("/steps/carry-out")).status_code == 303
    with transaction(write=False):
        assert session.scalars(select(MeetingDate)).one().status == "cancelled"
