"""Leaving, pausing, ending and going on, on pages; and the link of a mail that answers without signing in."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import GroupState, MemberState, PairAct, Privacy, RoleOffer
from portal.groups.operations import leaving, living
from portal.groups.queries.standing import answer_token
from tests.groups.conftest import Browse
from tests.groups.roles import holds, path_of, pid_in, went_to
from tests.support.factories_groups import get_group, make_group, member_of


def test_leaving_is_at_once_and_twice_is_once(browse: Browse) -> None:
    group_id, people = make_group(3)
    browser = browse(people[0])
    data = {"texts": "keep", "successor": pid_in(group_id, people[1])}
    assert went_to(browser.post(path_of(group_id, "leave"), data=data), "/mine")
    assert went_to(browser.post(path_of(group_id, "leave"), data=data), "/mine")
    with transaction(write=False):
        assert member_of(group_id, people[0]).state is MemberState.LEFT
        assert get_group(group_id).leaderless_since == clock.today()
        (offer,) = session.query(RoleOffer).all()
        assert (offer.membership_id, offer.from_id) == (member_of(group_id, people[1]).id, None)
    browse(people[1]).post(path_of(group_id, f"offers/{offer.public_id}/yes"))
    assert holds(group_id, people[1])
    with transaction(write=False):
        assert get_group(group_id).leaderless_since is None


def test_leaving_a_discreet_group_shows_nothing_afterwards(browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    browser = browse(people[1])
    for _twice in range(2):
        assert went_to(browser.post(path_of(group_id, "leave"), data={"texts": "take"}), "/mine")
    assert browser.get(path_of(group_id)).status_code == 404


def test_pausing_and_coming_back(browse: Browse) -> None:
    group_id, people = make_group(3)
    browser = browse(people[1])
    assert browser.post(path_of(group_id, "pause"), data={"days": "0"}).status_code == 422
    assert went_to(browser.post(path_of(group_id, "pause"), data={"days": "10"}), "/members")
    assert went_to(browser.get(path_of(group_id, "pause")), "/members")
    for _twice in range(2):
        assert went_to(browser.post(path_of(group_id, "back")), "/members")
    with transaction(write=False):
        assert member_of(group_id, people[1]).state is MemberState.MEMBER


def ask_whether_it_goes_on(group_id: int) -> None:
    """The group has been silent, and was asked."""
    with transaction():
        get_group(group_id).last_sign_on = clock.today() - timedelta(days=100)
    with transaction():
        assert living.check_in(clock.today()) == 1


def test_a_lively_group_neither_rests_nor_ends_by_a_tap(browse: Browse) -> None:
    group_id, people = make_group(3)
    for answer in ("break", "stop"):
        browse(people[1]).post(path_of(group_id, "goes-on"), data={"answer": answer})
    with transaction(write=False):
        assert get_group(group_id).state is GroupState.ACTIVE
        assert session.query(PairAct).count() == 0


def test_an_asked_group_takes_a_break_and_wakes(browse: Browse) -> None:
    group_id, people = make_group(3)
    ask_whether_it_goes_on(group_id)
    for answer, state in (("break", GroupState.DORMANT), ("on", GroupState.ACTIVE)):
        browse(people[1]).post(path_of(group_id, "goes-on"), data={"answer": answer})
        with transaction(write=False):
            assert get_group(group_id).state is state


def test_two_members_end_a_silent_group(browse: Browse) -> None:
    group_id, people = make_group(3)
    ask_whether_it_goes_on(group_id)
    for _twice in range(2):
        browse(people[1]).post(path_of(group_id, "goes-on"), data={"answer": "stop"})
    with transaction(write=False):
        assert get_group(group_id).state is GroupState.ACTIVE
    browse(people[2]).post(path_of(group_id, "goes-on"), data={"answer": "stop"})
    with transaction(write=False):
        assert get_group(group_id).state is GroupState.ARCHIVED


def test_whoever_says_it_goes_on_stops_the_end(browse: Browse) -> None:
    group_id, people = make_group(3)
    ask_whether_it_goes_on(group_id)
    browse(people[1]).post(path_of(group_id, "goes-on"), data={"answer": "stop"})
    browse(people[2]).post(path_of(group_id, "goes-on"), data={"answer": "on"})
    with transaction(write=False):
        assert session.query(PairAct).count() == 0


def token_of(group_id: int, actor: Actor) -> str:
    """What stands in a mail's link."""
    with transaction(write=False):
        return answer_token(member_of(group_id, actor))


def test_the_link_of_a_mail_answers_without_signing_in(app: Flask) -> None:
    group_id, people = make_group(3)
    ask_whether_it_goes_on(group_id)
    address = f"/en/groups/answer/{token_of(group_id, people[1])}"
    visitor = app.test_client()
    assert visitor.get(address).status_code == 200
    with transaction(write=False):
        assert get_group(group_id).checkin_sent_on is not None
    assert visitor.post(address, data={"answer": "on"}).status_code == 200
    assert visitor.post(address, data={"answer": "on"}).status_code == 200
    with transaction(write=False):
        assert get_group(group_id).last_sign_on == clock.today()


def test_a_forged_or_stale_link_opens_nothing(app: Flask) -> None:
    group_id, people = make_group(3)
    discreet_id, hidden = make_group(3, privacy=Privacy.DISCREET)
    good = token_of(group_id, people[1])
    with transaction():
        leaving.leave(get_group(group_id), actor=people[1])
    forged = f"{good.split('.')[0]}.{'0' * 32}"
    for token in (good, forged, token_of(discreet_id, hidden[1]), "x", "x.y"):
        assert app.test_client().get(f"/en/groups/answer/{token}").status_code == 404
