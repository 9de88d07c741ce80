"""A proposal's texts in other languages: what is offered, and what people wish for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.content.models import TextState, TextVersion
from portal.core.db import session
from portal.proposals.models import ConsentState, Proposal, TextOffer, TextWish


def texts_of(proposal: Proposal) -> dict[str, str]:
    """The fields that have versions in other languages, as the author wrote them."""
    return {
        "title": proposal.title,
        "what": proposal.what_md,
        "why": proposal.why_md,
        "for_whom": proposal.for_whom_md,
    }


def waiting_offers(proposal: Proposal, *, is_change: bool = False) -> list[TextOffer]:
    """Translations (or changes of the original) that wait for an answer, first offered first."""
    query = select(TextOffer).where(
        TextOffer.proposal_id == proposal.id,
        TextOffer.state == ConsentState.ASKED,
        TextOffer.is_change.is_(is_change),
    )
    return list(session.scalars(query.order_by(TextOffer.id)))


def offer_by_public_id(public_id: str) -> TextOffer | None:
    """One offered translation."""
    return session.scalar(select(TextOffer).where(TextOffer.public_id == public_id))


def my_offer(proposal: Proposal, language: str, account_id: int | None) -> TextOffer | None:
    """What this person offered in this language."""
    query = select(TextOffer).where(
        TextOffer.proposal_id == proposal.id,
        TextOffer.language == language,
        TextOffer.account_id == account_id,
    )
    return session.scalar(query)


def wish_counts(proposal: Proposal) -> dict[str, int]:
    """language -> how many people wish for the text in it."""
    query = (
        select(TextWish.language, func.count())
        .where(TextWish.proposal_id == proposal.id)
        .group_by(TextWish.language)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_texts(proposal_id: int) -> int:
    """How many languages besides the original's it can be read in."""
    query = select(func.count()).where(
        TextVersion.kind == "proposal",
        TextVersion.object_id == proposal_id,
        TextVersion.state != TextState.MISSING,
    )
    return session.scalar(query) or 0


def wishers(proposal_id: int, language: str) -> list[int]:
    """Who wishes for it; never shown, only told when it is there."""
    query = select(TextWish.account_id).where(
        TextWish.proposal_id == proposal_id, TextWish.language == language
    )
    return list(session.scalars(query))


def wished_languages(proposal: Proposal, account_id: int | None) -> set[str]:
    """The languages this person has asked for."""
    if account_id is None:
        return set()
    query = select(TextWish.language).where(
        TextWish.proposal_id == proposal.id, TextWish.account_id == account_id
    )
    return set(session.scalars(query))


@dataclass(frozen=True)
class WishRow:
    """One text that people wait for."""

    proposal: Proposal
    language: str
    count: int
    since: datetime


def open_wishes(district_ids: Iterable[int] | None, *, limit: int = 100) -> list[WishRow]:
    """Texts people wait for, most wished for first; None: in the whole town. One query."""
    number, since = func.count(TextWish.id), func.min(TextWish.created_at)
    query = (
        select(Proposal, TextWish.language, number, since)
        .join(TextWish, TextWish.proposal_id == Proposal.id)
        .where(Proposal.listed)
        .group_by(Proposal.id, TextWish.language)
        .order_by(number.desc(), since, Proposal.id)
        .limit(limit)
    )
    if district_ids is not None:
        query = query.where(Proposal.district_id.in_(list(district_ids)))
    return [WishRow(*row) for row in session.execute(query)]


def open_offers(district_ids: Iterable[int] | None, *, limit: int = 100) -> list[tuple[TextOffer, Proposal]]:
    """Translations that wait for a yes, oldest first; None: in the whole town. One query."""
    query = (
        select(TextOffer, Proposal)
        .join(Proposal, Proposal.id == TextOffer.proposal_id)
        .where(TextOffer.state == ConsentState.ASKED, ~TextOffer.is_change, Proposal.listed)
        .order_by(TextOffer.id)
        .limit(limit)
    )
    if district_ids is not None:
        query = query.where(Proposal.district_id.in_(list(district_ids)))
    return [(offer, proposal) for offer, proposal in session.execute(query)]
