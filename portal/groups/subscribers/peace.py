"""Who is told when something happens between people. About talks always in the neutral words."""

from __future__ import annotations

from portal.core.db import session
from portal.core.events import subscribe
from portal.groups.events import MediationMoved, MediatorAsked, ReviewMoved
from portal.groups.models import Group, Membership, MembershipReview
from portal.groups.operations.reaching import account_of, tell_account_neutrally, tell_members


@subscribe(MediationMoved)
def mediation_moved(event: MediationMoved) -> None:
    """The others are told that there is something new, and never what."""
    for account_id in event.reach:
        tell_account_neutrally(account_id)


@subscribe(MediatorAsked)
def mediator_asked(event: MediatorAsked) -> None:
    """Somebody is wanted as a mediator."""
    tell_account_neutrally(event.account_id)


@subscribe(ReviewMoved)
def review_moved(event: ReviewMoved) -> None:
    """The group hears that something goes on; the person it is about hears it in neutral words."""
    group = session.get(Group, event.group_id)
    review = session.get(MembershipReview, event.review_id)
    if group is None or review is None:
        return
    affected = session.get(Membership, review.affected_id)
    account_id = account_of(affected) if affected else None
    if account_id is not None:
        tell_account_neutrally(account_id)
    tell_members(group, "groups.together", "review", besides=[review.affected_id])
