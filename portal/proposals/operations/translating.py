"""A proposal in other languages and in plain language: written by people, shown when somebody vouches."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from portal.accounts.queries import actor_for, get_account
from portal.content.models import TextState, TextVersion
from portal.content.operations import checked_words, request_text_version, save_text_version
from portal.content.queries import source_hash
from portal.core import clock, limits
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import can, ensure
from portal.core.public_id import new_id
from portal.core.subjects import SubjectRef
from portal.proposals.errors import OfferOver, ProposalClosed
from portal.proposals.events import TranslationOffered
from portal.proposals.models import ConsentState, Proposal, TextOffer, TextWish
from portal.proposals.queries.texts import count_texts, my_offer, texts_of


def write_text(proposal: Proposal, language: str, fields: Mapping[str, str], *, actor: Actor) -> bool:
    """Write the proposal in another language. True: public at once (author, staff); False: it waits.

    Raises what content refuses (UnknownLanguage, SameLanguage, TextMissing, TextTooLong), ProposalClosed.
    """
    ensure(actor, "proposals.translate", proposal)
    if not proposal.is_open:
        raise ProposalClosed
    source = texts_of(proposal)
    if can(actor, "proposals.judge_text", proposal) or can(actor, "proposals.assess", proposal):
        _save(proposal, language, fields, actor)
        return True
    limits.hit("proposals.offer_text", str(actor.account_id))
    words = checked_words(language, fields, source=source, source_language=proposal.language)
    row = {
        "is_change": False,
        "fields": words,
        "source_hash": source_hash(source),
        "state": ConsentState.ASKED,
        "created_at": clock.now(),
        "answered_at": None,
    }
    known = my_offer(proposal, language, actor.account_id)
    statement = upsert(TextOffer).values(
        public_id=new_id(), proposal_id=proposal.id, language=language, account_id=actor.account_id, **row
    )
    keys = ["proposal_id", "language", "account_id"]
    offer_id = session.scalar(
        statement.on_conflict_do_update(index_elements=keys, set_=row).returning(TextOffer.id)
    )
    if known is not None:
        session.expire(known)
    emit(TranslationOffered(proposal.id, int(offer_id or 0), actor.account_id))
    return False


def _save(proposal: Proposal, language: str, fields: Mapping[str, str], actor: Actor) -> TextVersion:
    return save_text_version(
        actor,
        SubjectRef("proposal", proposal.id),
        language,
        fields,
        source=texts_of(proposal),
        source_language=proposal.language,
    )


def judge_offer(offer: TextOffer, proposal: Proposal, *, actor: Actor, accept: bool) -> bool:
    """An author or a moderator says whether an offered text may stand; False when it is decided like this.

    An accepted text stands under its translator's name; when the original has changed since it was written
    it counts as outdated. Raises OfferOver when somebody decided otherwise.
    """
    ensure(actor, "proposals.judge_text", proposal)
    session.refresh(offer, with_for_update=True)
    wanted = ConsentState.AGREED if accept else ConsentState.REFUSED
    if offer.state is wanted:
        return False
    if offer.state is not ConsentState.ASKED:
        raise OfferOver
    if accept:
        # The language may be the original's meanwhile: content refuses that.
        row = _save(proposal, offer.language, offer.fields, actor_for(get_account(offer.account_id)))
        if offer.source_hash != row.source_hash:
            row.source_hash, row.state = offer.source_hash, TextState.OUTDATED
    offer.state, offer.answered_at = wanted, clock.now()
    session.flush()
    return True


def take_back_text(offer: TextOffer, *, actor: Actor) -> bool:
    """The translator does not offer it any more; False when it is decided already."""
    if offer.account_id != actor.account_id or offer.state is not ConsentState.ASKED:
        return False
    session.delete(offer)
    session.flush()
    return True


def wish_for_text(proposal: Proposal, language: str, *, actor: Actor) -> bool:
    """Say that the text is needed in a language; counted once per person. False for a second time."""
    ensure(actor, "proposals.wish_text", proposal)
    if not proposal.is_open:
        raise ProposalClosed
    limits.hit("proposals.wish_text", str(actor.account_id))
    request_text_version(SubjectRef("proposal", proposal.id), language, source_language=proposal.language)
    statement = upsert(TextWish).values(
        proposal_id=proposal.id, language=language, account_id=actor.account_id, created_at=clock.now()
    )
    keys = ["proposal_id", "language", "account_id"]
    added = session.execute(
        statement.on_conflict_do_nothing(index_elements=keys).returning(TextWish.id)
    ).first()
    return added is not None


def note_text(proposal: Proposal) -> None:
    """Keep the number of languages right, so that pages of untranslated proposals ask nothing."""
    proposal.text_count = count_texts(proposal.id)


def fulfil_wishes(proposal_id: int, language: str) -> None:
    """The text is there: nobody waits any more."""
    session.execute(
        delete(TextWish).where(TextWish.proposal_id == proposal_id, TextWish.language == language)
    )


def forget_translator(account_id: int) -> None:
    """The account is erased: its waiting offers and its wishes go; accepted texts stay without a name."""
    session.execute(delete(TextOffer).where(TextOffer.account_id == account_id))
    session.execute(delete(TextWish).where(TextWish.account_id == account_id))
