"""Review of a membership: two begin it, the person is heard, a frozen electorate votes in secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import VISITOR, Actor, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.groups.errors import AskedLately, NotAnElector, TooLate, VotedAlready
from portal.groups.errors.peace import (
    BarredUntil,
    FrozenByReview,
    NeedsContactRole,
    NotNow,
    NotWithYourself,
    ReviewRunning,
    TakesASide,
    TooSmallForReview,
)
from portal.groups.jobs import peace_by_date
from portal.groups.models import (
    AppealState,
    MediatorOffer,
    MembershipReview,
    MemberState,
    Preset,
    Privacy,
    ReviewElector,
    ReviewResult,
    ReviewState,
)
from portal.groups.operations import joining, leaving, roles
from portal.groups.operations.peace import appealing, choosing, reviewing
from portal.groups.queries import role_lines
from portal.groups.queries.peace import review_turnout
from tests.groups.conftest import Make, group, member, settled
from tests.support.factories import actor_of, make_staff

pytestmark = [pytest.mark.logic, pytest.mark.usefixtures("at_noon")]

NONE, MEASURE, OUT = ReviewResult.NO_CHANGE, ReviewResult.MEASURE, ReviewResult.EXCLUSION
DAY = timedelta(days=1)


def old_group(make: Make, size: int = 6, **given: object) -> tuple[int, list[Actor]]:
    """A group whose members have been there for forty days."""
    group_id, people = make(size, **given)
    with transaction():
        for person in people:
            member(group_id, person).member_since = clock.today() - 40 * DAY
    return group_id, people


def propose(group_id: int, actor: Actor, alias: str = "Nadel 5") -> int:
    with transaction():
        made = reviewing.propose_review(
            group(group_id),
            actor=actor,
            alias=alias,
            topic="Wie wir miteinander reden",
            measure="Eine Pause von vier Wochen",
            measure_days=28,
            exclusion_days=180,
        )
        return made.id


def begun(make: Make, size: int = 6, **given: object) -> tuple[int, list[Actor], int]:
    """A hearing has begun about the last member."""
    group_id, people = old_group(make, size, **given)
    review_id = propose(group_id, people[0], f"Nadel {size - 1}")
    with transaction():
        reviewing.second_review(review(review_id), actor=people[1])
    return group_id, people, review_id


def review(review_id: int) -> MembershipReview:
    return session.get_one(MembershipReview, review_id, populate_existing=True)


def day(days: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def by_date() -> None:
    for _ in range(2):
        with transaction():
            peace_by_date(clock.today())


def voted(review_id: int, people: list[Actor], choices: list[ReviewResult]) -> None:
    for person, choice in zip(people, choices, strict=False):
        with transaction():
            reviewing.vote(review(review_id), choice, actor=person)


@pytest.mark.on_both
def test_heard_voted_excluded_and_back_after_the_time(make: Make) -> None:
    group_id, people, review_id = begun(make)
    affected = people[5]
    with transaction():
        reviewing.speak(review(review_id), actor=affected, statement="So sehe ich es.", helper="Meine Oma")
        with pytest.raises(TooLate):
            reviewing.vote(review(review_id), OUT, actor=people[0])
        with pytest.raises(NotFound):
            reviewing.vote(review(review_id), NONE, actor=affected)
    with day(7.1):
        by_date()
        voted(review_id, people, [OUT, OUT, OUT, NONE])
        with pytest.raises(VotedAlready), transaction():
            reviewing.vote(review(review_id), NONE, actor=people[0])
    with day(14.1):
        by_date()
        with transaction(write=False):
            found = review(review_id)
            assert (found.state, found.result) == (ReviewState.DECIDED, OUT)
            assert found.effective_on == clock.today() + 3 * DAY
            assert member(group_id, affected).state is MemberState.MEMBER
    with day(17.1):
        by_date()
        with transaction():
            assert member(group_id, affected).state is MemberState.REMOVED
            code = joining.make_code(group(group_id), actor=people[0])
            with pytest.raises(AskedLately):
                joining.join_by_code(code, actor=affected, alias="Neu")
    with day(17.1 + 179), pytest.raises(AskedLately), transaction():
        code = joining.make_code(group(group_id), actor=people[0])
        joining.join_by_code(code, actor=affected, alias="Neu")
    with day(17.1 + 181):
        by_date()
        with transaction():
            code = joining.make_code(group(group_id), actor=people[0])
            joining.join_by_code(code, actor=affected, alias="Neu")
    with day(17.1 + 181 + 90):
        by_date()
        with transaction(write=False):
            assert session.get(MembershipReview, review_id) is None


@pytest.mark.on_both
def test_no_row_links_a_vote_to_a_person(make: Make) -> None:
    _, people, review_id = begun(make)
    with day(7.1):
        by_date()
        voted(review_id, people, [OUT, NONE])
        with transaction(write=False):
            assert review_turnout(review(review_id)) == (2, 5)
            columns = session.execute(text("SELECT * FROM group_review_tally")).keys()
            assert set(columns) == {"review_id", "round", "choice", "count"}


def test_a_measure_is_a_pause_that_ends_by_itself_and_not_before(make: Make) -> None:
    group_id, people, review_id = begun(make)
    affected = people[5]
    with day(7.1):
        by_date()
        voted(review_id, people, [MEASURE, MEASURE, MEASURE, OUT])
    with day(14.1):
        by_date()
    with day(17.1):
        by_date()
        with transaction():
            assert member(group_id, affected).state is MemberState.PAUSED
            with pytest.raises(BarredUntil):
                leaving.come_back(group(group_id), actor=affected)
            # Leaving and coming again is no way around it.
            leaving.leave(group(group_id), actor=affected)
            code = joining.make_code(group(group_id), actor=people[0])
            with pytest.raises(AskedLately):
                joining.join_by_code(code, actor=affected, alias="Neu")
            session.rollback()
    with day(17.1 + 28):
        by_date()
        with transaction(write=False):
            assert member(group_id, affected).state is MemberState.MEMBER


def test_too_few_votes_twice_change_nothing_and_a_second_round_knows_no_exclusion(make: Make) -> None:
    group_id, people, review_id = begun(make)
    with day(7.1):
        by_date()
        voted(review_id, people, [OUT])
    with day(14.1):
        by_date()
        with transaction(write=False):
            found = review(review_id)
            assert (found.state, found.round, found.exclusion_possible) == (ReviewState.VOTING, 2, True)
        voted(review_id, people, [OUT, OUT])
    with day(21.2):
        by_date()
        with transaction(write=False):
            assert review(review_id).result is ReviewResult.NO_QUORUM
            assert member(group_id, people[5]).state is MemberState.MEMBER
    again = propose(group_id, people[2])
    with transaction():
        reviewing.second_review(review(again), actor=people[3])
    with day(7.1):
        by_date()
        voted(again, people, [OUT, OUT, NONE, NONE, MEASURE])
    with day(14.1):
        by_date()
        with pytest.raises(NotNow), transaction():
            reviewing.vote(review(again), OUT, actor=people[0])
        voted(again, people, [MEASURE, MEASURE, NONE, NONE])
    with day(21.2):
        by_date()
        with transaction(write=False):
            assert review(again).result is NONE, "equal is no change"


def test_who_can_begin(make: Make) -> None:
    small_id, few = old_group(make, 4)
    with pytest.raises(TooSmallForReview):
        propose(small_id, few[0], "Nadel 3")
    young_id, young = make(6)
    with pytest.raises(TooSmallForReview):
        propose(young_id, young[0])
    group_id, people = old_group(make)
    with pytest.raises(NotWithYourself):
        propose(group_id, people[5])
    stranger = settled()
    review_id = propose(group_id, people[0])
    with pytest.raises(ReviewRunning):
        propose(group_id, people[0], "Nadel 4")
    with transaction():
        with pytest.raises(NotNow):
            reviewing.second_review(review(review_id), actor=people[0])
        for other in (people[5], stranger):
            with pytest.raises(NotFound):
                reviewing.second_review(review(review_id), actor=other)
    with day(15):
        by_date()
        with transaction(write=False):
            assert session.get(MembershipReview, review_id) is None, "nobody joined"


def test_in_a_discreet_group_a_contact_person_is_one_of_the_two(make: Make) -> None:
    group_id, people = old_group(make, privacy=Privacy.DISCREET)
    review_id = propose(group_id, people[1])
    with transaction():
        with pytest.raises(NeedsContactRole):
            reviewing.second_review(review(review_id), actor=people[2])
        reviewing.second_review(review(review_id), actor=people[0])


def test_electorate_invitations_and_roles_are_frozen(make: Make) -> None:
    group_id, people = old_group(make, preset=Preset.CONTACT)
    with transaction():
        code = joining.make_code(group(group_id), actor=people[0], uses=2)
    late = settled()
    review_id = propose(group_id, people[0])
    with transaction():
        reviewing.second_review(review(review_id), actor=people[1])
        joining.join_by_code(code, actor=late, alias="Spät")
    with transaction():
        with pytest.raises(FrozenByReview):
            joining.make_code(group(group_id), actor=people[0])
        role = role_lines(group(group_id))[0].role
        with pytest.raises(FrozenByReview):
            roles.give_trust(role, member(group_id, people[2]), group=group(group_id), actor=people[1])
    with day(7.1):
        by_date()
        with pytest.raises(NotAnElector), transaction():
            reviewing.vote(review(review_id), OUT, actor=late)


def test_leaving_ends_it_and_takes_the_leaver_out_of_the_electorate(make: Make) -> None:
    group_id, people, review_id = begun(make)
    with transaction():
        leaving.leave(group(group_id), actor=people[2])
        assert session.scalar(select(func.count()).select_from(ReviewElector)) == 4
        leaving.leave(group(group_id), actor=people[5])
        found = review(review_id)
        assert (found.state, found.result) == (ReviewState.OVER, ReviewResult.LEFT)


@pytest.mark.on_both
def test_the_database_knows_the_rules(make: Make) -> None:
    group_id, people, review_id = begun(make)
    for column, value in (
        ("second_id", member_id(group_id, people[0])),
        ("starter_id", member_id(group_id, people[5])),
        ("measure_days", 93),
        ("exclusion_days", 367),
        ("round", 3),
        ("result", OUT),
        ("hearing_until", clock.now() + 400 * DAY),
    ):
        with pytest.raises(IntegrityError), transaction():
            setattr(review(review_id), column, value)
    given = {"group_id": group_id, "alias": "x", "topic": "x", "begun_on": clock.today()}
    with transaction(write=False):
        given |= {
            "affected_id": member(group_id, people[4]).id,
            "starter_id": member(group_id, people[0]).id,
        }
    now = clock.now()
    runs = {"state": ReviewState.HEARING, "hearing_until": now + 7 * DAY, "closes_at": now + 14 * DAY}
    with pytest.raises(IntegrityError), transaction():  # two about which people talk at once
        session.add(MembershipReview(**given, **runs))
    with pytest.raises(IntegrityError), transaction():  # two proposals of one person
        session.add_all([MembershipReview(**given), MembershipReview(**given)])


def member_id(group_id: int, actor: Actor) -> int:
    with transaction(write=False):
        return member(group_id, actor).id


@pytest.mark.parametrize("privacy", [Privacy.OPEN, Privacy.DISCREET])
def test_only_the_group_learns_of_it(make: Make, privacy: Privacy) -> None:
    _, people, review_id = begun(make, privacy=privacy)
    others = [VISITOR, settled(), *[actor_of(make_staff(role)) for role in StaffRole]]
    with transaction(write=False):
        for person in people:
            assert can(person, "groups.see_review", review(review_id))
        for other in others:
            assert not can(other, "groups.see_review", review(review_id))


def excluded(make: Make) -> tuple[int, list[Actor], int]:
    group_id, people, review_id = begun(make)
    with day(7.1):
        by_date()
        voted(review_id, people, [OUT] * 5)
    with day(14.1):
        by_date()
    return group_id, people, review_id


def test_somebody_from_outside_looks_at_it_once(make: Make) -> None:
    group_id, people, review_id = excluded(make)
    affected, outside, inside = people[5], settled(), people[3]
    with transaction():
        for one in (outside, inside, affected):
            choosing.offer_to_mediate(actor=one, about="Ich höre zu.", languages=["de"])

    def ask(one: Actor) -> None:
        offer = session.get_one(MediatorOffer, one.account_id)
        appealing.ask_outside(review(review_id), offer, actor=affected, name="Ida", words="Unfair.")

    with day(17.1):
        by_date()
        with transaction():
            for one in (inside, affected):
                with pytest.raises(TakesASide):
                    ask(one)
            ask(outside)
            assert can(outside, "groups.see_review", review(review_id))
            appealing.answer_appeal(review(review_id), True, actor=outside)
            with pytest.raises(NotNow):
                ask(outside)
            with pytest.raises(NotFound):
                appealing.settle_appeal(review(review_id), stands=False, actor=affected, words="Nein.")
        with transaction():
            appealing.settle_appeal(review(review_id), stands=False, actor=outside, words="Nicht gehört.")
        with transaction(write=False):
            found, back = review(review_id), member(group_id, affected)
            assert (found.state, found.appeal) == (ReviewState.OVER, AppealState.ANEW)
            assert (back.state, back.alias, back.barred_until) == (MemberState.MEMBER, "Nadel 5", None)


def test_after_thirty_days_it_is_too_late_to_ask_outside(make: Make) -> None:
    _, people, review_id = excluded(make)
    outside = settled()
    with transaction():
        choosing.offer_to_mediate(actor=outside, about="Ich höre zu.", languages=["de"])
    with day(14.1 + 31), pytest.raises(TooLate), transaction():
        offer = session.get_one(MediatorOffer, outside.account_id)
        appealing.ask_outside(review(review_id), offer, actor=people[5], name="Ida", words="Unfair.")
