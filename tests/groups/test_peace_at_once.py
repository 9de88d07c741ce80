"""Two people at the same second, on both databases: each with its one clear result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.errors import VotedAlready
from portal.groups.errors.peace import LinkOver
from portal.groups.models import (
    GroupMove,
    Mediation,
    MediationFact,
    MediationState,
    MembershipReview,
    MoveState,
    ReviewResult,
    ReviewState,
    ReviewTally,
    TalkSubject,
    WantedMediator,
)
from portal.groups.operations.peace import asking, reviewing, talking
from portal.groups.operations.together import moving
from tests.groups.conftest import Make, group, settled
from tests.groups.test_deciding_at_once import at_once
from tests.groups.test_mediation import running, talk
from tests.groups.test_reviews import begun, review
from tests.groups.test_together import TEXT, move


def test_both_sides_agree_at_the_same_second(both: Flask, make: Make) -> None:
    group_id, people = make(3)
    mediation_id, helper = running(group_id, people)
    with transaction():
        talking.write_agreement(talk(mediation_id), "Um neun.", actor=helper)
    works = [lambda one=one: talking.agree(talk(mediation_id), 1, actor=one) for one in people[:2]]
    at_once(both, works)
    with transaction(write=False):
        assert talk(mediation_id).state is MediationState.AGREED
        assert session.scalar(select(func.count()).select_from(MediationFact)) == 1


def test_a_link_opened_by_two_at_once_is_for_one(both: Flask) -> None:
    asker, others = settled(), [settled(), settled()]
    with transaction():
        _, token = asking.ask_by_link(
            actor=asker,
            subject_kind=TalkSubject.RULES,
            wanted=WantedMediator.EXTERNAL,
            words="Reden wir?",
        )

    def opened(one: Any) -> str:
        try:
            asking.open_link(token, actor=one)
        except LinkOver:
            return "over"
        return "mine"

    said = at_once(both, [lambda one=one: opened(one) for one in others])
    assert sorted(said) == ["mine", "over"]
    with transaction(write=False):
        assert len(session.scalars(select(Mediation)).one().people) == 2


def test_both_groups_decide_at_the_same_second(both: Flask, make: Make) -> None:
    (one, ours), (other, theirs) = make(3), make(3)
    with transaction():
        made, words = moving.write_merge(group(one), TEXT, actor=ours[0])
        move_id = made.id
    with transaction():
        moving.join_merge(group(other), words, actor=theirs[0])
    works = [lambda side=side: moving.side_decided(move(move_id), group(side), True) for side in (one, other)]
    at_once(both, works)
    with transaction(write=False):
        assert session.scalars(select(GroupMove)).one().state is MoveState.OPEN


def test_a_vote_pressed_twice_and_a_round_closed_twice_count_once(both: Flask, make: Make) -> None:
    _, people, review_id = begun(make)

    def voted() -> str:
        try:
            reviewing.vote(review(review_id), ReviewResult.NO_CHANGE, actor=people[0])
        except VotedAlready:
            return "again"
        return "counted"

    with transaction():
        found = review(review_id)
        found.hearing_until = clock.now() - timedelta(minutes=1)
        found.state = ReviewState.VOTING
    assert sorted(at_once(both, [voted] * 3)) == ["again", "again", "counted"]
    with transaction():
        assert session.scalar(select(func.sum(ReviewTally.count))) == 1
        review(review_id).closes_at = clock.now() - timedelta(seconds=1)
    done = at_once(both, [lambda: reviewing.close_review(review_id)] * 2)
    assert sorted(done) == [False, True]
    with transaction(write=False):
        assert session.scalars(select(MembershipReview)).one().round == 2
