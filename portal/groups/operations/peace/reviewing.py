"""Review of a membership: two begin it, the person is heard, the frozen electorate votes in secret."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors import (
    NotAMember,
    NotAnElector,
    TooLate,
    TooLong,
    VotedAlready,
)
from portal.groups.errors.peace import (
    NeedsContactRole,
    NobodyByThisName,
    NotNow,
    NotWithYourself,
    ReviewRunning,
    TooSmallForReview,
)
from portal.groups.events import ReviewMoved
from portal.groups.models import (
    LONGEST_EXCLUSION,
    LONGEST_MEASURE,
    REVIEW_CHOICES,
    TALK_LENGTH,
    TOPIC_LENGTH,
    Group,
    Membership,
    MembershipReview,
    MemberState,
    ReviewElector,
    ReviewResult,
    ReviewState,
    ReviewTally,
    Right,
)
from portal.groups.operations.peace.rows import checked_words
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.operations.turns import all_at_once
from portal.groups.permissions import membership_of, rights_of
from portal.groups.permissions.holding import locked_refs
from portal.groups.queries import active_count
from portal.groups.queries.peace import (
    decide,
    elector_in,
    review_tallies,
    review_turnout,
    running_review,
)
from portal.groups.queries.standing import member_by_alias

FEWEST_MEMBERS, FEWEST_ELECTORS = 5, 4
# Who has been a member so long when it begins may vote.
MEMBER_FOR = timedelta(days=30)
HEARING, VOTING = timedelta(days=7), timedelta(days=7)
EFFECT_AFTER = timedelta(days=3)
APPEAL_WITHIN = timedelta(days=30)
# A second has so long to join, afterwards it is gone.
SECOND_WITHIN = timedelta(days=14)
KEPT = timedelta(days=90)


def propose_review(
    group: Group,
    *,
    actor: Actor,
    alias: str,
    topic: str,
    measure: str,
    measure_days: int = 0,
    exclusion_days: int = LONGEST_EXCLUSION,
) -> MembershipReview:
    """One member says that the group should talk about a membership; a second has to join within 14 days.

    `measure`: the mildest thing that could help, in words; with `measure_days` it is a pause of that length.
    Several may be proposed at once, one by each member: whoever is refused would know that there is one.
    Raises NobodyByThisName, NotWithYourself, WordsMissing, TooLong, TooSmallForReview, ReviewRunning.
    """
    ensure(actor, "groups.take_part", group)
    starter, affected = membership_of(actor, group), member_by_alias(group, alias)
    if starter is None or affected is None:
        raise NobodyByThisName
    if starter.id == affected.id:
        raise NotWithYourself
    if active_count(group) < FEWEST_MEMBERS or len(_electors(group, affected)) < FEWEST_ELECTORS:
        raise TooSmallForReview
    if running_review(group) is not None or _has_proposed(starter):
        raise ReviewRunning
    review = MembershipReview(
        group_id=group.id,
        affected_id=affected.id,
        starter_id=starter.id,
        alias=affected.alias,
        topic=checked_words(topic, field="topic", most=TOPIC_LENGTH),
        measure=checked_words(measure, field="measure", most=TOPIC_LENGTH),
        measure_days=max(0, min(measure_days, LONGEST_MEASURE)),
        exclusion_days=max(1, min(exclusion_days, LONGEST_EXCLUSION)),
        begun_on=clock.today(),
    )
    session.add(review)
    session.flush()
    return review


def _has_proposed(starter: Membership) -> bool:
    query = select(MembershipReview.id).where(
        MembershipReview.starter_id == starter.id, MembershipReview.state == ReviewState.PROPOSED
    )
    return session.scalar(query) is not None


def _electors(group: Group, affected: Membership) -> list[str]:
    """References of those who may vote: members of thirty days, without the person it is about.

    Accounts that are locked may only read: they cannot vote, and do not count.
    """
    query = select(Membership.ref).where(
        Membership.group_id == group.id,
        Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)),
        Membership.member_since <= clock.today() - MEMBER_FOR,
        Membership.id != affected.id,
    )
    # Sorted by the reference, which says nothing: rows must not stand in the order of joining.
    return sorted(set(session.scalars(query)) - locked_refs(group.id))


def second_review(review: MembershipReview, *, actor: Actor) -> None:
    """A second member joins: the hearing begins, and from now on the electorate is frozen.

    In a discreet group one of the two holds the contact role. Raises NotNow, NotAMember, NeedsContactRole,
    TooSmallForReview, ReviewRunning while the group is in another.
    """
    ensure(actor, "groups.carry_review", review)
    group, affected = session.get(Group, review.group_id), session.get(Membership, review.affected_id)
    assert group is not None
    assert affected is not None
    second = membership_of(actor, group)
    starter = session.get(Membership, review.starter_id) if review.starter_id else None
    if review.state is not ReviewState.PROPOSED or second is None or second.id == review.starter_id:
        raise NotNow
    if starter is None or starter.state is not MemberState.MEMBER:
        raise NotAMember
    if running_review(group) is not None:
        raise ReviewRunning
    if group.is_discreet and not any(
        Right.ANSWER_CONTACT in rights_of(one, group) for one in (starter, second)
    ):
        raise NeedsContactRole
    electors = _electors(group, affected)
    if active_count(group) < FEWEST_MEMBERS or len(electors) < FEWEST_ELECTORS:
        raise TooSmallForReview
    now = clock.now()
    review.second_id, review.state, review.begun_on = second.id, ReviewState.HEARING, clock.today()
    review.hearing_until = now + HEARING
    review.closes_at = now + HEARING + VOTING
    session.add_all(ReviewElector(review_id=review.id, ref=ref) for ref in electors)
    _make_tallies(review)
    tell(group, "review_begun", who="two members")
    emit(ReviewMoved(group.id, review.id, "hearing"))


def _make_tallies(review: MembershipReview) -> None:
    session.add_all(
        ReviewTally(review_id=review.id, round=review.round, choice=choice, count=0)
        for choice in choices_of(review)
    )
    session.flush()


def choices_of(review: MembershipReview) -> tuple[ReviewResult, ...]:
    """What can be chosen in this round."""
    return REVIEW_CHOICES if review.exclusion_possible else REVIEW_CHOICES[:2]


def withdraw_review(review: MembershipReview, *, actor: Actor) -> None:
    """One of the two who began it takes it back; possible until votes are taken. Raises NotNow."""
    ensure(actor, "groups.carry_review", review)
    group = session.get(Group, review.group_id)
    assert group is not None
    own = membership_of(actor, group)
    if own is None or own.id not in (review.starter_id, review.second_id):
        raise NotNow
    if review.state is ReviewState.PROPOSED:
        session.delete(review)
        session.flush()
        return
    if review.state is not ReviewState.HEARING:
        raise NotNow
    _over(review, ReviewResult.WITHDRAWN)
    tell(group, "review_withdrawn")
    emit(ReviewMoved(group.id, review.id, "withdrawn"))


def speak(review: MembershipReview, *, actor: Actor, statement: str, helper: str = "") -> None:
    """The person it is about says how they see it, and names a helper of their choice if they want.

    Changed until the vote is over; everybody who may vote reads it. Raises NotNow, WordsMissing, TooLong.
    """
    ensure(actor, "groups.speak_in_review", review)
    if review.state not in (ReviewState.HEARING, ReviewState.VOTING):
        raise NotNow
    named = clean_line(helper)
    if len(named) > TOPIC_LENGTH:
        raise TooLong(field="helper")
    review.statement = checked_words(statement, field="statement", most=2 * TALK_LENGTH)
    review.helper = named


def is_voting(review: MembershipReview) -> bool:
    """Votes are taken at this moment: the dates decide, whether or not a job ran."""
    if review.hearing_until is None or review.closes_at is None:
        return False
    running = review.state in (ReviewState.HEARING, ReviewState.VOTING)
    return running and review.hearing_until <= clock.now() < review.closes_at


def vote(review: MembershipReview, choice: ReviewResult, *, actor: Actor) -> None:
    """One secret vote, final: a counter rises, and nothing says whose it was.

    Raises TooLate before and after the time, NotAnElector, VotedAlready, NotNow for a choice that is none.
    """
    ensure(actor, "groups.carry_review", review)
    group = session.get(Group, review.group_id)
    own = membership_of(actor, group) if group else None
    elector = elector_in(review, own.ref) if own else None
    if elector is None:
        raise NotAnElector
    # Locked against the closing: whoever comes first, the other sees what was done.
    session.refresh(review, with_for_update={"read": True})
    if not is_voting(review):
        raise TooLate
    if choice not in choices_of(review):
        raise NotNow
    marked = session.execute(
        update(ReviewElector)
        .where(ReviewElector.id == elector.id, ReviewElector.voted.is_(False))
        .values(voted=True)
    )
    if not marked.rowcount:  # type: ignore[attr-defined]
        raise VotedAlready
    session.execute(
        update(ReviewTally)
        .where(
            ReviewTally.review_id == review.id,
            ReviewTally.round == review.round,
            ReviewTally.choice == choice,
        )
        .values(count=ReviewTally.count + 1)
    )


# ---- dates


def go_on_with_reviews(today: date) -> int:
    """Everything that happens to reviews by date; returns how many moved. Safe to run twice."""
    now, moved = clock.now(), 0
    stale = select(MembershipReview).where(
        MembershipReview.state == ReviewState.PROPOSED, MembershipReview.begun_on <= today - SECOND_WITHIN
    )
    for review in session.scalars(stale).all():
        session.delete(review)
        moved += 1
    hearing = select(MembershipReview).where(
        MembershipReview.state == ReviewState.HEARING, MembershipReview.hearing_until <= now
    )
    for review in session.scalars(hearing).all():
        review.state = ReviewState.VOTING
        emit(ReviewMoved(review.group_id, review.id, "voting"))
        moved += 1
    session.flush()
    due = select(MembershipReview.id).where(
        MembershipReview.state == ReviewState.VOTING, MembershipReview.closes_at <= now
    )
    moved += sum(close_review(one) for one in session.scalars(due).all())
    return moved


def close_review(review_id: int) -> bool:
    """Count a round whose time is over; of two at once one does. Returns whether this call did."""
    now = clock.now()
    stands = select(MembershipReview.group_id).where(MembershipReview.id == review_id)
    all_at_once(session.scalars(stands))
    review = session.get(MembershipReview, review_id, populate_existing=True, with_for_update=True)
    if review is None or review.state is not ReviewState.VOTING or (review.closes_at or now) > now:
        return False
    group = session.get(Group, review.group_id)
    assert group is not None
    voted, electors = review_turnout(review)
    outcome = decide(
        review_tallies(review),
        electors=electors,
        round_=review.round,
        exclusion_possible=review.exclusion_possible,
    )
    if outcome is None:
        _second_round(review, group, enough=2 * voted >= electors and voted > 0)
        return True
    today = clock.today()
    review.result, review.decided_on = outcome, today
    sign_of_life(group)
    tell(group, "review_decided", who="system", result=str(outcome))
    if outcome in (ReviewResult.MEASURE, ReviewResult.EXCLUSION):
        review.state, review.effective_on = ReviewState.DECIDED, today + EFFECT_AFTER
        review.appeal_until = today + APPEAL_WITHIN
    else:
        _over(review, outcome)
    session.flush()
    emit(ReviewMoved(group.id, review.id, "decided"))
    return True


def _second_round(review: MembershipReview, group: Group, *, enough: bool) -> None:
    """Too few have voted, or nothing got the votes it needs: once more, then without exclusion."""
    review.round += 1
    review.exclusion_possible = review.exclusion_possible and not enough
    review.closes_at = clock.now() + VOTING
    session.execute(update(ReviewElector).where(ReviewElector.review_id == review.id).values(voted=False))
    _make_tallies(review)
    tell(group, "review_second_round", who="system")
    emit(ReviewMoved(group.id, review.id, "second_round"))


def _over(review: MembershipReview, result: ReviewResult) -> None:
    review.state, review.result = ReviewState.OVER, result
    review.decided_on = review.decided_on or clock.today()
    review.delete_on = clock.today() + KEPT
    session.flush()


def drop_from_reviews(membership: Membership) -> None:
    """Somebody is gone: a review about them is over, and they no longer vote unless they have."""
    open_ones = select(MembershipReview).where(
        MembershipReview.group_id == membership.group_id,
        MembershipReview.state.in_((ReviewState.PROPOSED, ReviewState.HEARING, ReviewState.VOTING)),
    )
    for review in session.scalars(open_ones).all():
        if review.affected_id == membership.id and review.state is not ReviewState.PROPOSED:
            _over(review, ReviewResult.LEFT)
        elif membership.id in (review.affected_id, review.starter_id) and (
            review.state is ReviewState.PROPOSED
        ):
            session.delete(review)
        else:
            elector = elector_in(review, membership.ref)
            if elector is not None and not elector.voted:
                session.delete(elector)
    session.flush()
