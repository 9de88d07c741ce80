"""On pages, without JavaScript: whom it asks, who begins, reasons, draws, dates, what a role may do."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupDecision, Preset, Privacy
from portal.groups.operations import board
from tests.groups.circles import WEEK, Circle, fields
from tests.groups.conftest import Browse, group

END = {"closes_hour": "20"}


def keys_of(page: str) -> dict[str, str]:
    """name -> value of the ticks on the page where one chooses whom to ask."""
    found = page.split('name="asked"')[1:]
    values = [one.split('value="')[1].split('"')[0] for one in found]
    names = [one.split("</label>")[0].split(">")[-1].strip() for one in found]
    return dict(zip(names, values, strict=True))


def test_some_are_asked_on_pages(app: Flask, browse: Browse) -> None:
    circle = Circle(browse, 4)
    first = circle.of(0)
    made = first.post(f"/en/groups/{circle.pid}/decisions/new/majority", data={"title": "Neue Tische?"})
    circle.did = made.location.split("/decisions/")[1].split("/")[0]
    rules = {**fields(first.get(circle.url("/rules")).text), "electorate": "named_list"}
    after = first.post(circle.url("/rules"), data=rules)
    assert after.location.endswith("/asked")
    end = {**END, "closes_on": clock.today() + WEEK}
    assert "Please choose who is asked." in first.post(circle.url("/open"), data=end).text
    assert first.post(circle.url("/asked"), data={}).status_code == 422
    keys = keys_of(first.get(circle.url("/asked")).text)
    assert list(keys) == [f"Nadel {number}" for number in range(4)]
    chosen = {"asked": [keys["Nadel 1"], keys["Nadel 2"]]}
    assert first.post(circle.url("/asked"), data=chosen).status_code == 303
    look = first.get(circle.url("/open")).text
    assert "Nadel 1, Nadel 2" in look
    assert first.post(circle.url("/open"), data=end).status_code == 303
    assert "You have answered" in circle.say(1, answer="yes")
    other = circle.of(3).get(circle.url()).text
    assert "Only some of you are asked here." in other
    assert "Nadel 1" in other.split("Asked:")[1]
    assert circle.of(3).get(circle.url("/answer")).status_code == 303
    assert circle.of(3).get(circle.url("/asked")).status_code == 404


def test_a_discreet_group_shows_only_names_of_the_board(app: Flask, browse: Browse) -> None:
    circle = Circle(browse, 4, privacy=Privacy.DISCREET)
    with transaction():
        board.begin_thread(group(circle.group_id), actor=circle.people[2], title="Hallo", text="Da.")
    first = circle.of(0)
    made = first.post(f"/en/groups/{circle.pid}/decisions/new/majority", data={"title": "Neue Tische?"})
    circle.did = made.location.split("/decisions/")[1].split("/")[0]
    first.post(
        circle.url("/rules"),
        data={**fields(first.get(circle.url("/rules")).text), "electorate": "named_list"},
    )
    page = first.get(circle.url("/asked")).text
    assert list(keys_of(page)) == ["Nadel 0", "Nadel 2"]
    first.post(circle.url("/asked"), data={"asked": list(keys_of(page).values())})
    first.post(circle.url("/open"), data={**END, "closes_on": clock.today() + WEEK})
    seen = circle.of(3).get(circle.url()).text
    assert "Nadel 2" in seen
    assert "Nadel 0" not in seen


def test_a_role_begins_on_pages(app: Flask, browse: Browse) -> None:
    circle = Circle(browse, 3, preset=Preset.CONTACT)
    circle.begin("starters", role="contact")
    assert "Decisions are begun by:" in circle.of(1).get(circle.url()).text
    for number in range(3):
        circle.say(number, answer="consent")
    circle.close()
    assert circle.of(0).post(circle.url("/steps/carry-out")).status_code == 303
    new = f"/en/groups/{circle.pid}/decisions/new"
    page = circle.of(1).get(new).text
    assert "a role begins decisions: Contact person" in unescape(page)
    assert f"{new}/starters" in page
    assert f"{new}/consent" not in page
    refused = circle.of(1).post(f"{new}/consent", data={"title": "Trotzdem"})
    assert refused.location.endswith(new)
    assert f"{new}/consent" in circle.of(0).get(new).text
    with transaction(write=False):
        assert session.query(GroupDecision).count() == 1


def test_reasons_are_asked_for_or_not(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    circle.begin("majority", rules={"reasons": "off"})
    assert 'name="reason"' not in circle.of(1).get(circle.url("/answer")).text
    circle.begin("consent", rules={"reasons": "for_objection"})
    assert "Of other answers no sentence is kept." in circle.of(1).get(circle.url("/answer")).text
    checked = circle.of(1).post(
        circle.url("/answer"), data={"go": "check", "answer": "concern", "reason": "Weil."}
    )
    assert "Weil." not in checked.text.split("Is this what you want to say?")[1].split("</section>")[0]


def test_a_draw_among_members_who_step_out(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    page = circle.of(0).get(f"/en/groups/{circle.pid}/decisions/new/lots").text
    names = [one.split('value="')[1].split('"')[0] for one in page.split('name="members"')[1:]]
    circle.begin("lots", options="Ein Gast", members=names[1:])
    assert "You are in this draw" not in circle.of(0).get(circle.url()).text
    shown = circle.of(1).get(circle.url()).text
    assert "You are in this draw" in shown
    assert all(one in shown for one in ("Ein Gast", "Nadel 1", "Nadel 2"))
    for _twice in range(2):
        assert circle.of(1).post(circle.url("/steps/step-out")).status_code in (303, 409)
    after = circle.of(1).get(circle.url()).text
    assert "You are in this draw" not in after
    assert "Nadel 1" not in after.split("<main")[1]
    assert circle.of(0).post(circle.url("/cancel"), data={"reason": "Doch anders."}).status_code == 303
    assert circle.of(1).get(circle.url("/lots")).status_code == 404


@pytest.mark.parametrize("answered", [False, True])
def test_a_date_is_taken_out_after_a_look(app: Flask, browse: Browse, answered: bool) -> None:
    circle = Circle(browse)
    circle.begin("date", start_1="2027-01-12T18:00", start_2="2027-01-13T19:30")
    first = circle.of(0)
    assert circle.url("/dates/2/drop") in first.get(circle.url()).text
    assert circle.url("/dates/2/drop") not in circle.of(1).get(circle.url()).text
    stale = fields(first.get(circle.url("/dates/2/drop")).text)
    if answered:
        circle.say(1, **{"p-1": "1", "p-2": "2"})
        refused = first.post(circle.url("/dates/2/drop"), data=stale)
        assert refused.status_code == 422
        assert "1 of you has answered to this date." in refused.text
        stale = fields(refused.text)
    assert first.post(circle.url("/dates/2/drop"), data=stale).status_code == 303
    page = circle.of(1).get(circle.url()).text
    assert "19:30" not in page
    assert "7:30" not in page
    assert first.get(circle.url("/dates/2/drop")).status_code == 303


def test_a_role_gets_the_task_with_limits(app: Flask, browse: Browse) -> None:
    circle = Circle(browse, preset=Preset.CONTACT)
    circle.begin("majority")
    circle.say(0, answer="yes", reason="Wir brauchen sie.")
    circle.close()
    words = {"statement": "Wir kaufen Tische.", "who": "Nadel 0", "due_on": clock.today()}
    first = circle.of(0)
    alone = first.post(circle.url("/outcome"), data={**words, "limit_euros": "200"})
    assert alone.status_code == 422
    assert "Please choose the role that these limits are for." in alone.text
    given = {**words, "role": "contact", "limit_euros": "200", "limit_on": clock.today()}
    assert first.post(circle.url("/outcome"), data=given).status_code == 303
    page = unescape(circle.of(1).get(circle.url()).text)
    assert "You leave it to a role: Contact person." in page
    assert "It may spend €200.00 at most." in page or "200" in page.split("It may spend")[1][:12]
    assert "Two years after the end these answers are deleted" in page
    export = circle.of(1).get(f"/en/groups/{circle.pid}/export").text
    assert "Two years after a decision ended" in export
