"""Finding somebody both sides accept, and offering to be that."""

from __future__ import annotations

from sqlalchemy import delete

from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors.peace import (
    NotNow,
    TakesASide,
)
from portal.groups.events import MediatorAsked
from portal.groups.models import (
    MEDIATOR_ABOUT_LENGTH,
    TALK_PLACE_LENGTH,
    Mediation,
    MediationState,
    MediatorOffer,
    TalkPart,
)
from portal.groups.operations.peace.rows import (
    add_person,
    all_accept,
    checked_words,
    drop_mediator,
    lock,
    mediator_of,
    moved,
    own_row,
    parties_of,
)
from portal.groups.permissions.peace import (
    talk_ref,
)
from portal.groups.queries.peace import is_inside


def propose_mediator(mediation: Mediation, offer: MediatorOffer, *, actor: Actor, name: str) -> None:
    """One side proposes somebody who offers to mediate. The other side is asked, then the person.

    Raises NotNow, TakesASide.
    """
    ensure(actor, "groups.talk_as_party", mediation)
    _ready_for_mediator(mediation)
    ref = talk_ref(offer.account_id, mediation)
    if any(one.ref == ref for one in mediation.people) or _is_inside(mediation, offer.account_id):
        raise TakesASide
    add_person(mediation, TalkPart.MEDIATOR, ref, alias=name, reach=offer.account_id)
    _accepts(mediation, actor)


def propose_external(mediation: Mediation, words: str, *, actor: Actor) -> None:
    """One side proposes somebody without an account, in words. Raises NotNow, WordsMissing, TooLong."""
    ensure(actor, "groups.talk_as_party", mediation)
    _ready_for_mediator(mediation)
    mediation.external = checked_words(words, field="external", most=TALK_PLACE_LENGTH)
    _accepts(mediation, actor)


def _ready_for_mediator(mediation: Mediation) -> None:
    if mediation.state is not MediationState.ACCEPTED or mediator_of(mediation) or mediation.external:
        raise NotNow


def _is_inside(mediation: Mediation, account_id: int) -> bool:
    """Belongs to the group the mediation is in, or accompanies it."""
    if mediation.group_id is None:
        return False
    return is_inside(mediation.group_id, account_id)


def _accepts(mediation: Mediation, actor: Actor) -> None:
    person = own_row(mediation, actor)
    for one in parties_of(mediation):
        one.accepts_mediator = True if one.ref == person.ref else None
    moved(mediation, by=person.ref)


def accept_mediator(mediation: Mediation, accepts: bool, *, actor: Actor) -> None:
    """The other side agrees to the proposed person, or not; then another is proposed. Raises NotNow."""
    ensure(actor, "groups.talk_as_party", mediation)
    lock(mediation)
    person, proposed = own_row(mediation, actor), mediator_of(mediation)
    if mediation.state is not MediationState.ACCEPTED or (proposed is None and not mediation.external):
        raise NotNow
    person.accepts_mediator = accepts
    if not accepts:
        drop_mediator(mediation)
    elif proposed is not None and all_accept(mediation) and proposed.reach:
        emit(MediatorAsked(int(proposed.reach)))
    moved(mediation, by=person.ref)


def answer_as_mediator(mediation: Mediation, says_yes: bool, *, actor: Actor) -> None:
    """The proposed person takes it on, or not; then another is proposed. Raises NotNow."""
    ensure(actor, "groups.talk", mediation)
    person = own_row(mediation, actor)
    if person.part is not TalkPart.MEDIATOR or not all_accept(mediation) or mediation.is_over:
        raise NotNow
    if says_yes:
        person.says_yes = True
    else:
        drop_mediator(mediation)
    moved(mediation, by=person.ref)


def offer_to_mediate(*, actor: Actor, about: str, languages: list[str]) -> MediatorOffer:
    """Say that one would help others talk. Twice: the newer words stand. Raises WordsMissing, TooLong."""
    ensure(actor, "groups.mediate")
    assert actor.account_id is not None
    words = checked_words(about, field="about", most=MEDIATOR_ABOUT_LENGTH)
    offer = session.get(MediatorOffer, actor.account_id)
    if offer is None:
        offer = MediatorOffer(account_id=actor.account_id, about=words)
        session.add(offer)
    offer.about, offer.languages = words, [clean_line(one)[:20] for one in languages][:12]
    offer.is_professional = actor.has_role(StaffRole.PROFESSIONAL)
    session.flush()
    return offer


def take_offer_back(*, actor: Actor) -> None:
    """No longer offered; what one has taken on goes on."""
    ensure(actor, "groups.mediate")
    session.execute(delete(MediatorOffer).where(MediatorOffer.account_id == actor.account_id))
