"""Who may do what in mediations, reviews, merges, splits and relations: only those who take part."""

from __future__ import annotations

from typing import Any

from portal.core import crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import Predicate, declare, not_suspended, participant, predicate
from portal.groups.models import (
    AppealState,
    Group,
    GroupMove,
    GroupRelation,
    Mediation,
    MediationPerson,
    Membership,
    MembershipReview,
    ReviewState,
    Right,
    TalkPart,
)
from portal.groups.permissions import is_living, is_member, may, ref_of, takes_part

# ---- conflict: only those who take part learn that there is one


def ref_without_group(account_id: int, mediation_id: int) -> str:
    """The reference of somebody in a mediation that belongs to no group."""
    return crypto.keyed_hash("groups.mediation", f"{account_id}|{mediation_id}")


def talk_ref(account_id: int, mediation: Mediation) -> str:
    """The reference under which a mediation knows an account. Inside a group the group's own."""
    if mediation.group_id is not None:
        return ref_of(account_id, mediation.group_id)
    return ref_without_group(account_id, mediation.id)


def talker(actor: Actor, mediation: Mediation) -> MediationPerson | None:
    """The actor's row in the mediation, or None."""
    return person_in(actor.account_id, mediation) if actor.account_id is not None else None


def person_in(account_id: int, mediation: Mediation) -> MediationPerson | None:
    """An account's row in the mediation. A proposed mediator learns of it once both sides want them."""
    ref = talk_ref(account_id, mediation)
    person = next((one for one in mediation.people if one.ref == ref), None)
    if person is None:
        return None
    is_wanted = all(one.accepts_mediator for one in mediation.people if one.part is not TalkPart.MEDIATOR)
    return person if person.part is not TalkPart.MEDIATOR or is_wanted else None


@predicate
def talks(actor: Actor, mediation: Mediation) -> bool:
    """Takes part in it."""
    return talker(actor, mediation) is not None


@predicate
def is_party(actor: Actor, mediation: Mediation) -> bool:
    """Is one of those who have something to settle."""
    person = talker(actor, mediation)
    return person is not None and person.part is not TalkPart.MEDIATOR


@predicate
def leads_talk(actor: Actor, mediation: Mediation) -> bool:
    """Mediates it; where somebody without an account does, those who talk write things down themselves."""
    person = talker(actor, mediation)
    if person is None:
        return False
    return person.part is TalkPart.MEDIATOR if not mediation.external else bool(person.says_yes)


declare("groups.mediate", participant)
declare("groups.talk", talks)
declare("groups.talk_as_party", is_party & not_suspended)
declare("groups.lead_talk", leads_talk & not_suspended)


def _group_of(thing: Any) -> Group | None:
    return session.get(Group, thing.group_id)


@predicate
def is_affected(actor: Actor, review: MembershipReview) -> bool:
    """The review is about them; also when they are no member any more."""
    if actor.account_id is None:
        return False
    affected = session.get(Membership, review.affected_id)
    return affected is not None and affected.ref == ref_of(actor.account_id, review.group_id)


@predicate
def has_begun(actor: Actor, review: MembershipReview) -> bool:
    """A second member has joined: only from then on the person it is about is told."""
    return review.state is not ReviewState.PROPOSED


@predicate
def belongs_to_group_of(actor: Actor, thing: Any) -> bool:
    """Is a member of the group it is about."""
    group = _group_of(thing)
    return group is not None and is_member(actor, group)


@predicate
def takes_part_in_group_of(actor: Actor, thing: Any) -> bool:
    """Is a member of the group it is about and does not pause; the group is alive."""
    group = _group_of(thing)
    return group is not None and group.is_living and takes_part(actor, group)


@predicate
def looks_from_outside(actor: Actor, review: MembershipReview) -> bool:
    """Was asked to look at it after the decision."""
    if actor.account_id is None or review.appeal is AppealState.NONE:
        return False
    return review.appeal_ref == crypto.keyed_hash("groups.appeal", f"{actor.account_id}|{review.id}")


declare(
    "groups.see_review",
    (is_affected & has_begun) | (belongs_to_group_of & ~is_affected) | looks_from_outside,
)
declare("groups.speak_in_review", is_affected & has_begun)
declare("groups.carry_review", takes_part_in_group_of & ~is_affected & not_suspended)
declare("groups.look_at_appeal", looks_from_outside & not_suspended)


# ---- groups and other groups


@predicate
def is_in_a_side(actor: Actor, move: GroupMove) -> bool:
    """Is a member of one of the groups that take part."""
    groups = [session.get(Group, side.group_id) for side in move.sides]
    return any(group is not None and is_member(actor, group) for group in groups)


def _speaks_for_one(actor: Actor, relation: GroupRelation) -> bool:
    groups = [session.get(Group, one) for one in (relation.low_id, relation.high_id)]
    return any(
        group is not None and group.is_living and may(Right.EDIT_PROFILE)(actor, group) for group in groups
    )


declare("groups.see_move", is_in_a_side)
declare("groups.choose_in_move", is_in_a_side & not_suspended)
declare("groups.relate", may(Right.EDIT_PROFILE) & is_living & not_suspended)
declare("groups.change_relation", Predicate(_speaks_for_one, "speaks for one of them") & not_suspended)
