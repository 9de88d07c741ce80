"""Reading mediations and reviews: only what somebody takes part in themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import selectinload

from portal.accounts.models import Account
from portal.accounts.queries import account_names
from portal.core import crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.models import (
    REVIEW_RUNS,
    Accompaniment,
    Group,
    Mediation,
    MediationNote,
    MediationPerson,
    MediatorOffer,
    Membership,
    MembershipReview,
    MemberState,
    ReviewElector,
    ReviewResult,
    ReviewState,
    ReviewTally,
    Substitute,
)
from portal.groups.permissions import ref_of
from portal.groups.permissions.accompanying import companion_ref
from portal.groups.permissions.peace import person_in, ref_without_group

# ---- mediation


def mediation_by_public_id(public_id: str) -> Mediation | None:
    """The mediation, whoever asks; the permission decides who gets it."""
    return session.scalar(select(Mediation).where(Mediation.public_id == public_id))


def mediation_by_token(token: str) -> Mediation | None:
    """The mediation a link leads to, answered or not."""
    wanted = crypto.keyed_hash("groups.mediation_link", token)
    return session.scalar(select(Mediation).where(Mediation.link_hash == wanted))


def mediations_of(actor: Actor) -> list[Mediation]:
    """What the actor takes part in, what runs first and the newest first; three questions.

    No row says whose it is: references are computed for the groups in which anybody talks (each once, from
    the index) and for the few talks without a group; ten microseconds each.
    """
    return [talk for talk, _person in _talks_of(actor.account_id)] if actor.account_id is not None else []


def own_talks(account_id: int) -> list[tuple[Mediation, MediationPerson]]:
    """The same with one's own row, without talks in discreet groups: for one's own export."""
    found = _talks_of(account_id)
    ids = [talk.group_id for talk, _person in found if talk.group_id is not None]
    discreet = set(session.scalars(select(Group.id).where(Group.id.in_(ids), Group.is_discreet)))
    return [(talk, person) for talk, person in found if talk.group_id not in discreet]


def _talks_of(account_id: int) -> list[tuple[Mediation, MediationPerson]]:
    alone = case((Mediation.group_id.is_(None), Mediation.id))
    places = session.execute(select(Mediation.group_id, alone).distinct())
    refs = [
        ref_without_group(account_id, talk_id) if group_id is None else ref_of(account_id, group_id)
        for group_id, talk_id in places
    ]
    query = (
        select(Mediation)
        .join(MediationPerson, MediationPerson.mediation_id == Mediation.id)
        .where(MediationPerson.ref.in_(refs))
        .options(selectinload(Mediation.people))
        .order_by(Mediation.ended_on.is_not(None), Mediation.id.desc())
    )
    rows = [(talk, person_in(account_id, talk)) for talk in session.scalars(query)]
    return [(talk, person) for talk, person in rows if person is not None]


def own_words(mediation: Mediation, person: MediationPerson) -> list[str]:
    """What this person wrote to the others, oldest first."""
    query = select(MediationNote).where(
        MediationNote.mediation_id == mediation.id, MediationNote.person_id == person.id
    )
    return [note.words for note in session.scalars(query.order_by(MediationNote.id))]


def notes_of(mediation: Mediation) -> list[MediationNote]:
    """What they wrote to each other, oldest first."""
    query = select(MediationNote).where(MediationNote.mediation_id == mediation.id)
    return list(session.scalars(query.order_by(MediationNote.id)))


def published_agreements(group: Group) -> list[Mediation]:
    """Agreements whose parties all wanted the group to read them, newest first."""
    query = select(Mediation).where(Mediation.group_id == group.id, Mediation.published_on.is_not(None))
    return list(session.scalars(query.order_by(Mediation.published_on.desc(), Mediation.id.desc())))


@dataclass(frozen=True)
class MediatorCard:
    """Somebody who offers to help others talk."""

    public_id: str
    name: str
    about: str
    languages: tuple[str, ...]
    is_professional: bool


MOST_MEDIATORS = 60


def mediators(*, professional: bool | None = None) -> list[MediatorCard]:
    """Those who offer it and can be reached, by name; professionals, the others, or all."""
    query = (
        select(MediatorOffer)
        .join(Account, Account.id == MediatorOffer.account_id)
        .where(Account.deleted_at.is_(None), Account.suspended_until.is_(None))
    )
    if professional is not None:
        query = query.where(MediatorOffer.is_professional.is_(professional))
    offers = session.scalars(query.order_by(MediatorOffer.public_id).limit(MOST_MEDIATORS)).all()
    names = account_names([one.account_id for one in offers])
    cards = [
        MediatorCard(
            one.public_id,
            names[one.account_id].name,
            one.about,
            tuple(one.languages),
            one.is_professional,
        )
        for one in offers
    ]
    return sorted(cards, key=lambda card: card.name.casefold())


def mediator_by_public_id(public_id: str) -> MediatorOffer | None:
    """The offer behind a line of the list."""
    return session.scalar(select(MediatorOffer).where(MediatorOffer.public_id == public_id))


def mediator_offer_of(actor: Actor) -> MediatorOffer | None:
    """The actor's own offer."""
    return session.get(MediatorOffer, actor.account_id) if actor.account_id else None


# ---- reviews


