"""Suggesting another wording of a proposal: an accepted one is the new text, and its writer a co-author."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from portal.accounts.queries import actor_for, get_account
from portal.content.operations import checked_text
from portal.content.queries import source_hash
from portal.core import clock, limits
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.proposals.errors import NothingSuggested, OfferOver, ProposalClosed, ProposalLocked, TextMoved
from portal.proposals.events import ChangeAccepted, ChangeSuggested
from portal.proposals.models import ConsentState, Proposal, TextOffer
from portal.proposals.operations.coauthors import join_authors
from portal.proposals.operations.publishing import Texts, edit_proposal
from portal.proposals.permissions import is_author, is_locked
from portal.proposals.queries.texts import texts_of


def suggest_change(proposal: Proposal, fields: Mapping[str, str], *, actor: Actor) -> TextOffer:
    """Offer another wording; a second one of the same person replaces the first. The authors are told.

    Raises ProposalClosed, ProposalLocked, NothingSuggested (the same words), TextMissing, TextTooLong.
    """
    ensure(actor, "proposals.suggest_change", proposal)
    if is_locked(proposal):
        raise ProposalLocked
    if not proposal.is_editable:
        raise ProposalClosed
    source = texts_of(proposal)
    words = checked_text(fields, source=source)
    if words == source:
        raise NothingSuggested
    limits.hit("proposals.offer_text", str(actor.account_id))
    offer = _own_offer(proposal, actor)
    offer.language, offer.fields, offer.source_hash = proposal.language, words, source_hash(source)
    offer.state, offer.is_change = ConsentState.ASKED, True
    offer.created_at, offer.answered_at = clock.now(), None
    session.add(offer)
    session.flush()
    emit(ChangeSuggested(proposal.id, actor.account_id))
    return offer


def _own_offer(proposal: Proposal, actor: Actor) -> TextOffer:
    known = session.scalar(
        select(TextOffer).where(
            TextOffer.proposal_id == proposal.id,
            TextOffer.account_id == actor.account_id,
            TextOffer.language == proposal.language,
        )
    )
    assert actor.account_id is not None
    return known or TextOffer(public_id=new_id(), proposal_id=proposal.id, account_id=actor.account_id)


def answer_change(
    offer: TextOffer, proposal: Proposal, *, actor: Actor, accept: bool, seen: str = ""
) -> bool:
    """An author takes the wording over, or not; False when it is answered like this already.

    `seen` is the hash of the text the author compared with: has it changed meanwhile, nothing is replaced
    unseen. Taken over, it is an edit like any other (versions, supporters are asked), in the name of whoever
    suggested it. Raises OfferOver, TextMoved, TooManyCoAuthors and what edit_proposal says.
    """
    ensure(actor, "proposals.edit", proposal)
    session.refresh(offer, with_for_update=True)
    wanted = ConsentState.AGREED if accept else ConsentState.REFUSED
    if offer.state is wanted:
        return False
    if offer.state is not ConsentState.ASKED or offer.language != proposal.language:
        raise OfferOver
    if accept:
        if seen != source_hash(texts_of(proposal)):
            raise TextMoved
        _take_over(offer, proposal, actor)
    offer.state, offer.answered_at = wanted, clock.now()
    session.flush()
    return True


def _take_over(offer: TextOffer, proposal: Proposal, actor: Actor) -> None:
    helper = actor_for(get_account(offer.account_id))
    if not is_author(helper, proposal):
        join_authors(proposal, helper)
    fields = {name: str(offer.fields.get(name, "")) for name in ("title", "what", "why", "for_whom")}
    texts = Texts(
        **fields,
        place_words=proposal.place_words,
        language=proposal.language,
        district_id=proposal.district_id,
        lat=proposal.lat,
        lon=proposal.lon,
        topic=proposal.topic,
    )
    edit_proposal(proposal, texts, actor=actor if helper.suspended else helper)
    emit(ChangeAccepted(proposal.id, offer.account_id))
