"""What a decided review does, and the one question to somebody from outside whether it was fair."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.groups.errors import AliasTaken, TooLate
from portal.groups.errors.peace import (
    NotNow,
    TakesASide,
)
from portal.groups.events import MediatorAsked, ReviewMoved
from portal.groups.models import (
    TALK_LENGTH,
    AppealState,
    Group,
    MediatorOffer,
    Membership,
    MembershipReview,
    MemberState,
    ReviewResult,
    ReviewState,
)
from portal.groups.operations.leaving import end_membership
from portal.groups.operations.membership import admit, checked_alias
from portal.groups.operations.peace.reviewing import KEPT
from portal.groups.operations.peace.rows import checked_words
from portal.groups.operations.roles import notice_empty_roles
from portal.groups.operations.telling import tell
from portal.groups.operations.turns import all_at_once, one_at_a_time
from portal.groups.permissions import forget_standing, ref_of
from portal.groups.queries.peace import appeal_ref_of, is_inside


def take_effect(today: date) -> int:
    """Decisions whose three days are over come into force, and those whose time is over end."""
    due = select(MembershipReview).where(
        MembershipReview.state == ReviewState.DECIDED, MembershipReview.effective_on <= today
    )
    ended = select(MembershipReview).where(
        MembershipReview.state == ReviewState.IN_FORCE, MembershipReview.until_on <= today
    )
    all_at_once(one.group_id for query in (due, ended) for one in session.scalars(query))
    reviews = session.scalars(due.execution_options(populate_existing=True)).all()
    for review in reviews:
        _in_force(review, today)
    over = session.scalars(ended).all()
    for review in over:
        _lift(review)
        _close(review, today)
    return len(reviews) + len(over)


def _in_force(review: MembershipReview, today: date) -> None:
    group, affected = session.get(Group, review.group_id), session.get(Membership, review.affected_id)
    assert group is not None
    assert affected is not None
    one_at_a_time(group)
    days = review.exclusion_days if review.result is ReviewResult.EXCLUSION else review.measure_days
    review.state, review.until_on = ReviewState.IN_FORCE, today + timedelta(days=days or _WORDS_LAST)
    if review.result is ReviewResult.EXCLUSION:
        if affected.state in (MemberState.MEMBER, MemberState.PAUSED):
            end_membership(group, affected, MemberState.REMOVED)
        affected.state, affected.decided_on = MemberState.REMOVED, today
        affected.barred_until = review.until_on
    elif review.measure_days and affected.state in (MemberState.MEMBER, MemberState.PAUSED):
        affected.state, affected.paused_until = MemberState.PAUSED, review.until_on
        affected.barred_until = review.until_on
        session.flush()
        notice_empty_roles(group)
    session.flush()
    forget_standing(group)
    tell(group, "review_in_force", who="system", result=str(review.result))
    emit(ReviewMoved(group.id, review.id, "in_force"))


# A measure in words ("not at the cooking evenings") ends as late as the longest pause.
_WORDS_LAST = 92


def _lift(review: MembershipReview) -> None:
    """Nothing bars them any more. A pause ends; whoever was excluded may ask again."""
    group, affected = session.get(Group, review.group_id), session.get(Membership, review.affected_id)
    if group is None or affected is None:
        return
    one_at_a_time(group)
    affected.barred_until = None
    if review.result is ReviewResult.MEASURE and affected.state is MemberState.PAUSED:
        affected.state, affected.paused_until = MemberState.MEMBER, None
    if review.result is ReviewResult.EXCLUSION and affected.state is MemberState.REMOVED:
        affected.state = MemberState.LEFT
    session.flush()
    notice_empty_roles(group)


def _close(review: MembershipReview, today: date) -> None:
    review.state, review.delete_on = ReviewState.OVER, today + KEPT
    session.flush()


def ask_outside(
    review: MembershipReview, offer: MediatorOffer, *, actor: Actor, name: str, words: str
) -> None:
    """Within thirty days the person asks somebody who belongs to no side to look at it, once.

    Until that person has said yes another can be asked. Raises TooLate, NotNow, TakesASide, WordsMissing.
    """
    ensure(actor, "groups.speak_in_review", review)
    if review.state not in (ReviewState.DECIDED, ReviewState.IN_FORCE) or review.appeal not in (
        AppealState.NONE,
        AppealState.ASKED,
    ):
        raise NotNow
    if review.appeal_until is None or clock.today() > review.appeal_until:
        raise TooLate
    if is_inside(review.group_id, offer.account_id) or ref_of(offer.account_id, review.group_id) == ref_of(
        actor.account_id or 0, review.group_id
    ):
        raise TakesASide
    review.appeal_words = checked_words(words, most=TALK_LENGTH)
    review.appeal, review.appeal_ref = AppealState.ASKED, appeal_ref_of(offer.account_id, review.id)
    review.appeal_reach, review.appeal_name = str(offer.account_id), name
    session.flush()
    emit(MediatorAsked(offer.account_id))


def answer_appeal(review: MembershipReview, says_yes: bool, *, actor: Actor) -> None:
    """The person from outside takes it on, or not; then somebody else can be asked. Raises NotNow."""
    ensure(actor, "groups.look_at_appeal", review)
    if review.appeal is not AppealState.ASKED:
        raise NotNow
    if says_yes:
        review.appeal = AppealState.LOOKING
        return
    review.appeal, review.appeal_ref, review.appeal_reach = AppealState.NONE, None, None
    review.appeal_name = ""
    if review.appeal_until is not None:
        # A no must not eat up the time of whoever asked.
        review.appeal_until = max(review.appeal_until, clock.today() + timedelta(days=7))


def settle_appeal(review: MembershipReview, *, stands: bool, actor: Actor, words: str) -> None:
    """The decision stands, or it does not: then it ends at once, and the group may begin anew.

    Whoever was excluded is a member again, under the former name if it is free. Raises NotNow, WordsMissing.
    """
    ensure(actor, "groups.look_at_appeal", review)
    if review.appeal is not AppealState.LOOKING or review.state not in (
        ReviewState.DECIDED,
        ReviewState.IN_FORCE,
    ):
        raise NotNow
    group = session.get(Group, review.group_id)
    assert group is not None
    one_at_a_time(group)
    review.appeal_answer = checked_words(words, most=TALK_LENGTH)
    review.appeal = AppealState.STANDS if stands else AppealState.ANEW
    if not stands:
        if review.state is ReviewState.IN_FORCE:
            _lift(review)
            _take_back_in(review, group)
        _close(review, clock.today())
    tell(group, "appeal_stands" if stands else "appeal_anew", who="mediator")
    emit(ReviewMoved(group.id, review.id, "appealed"))


def _take_back_in(review: MembershipReview, group: Group) -> None:
    """Excluded and now not: a member again. Where the name is taken, they come by a code or by asking."""
    affected = session.get(Membership, review.affected_id)
    if (
        affected is None
        or review.result is not ReviewResult.EXCLUSION
        or affected.state is MemberState.MEMBER
    ):
        return
    try:
        affected.alias, affected.alias_skeleton = checked_alias(group, review.alias, own=affected)
    except AliasTaken:
        return
    admit(affected)
    session.flush()
    forget_standing(group)


def forget_reviews(today: date) -> int:
    """Delete reviews ninety days after they are over; returns how many."""
    due = session.scalars(select(MembershipReview).where(MembershipReview.delete_on <= today)).all()
    for review in due:
        session.delete(review)
    return len(due)
