"""Pages of talks and reviews: every step without scripts, and nobody else gets in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session, transaction
from portal.groups.jobs import peace_by_date
from portal.groups.models import Mediation, MediatorOffer, MembershipReview, Privacy, ReviewResult
from portal.groups.operations.peace import choosing, reviewing
from tests.groups.conftest import Browse, member
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import NAME, group_pid, make_group, settled
from tests.support.people import TOKEN

ASKED = {"subject_kind": "between_people", "wanted": "volunteer", "words": "Kanarienvogel, reden wir?"}


def without_token(text: str) -> str:
    """A page as it is for everybody: its tokens are new each second."""
    return re.sub(r'(name="csrf-token" content|name="csrf_token" value)="[^"]+"', "", TOKEN.sub("", text))


def only(model: type) -> object:
    with transaction(write=False):
        found = session.scalars(select(model)).one()
        session.refresh(found)
        session.expunge(found)
        return found


def talk_address() -> str:
    made = only(Mediation)
    assert isinstance(made, Mediation)
    return f"/de/groups/talks/{made.public_id}"


def tap(browser: FlaskClient, step: str) -> int:
    return browser.post(f"{talk_address()}/step", data={"step": step}, follow_redirects=True).status_code


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_a_talk_from_the_question_to_the_agreement(app: Flask, browse: Browse, privacy: Privacy) -> None:
    group_id, people = make_group(3, privacy=privacy)
    helper = settled(display_name="Ida Hilft")
    with transaction():
        choosing.offer_to_mediate(actor=helper, about="Ich höre zu.", languages=["de"])
    one, other, third = (browse(person) for person in (people[0], people[1], helper))
    asking = f"/de/groups/{group_pid(group_id)}/talk"
    assert one.get(asking).status_code == 200
    assert "Kanarienvogel" in one.post(asking, data={**ASKED, "alias": "Nadel 0"}).text
    assert one.post(asking, data={**ASKED, "alias": "Nadel 1"}).status_code == 303
    page = other.get(talk_address())
    assert "Kanarienvogel" in page.text
    assert "data-leave" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert tap(other, "yes") == 200
    offer = only(MediatorOffer)
    assert isinstance(offer, MediatorOffer)
    assert one.get(f"{talk_address()}/mediator").status_code == 200
    assert one.post(f"{talk_address()}/mediator", data={"mediator": offer.public_id}).status_code == 303
    assert third.get(talk_address()).status_code == 404
    assert tap(other, "accept") == 200
    asked = third.get(talk_address())
    assert asked.status_code == 200
    assert NAME not in asked.text
    assert tap(third, "help") == 200
    assert one.get(f"{talk_address()}/date").status_code == 404, "whoever helps sets the date"
    when = {"day": (clock.today() + timedelta(days=9)).isoformat(), "time": "18:00", "place": "Im Treff"}
    assert third.get(f"{talk_address()}/date").status_code == 200
    assert third.post(f"{talk_address()}/date", data=when).status_code == 303
    assert tap(third, "begin") == 200
    assert other.post(f"{talk_address()}/words", data={"words": ""}).status_code == 422
    assert other.post(f"{talk_address()}/words", data={"words": "Zu laut."}).status_code == 303
    assert one.get(f"{talk_address()}/agreement").status_code == 200
    assert one.post(f"{talk_address()}/agreement", data={"agreement": "Um neun."}).status_code == 303
    for browser in (one, other):
        assert browser.post(f"{talk_address()}/agree", data={"version": "1"}).status_code == 303
    for browser in (one, other, third):
        assert "Um neun." in browser.get(talk_address()).text
    assert one.get("/de/groups/talks").status_code == 200
    for browser in (one, other):
        assert tap(browser, "publish") == 200
    assert "Um neun." in browse(people[2]).get(f"/de/groups/{group_pid(group_id)}/about").text
    assert one.post(f"{talk_address()}/agree", data={"version": "1"}).status_code == 409


def test_nobody_else_gets_in(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    browse(people[0]).post(f"/de/groups/{group_pid(group_id)}/talk", data={**ASKED, "alias": "Nadel 1"})
    address = talk_address()
    hats = [actor_of(make_staff(role)) for role in StaffRole]
    for person in (people[2], settled(), *hats):
        browser = browse(person)
        for path in ("", "/mediator", "/date", "/agreement"):
            unknown = browser.get(f"/de/groups/talks/abcdefghjkmn{path}")
            answer = browser.get(f"{address}{path}")
            assert (answer.status_code, without_token(answer.text)) == (404, without_token(unknown.text))
        for path in ("/step", "/words", "/agree"):
            assert browser.post(f"{address}{path}", data={"step": "yes"}).status_code == 404
    assert app.test_client().get(address).status_code in (302, 303)


def test_a_link_to_hand_over(app: Flask, browse: Browse) -> None:
    one, other = browse(settled()), browse(actor_of(make_staff(StaffRole.PROFESSIONAL)))
    assert one.get("/de/groups/talks/new").status_code == 200
    made = one.post("/de/groups/talks/new", data={**ASKED, "subject_kind": "with_professional"})
    link = made.text.split('value="http')[1].split('"')[0]
    path = "/de/" + link.split("/de/")[1]
    assert "Kanarienvogel" not in other.get(path).text
    assert other.post(path).status_code == 303
    assert "Kanarienvogel" in other.get(talk_address()).text
    third = browse(settled())
    assert third.post(path).status_code == 409
    assert third.get(path).status_code == 200


def test_offering_to_help_and_taking_it_back(browse: Browse) -> None:
    browser = browse(settled())
    assert browser.post("/de/groups/mediators/me", data={"about": ""}).status_code == 422
    kept = {"about": "Ich höre zu.", "languages": "de, tr"}
    assert browser.post("/de/groups/mediators/me", data=kept).status_code == 303
    assert "Ich höre zu." in browser.get("/de/groups/mediators/me").text
    assert browser.post("/de/groups/mediators/me", data={"end": "1"}).status_code == 303
    assert "Ich höre zu." not in browser.get("/de/groups/mediators/me").text


REVIEW = {"alias": "Nadel 5", "topic": "Wie wir reden", "measure": "Eine Pause", "measure_days": "28"}


def begun(browse: Browse) -> tuple[int, list[Actor], str]:
    """A review that one member began: (group, its members, its address)."""
    group_id, people = make_group(6)
    with transaction():
        for person in people:
            member(group_id, person).member_since = clock.today() - timedelta(days=40)
    first = browse(people[0])
    begin = f"/de/groups/{group_pid(group_id)}/reviews"
    assert first.get(begin).status_code == 200
    assert first.post(begin, data={**REVIEW, "exclusion_months": "13"}).status_code == 422
    assert first.post(begin, data={**REVIEW, "exclusion_months": "6"}).status_code == 303
    made = only(MembershipReview)
    assert isinstance(made, MembershipReview)
    assert made.public_id not in browse(people[5]).get(begin).text, "not told before a second joins"
    return group_id, people, f"/de/groups/reviews/{made.public_id}"


def by_date() -> None:
    with transaction():
        peace_by_date(clock.today())


def test_a_review_is_heard_and_voted_on(browse: Browse) -> None:
    group_id, people, address = begun(browse)
    first, second, affected = (browse(people[number]) for number in (0, 1, 5))
    assert affected.get(address).status_code == 404
    assert affected.post(f"{address}/statement", data={"statement": "Nein."}).status_code == 404
    assert second.post(f"{address}/join").status_code == 303
    assert address in affected.get(f"/de/groups/{group_pid(group_id)}").text
    said = {"statement": "So sehe ich es.", "helper": "Oma"}
    assert first.post(f"{address}/statement", data=said).status_code == 404
    assert affected.post(f"{address}/statement", data={"statement": ""}).status_code == 422
    assert affected.post(f"{address}/statement", data=said).status_code == 303
    assert "So sehe ich es." in second.get(address).text
    assert browse(settled()).get(address).status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=7.1), tick=False):
        by_date()
        browsers = [browse(person) for person in people]
        assert browsers[0].post(f"{address}/vote", data={"choice": "maybe"}).status_code == 422
        for browser in browsers[:5]:
            assert 'name="choice"' in browser.get(address).text
            vote = browser.post(f"{address}/vote", data={"choice": ReviewResult.EXCLUSION.value})
            assert vote.status_code == 303
        assert browsers[0].post(f"{address}/vote", data={"choice": "measure"}).status_code == 409
        assert browsers[5].post(f"{address}/vote", data={"choice": "measure"}).status_code == 404


def excluded(browse: Browse) -> tuple[int, list[Actor], str]:
    """The same, decided: five of five for exclusion."""
    group_id, people, address = begun(browse)
    with transaction():
        review = session.scalars(select(MembershipReview)).one()
        reviewing.second_review(review, actor=people[1])
    with time_machine.travel(clock.now() + timedelta(days=7.1), tick=False):
        by_date()
        for person in people[:5]:
            with transaction():
                review = session.scalars(select(MembershipReview)).one()
                reviewing.vote(review, ReviewResult.EXCLUSION, actor=person)
    with time_machine.travel(clock.now() + timedelta(days=14.1), tick=False):
        by_date()
    return group_id, people, address


def test_somebody_from_outside_looks_at_a_decision(browse: Browse) -> None:
    group_id, people, address = excluded(browse)
    outside = settled(display_name="Ida Hilft")
    with transaction():
        choosing.offer_to_mediate(actor=outside, about="Ich höre zu.", languages=["de"])
    with time_machine.travel(clock.now() + timedelta(days=17.2), tick=False):
        by_date()
        affected, looker = browse(people[5]), browse(outside)
        assert NAME not in affected.get(address).text
        assert affected.get(f"{address}/outside").status_code == 200
        offer = only(MediatorOffer)
        assert isinstance(offer, MediatorOffer)
        words = {"mediator": offer.public_id, "words": "Niemand hat zugehört."}
        assert looker.get(address).status_code == 404
        assert affected.post(f"{address}/outside", data=words).status_code == 303
        assert "Niemand hat zugehört." in looker.get(address).text
        assert looker.post(f"{address}/look", data={"answer": "yes"}).status_code == 303
        assert looker.post(f"{address}/look", data={"outcome": "anew"}).status_code == 422
        found = {"outcome": "anew", "words": "Sie wurde nicht gehört."}
        assert looker.post(f"{address}/look", data=found).status_code == 303
        assert "Sie wurde nicht gehört." in affected.get(address).text
        assert affected.get(f"/de/groups/{group_pid(group_id)}").status_code == 200
