"""What follows from conflicts, relations, merges and splits. About talks always the neutral words."""

from __future__ import annotations

from typing import Any

from portal.accounts.operations.own_data import register_export_section
from portal.core.db import session
from portal.core.events import subscribe
from portal.groups.events import (
    GroupsMoved,
    GroupTightened,
    MediationMoved,
    MediatorAsked,
    RelationAsked,
    ReviewMoved,
)
from portal.groups.models import Group, GroupMove, Membership, MembershipReview, Right, TalkPart
from portal.groups.operations.reaching import (
    account_of,
    tell_account_neutrally,
    tell_members,
    tell_those_who_may,
)
from portal.groups.operations.together.relating import hide_relations
from portal.groups.queries.peace import own_talks, own_words


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


@subscribe(GroupsMoved)
def groups_moved(event: GroupsMoved) -> None:
    """A new group opens, is there, or is not: every member of the old ones is told."""
    move = session.get(GroupMove, event.move_id)
    for side in move.sides if move else ():
        group = session.get(Group, side.group_id)
        if group is not None:
            tell_members(group, "groups.together", "move", once=f"{event.move_id}-{event.step}")


@subscribe(RelationAsked)
def relation_asked(event: RelationAsked) -> None:
    """Those who speak for the group are told."""
    group = session.get(Group, event.group_id)
    if group is not None:
        tell_those_who_may(
            group, Right.EDIT_PROFILE, "groups.together", "relation", once=str(event.relation_id)
        )


@subscribe(GroupTightened)
def tightened(event: GroupTightened) -> None:
    """A discreet group stands beside nobody, as far as others can see."""
    group = session.get(Group, event.group_id)
    if group is not None and group.is_discreet:
        hide_relations(group)


def _talks_of(account_id: int) -> list[dict[str, Any]]:
    """One row per talk while it is kept: one's own words, and what all agreed on; never what others wrote.

    Talks in discreet groups are left out: the file may lie on a shared device.
    """
    return [
        {
            "asked_on": talk.asked_on.isoformat(),
            "about": str(talk.subject_kind),
            "as": str(person.part),
            "name_in_the_talk": person.alias,
            "stands": str(talk.state),
            "question": talk.opening if person.part is TalkPart.ASKER else "",
            "written": "\n\n".join(own_words(talk, person)),
            "agreement": talk.agreement,
            "ended_on": talk.ended_on.isoformat() if talk.ended_on else None,
            "deleted_on": talk.delete_on.isoformat() if talk.delete_on else None,
        }
        for talk, person in own_talks(account_id)
    ]


register_export_section("talks", _talks_of)
