"""Members who want to be seen, reviews nobody guesses, talks in one's own data, lists that stay fast."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.accounts.operations.own_data import export_of
from portal.core import clock, limits
from portal.core.db import session, transaction
from portal.groups.errors.peace import ReviewRunning
from portal.groups.models import MembershipReview, Privacy, ReviewState, TalkSubject, WantedMediator
from portal.groups.operations import living
from portal.groups.operations.peace import asking, reviewing, talking
from portal.groups.operations.profile import change_own
from portal.groups.queries.peace import mediations_of, reviews_for
from tests.groups.conftest import Browse, Make, group, member, settled
from tests.groups.roles import count_queries
from tests.groups.test_mediation import asked, running, talk
from tests.groups.test_reviews import old_group, propose, review
from tests.support.factories_groups import group_pid, make_group


def test_who_wants_to_be_seen_stands_on_the_page_and_nobody_else(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.OPEN)
    path, visitor, own = f"/de/groups/{group_pid(group_id)}", app.test_client(), browse(people[1])
    assert "Nadel" not in visitor.get(path).text
    data = {"alias": "Nadel 1", "notices": "full", "shown_publicly": "y"}
    assert own.post(f"{path}/me", data=data).status_code == 303
    page = visitor.get(path).text
    assert "Nadel 1" in page
    assert not any(name in page for name in ("Nadel 0", "Nadel 2"))
    # Taken back at once, and gone with every step towards more privacy.
    assert own.post(f"{path}/me", data={**data, "shown_publicly": ""}).status_code == 303
    assert "Nadel" not in visitor.get(path).text
    own.post(f"{path}/me", data=data)
    for privacy in (Privacy.CLOSED, Privacy.DISCREET):
        with transaction():
            living.tighten(group(group_id), privacy, actor=people[0])
        assert "Nadel" not in visitor.get(path).text
    with transaction():
        change_own(group(group_id), actor=people[1], alias="Nadel 1", shown_publicly=True)
        assert not member(group_id, people[1]).shown_publicly
    assert "Nadel" not in own.get(path).text


def test_nobody_learns_by_guessing_that_they_are_talked_about(make: Make) -> None:
    group_id, people = old_group(make)
    about_five = propose(group_id, people[0])
    # The person it is about proposes, and lists: both as if there were nothing.
    own = propose(group_id, people[5], "Nadel 4")
    with transaction(write=False):
        assert [one.id for one in reviews_for(group(group_id), people[5])] == [own]
        assert [one.id for one in reviews_for(group(group_id), people[4])] == [about_five]
        assert [one.id for one in reviews_for(group(group_id), people[1])] == [own, about_five]
    with pytest.raises(ReviewRunning):
        propose(group_id, people[0], "Nadel 3")
    with transaction():
        reviewing.second_review(review(about_five), actor=people[1])
        assert review(about_five).state is ReviewState.HEARING
    with transaction(), pytest.raises(ReviewRunning):
        reviewing.second_review(review(own), actor=people[1])
    with transaction(write=False):
        assert about_five in [one.id for one in reviews_for(group(group_id), people[5])]
    with pytest.raises(IntegrityError), transaction():
        second = review(own)
        second.state, second.hearing_until = ReviewState.HEARING, clock.now()
        second.closes_at, second.second_id = review(about_five).closes_at, member(group_id, people[1]).id
    with pytest.raises(IntegrityError), transaction():
        starter = review(own).starter_id
        affected = member(group_id, people[2]).id
        given = {"group_id": group_id, "affected_id": affected, "starter_id": starter}
        session.add_all(MembershipReview(**given, alias="", topic="") for _twice in range(2))


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_ones_own_data_hold_ones_talks_but_none_of_discreet_groups(make: Make, privacy: Privacy) -> None:
    group_id, people = make(3, privacy=privacy)
    mediation_id, _mediator = running(group_id, people)
    with transaction():
        talking.write_note(talk(mediation_id), "Meine Worte", actor=people[0])
        talking.write_note(talk(mediation_id), "Fremde Worte", actor=people[1])
    with transaction(write=False):
        mine, others = (export_of(session.get_one(Account, people[one].account_id)) for one in (0, 2))
        rows = mine["talks"]
        assert others["talks"] == []
    if privacy is Privacy.DISCREET:
        assert rows == []
        return
    (row,) = rows
    assert (row["written"], row["as"]) == ("Meine Worte", "asker")
    assert row["question"]
    assert "Fremde Worte" not in str(row)


def test_a_list_of_talks_asks_as_little_for_many_as_for_few(app: Flask, browse: Browse) -> None:
    me = settled()
    browser = browse(me)

    def more(count: int) -> None:
        for _ in range(count):
            limits.start_over()
            group_id, people = make_group(people=[settled(), settled(), me])
            asked(group_id, me, "Nadel 0")
            asked(group_id, people[0], "Nadel 1")
            with transaction():
                asking.ask_by_link(
                    actor=me,
                    subject_kind=TalkSubject.RULES,
                    wanted=WantedMediator.EXTERNAL,
                    words="Bitte reden",
                )

    more(1)
    addresses = ("/de/groups/talks", "/de/groups/mine", "/de/groups")
    for _first_answers_warm_up in range(2):
        few = [count_queries(browser, address) for address in addresses]
    more(3)
    assert [count_queries(browser, address) for address in addresses] == few
    with transaction(write=False):
        assert len(mediations_of(me)) == 8


def test_a_list_of_reviews_asks_as_little_for_many_as_for_few(app: Flask, browse: Browse) -> None:
    group_id, people = old_group(make_group)
    address, browser = f"/de/groups/{group_pid(group_id)}", browse(people[1])
    propose(group_id, people[0])
    for _first_answers_warm_up in range(2):
        few = [count_queries(browser, one) for one in (address, f"{address}/reviews")]
    for number in (2, 3, 4):
        propose(group_id, people[number])
    assert [count_queries(browser, one) for one in (address, f"{address}/reviews")] == few