def review_by_public_id(public_id: str) -> MembershipReview | None:
    """The review, whoever asks; the permission decides who gets it."""
    return session.scalar(select(MembershipReview).where(MembershipReview.public_id == public_id))


def group_of_review(review: MembershipReview) -> Group | None:
    """The group a review is in."""
    return session.get(Group, review.group_id)


def reviews_for(group: Group, actor: Actor) -> list[MembershipReview]:
    """The group's reviews this member may know of, newest first. One question.

    Before a second member has joined, the person it is about is not told: it may come to nothing.
    """
    own = ref_of(actor.account_id or 0, group.id)
    query = (
        select(MembershipReview)
        .join(Membership, Membership.id == MembershipReview.affected_id)
        .where(MembershipReview.group_id == group.id)
        .where((MembershipReview.state != ReviewState.PROPOSED) | (Membership.ref != own))
    )
    return list(session.scalars(query.order_by(MembershipReview.id.desc())))


def appeals_for(actor: Actor) -> list[MembershipReview]:
    """Reviews the actor is asked to look at from outside."""
    if actor.account_id is None:
        return []
    ids = session.scalars(select(MembershipReview.id).where(MembershipReview.appeal_ref.is_not(None))).all()
    refs = [appeal_ref_of(actor.account_id, one) for one in ids]
    query = select(MembershipReview).where(MembershipReview.appeal_ref.in_(refs))
    return list(session.scalars(query.order_by(MembershipReview.id.desc())))


def appeal_ref_of(account_id: int, review_id: int) -> str:
    """The reference under which a review knows the person asked from outside."""
    return crypto.keyed_hash("groups.appeal", f"{account_id}|{review_id}")


def is_frozen(group: Group) -> bool:
    """Invitations and roles stay as they are while a membership is heard or voted on."""
    query = select(
        exists().where(
            MembershipReview.group_id == group.id,
            MembershipReview.state.in_((ReviewState.HEARING, ReviewState.VOTING)),
        )
    )
    return bool(session.scalar(query))


def running_review(group: Group) -> MembershipReview | None:
    """The review the group is in, from the hearing on."""
    query = select(MembershipReview).where(
        MembershipReview.group_id == group.id, MembershipReview.state.in_(REVIEW_RUNS)
    )
    return session.scalar(query)


def elector_in(review: MembershipReview, ref: str) -> ReviewElector | None:
    """The row of somebody who may vote, or None."""
    query = select(ReviewElector).where(ReviewElector.review_id == review.id, ReviewElector.ref == ref)
    return session.scalar(query)


def review_turnout(review: MembershipReview) -> tuple[int, int]:
    """(how many have voted in this round, how many may)."""
    query = select(func.count(), func.count().filter(ReviewElector.voted)).where(
        ReviewElector.review_id == review.id
    )
    electors, voted = session.execute(query).one()
    return voted, electors


def review_tallies(review: MembershipReview) -> dict[ReviewResult, int]:
    """How often what was answered in this round."""
    query = select(ReviewTally.choice, ReviewTally.count.label("many")).where(
        ReviewTally.review_id == review.id, ReviewTally.round == review.round
    )
    return {row.choice: row.many for row in session.execute(query)}


def quorum_of(electors: int) -> int:
    """Half of those who may vote, rounded up: 5 of 9."""
    return -(-electors // 2)


def decide(
    tallies: dict[ReviewResult, int], *, electors: int, round_: int, exclusion_possible: bool
) -> ReviewResult | None:
    """What came out, or None where a second round is needed.

    Exclusion: two thirds of the votes. Otherwise more than half of the votes for one of the others. Neither:
    once more, without exclusion; then more votes for the measure than for no change. Equal is no change, and
    too few votes twice are too few.
    """
    votes = sum(tallies.values())
    none, measure, out = (
        tallies.get(one, 0) for one in (ReviewResult.NO_CHANGE, ReviewResult.MEASURE, ReviewResult.EXCLUSION)
    )
    last = round_ > 1
    if votes < max(1, quorum_of(electors)):
        return ReviewResult.NO_QUORUM if last else None
    if exclusion_possible and 3 * out >= 2 * votes:
        return ReviewResult.EXCLUSION
    if 2 * measure > votes:
        return ReviewResult.MEASURE
    if 2 * none > votes or last:
        return ReviewResult.MEASURE if last and measure > none else ReviewResult.NO_CHANGE
    return None


def aliases_of(ids: Iterable[int]) -> dict[int, str]:
    """Membership id -> the name in the group."""
    query = select(Membership.id, Membership.alias).where(Membership.id.in_(list(ids)))
    return {row.id: row.alias for row in session.execute(query)}


def is_inside(group_id: int, account_id: int) -> bool:
    """Whether an account belongs to a group or accompanies it: nobody from inside mediates in it."""
    member = select(Membership.id).where(
        Membership.group_id == group_id,
        Membership.ref == ref_of(account_id, group_id),
        Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)),
    )
    own = companion_ref(account_id, group_id)
    stands_in = select(Substitute.accompaniment_id).where(Substitute.ref == own)
    companion = select(Accompaniment.id).where(
        Accompaniment.group_id == group_id,
        Accompaniment.ended_on.is_(None),
        or_(Accompaniment.ref == own, Accompaniment.id.in_(stands_in)),
    )
    return session.scalar(member) is not None or session.scalar(companion.limit(1)) is not None
