"""Who can be the person to turn to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.queries import AuthorCard, account_names, staff_with_role
from portal.core.actors import StaffRole
from portal.core.db import session
from portal.proposals.models import ConsentState, ContactOffer, Proposal


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be the contact person; `offered`: a resident who offered it."""

    account_id: int
    card: AuthorCard
    offered: bool


def contact_candidates(proposal: Proposal) -> list[Candidate]:
    """Residents who offered it first, then professionals and moderators of the district; by name."""
    volunteers = {one.account_id for one in offers_of(proposal) if one.state is not ConsentState.REFUSED}
    staff = {
        account_id
        for role in (StaffRole.PROFESSIONAL, StaffRole.MODERATOR)
        for account_id in staff_with_role(role, proposal.district_id)
    }
    cards = account_names(volunteers | staff)
    found = [Candidate(one, card, one in volunteers) for one, card in cards.items() if card.public_id]
    return sorted(found, key=lambda one: (not one.offered, one.card.name.casefold(), one.account_id))


def offers_of(proposal: Proposal) -> list[ContactOffer]:
    """Residents who would be the contact person, first offer first."""
    query = select(ContactOffer).where(ContactOffer.proposal_id == proposal.id)
    return list(session.scalars(query.order_by(ContactOffer.id)))


def offer_of(proposal: Proposal, account_id: int | None) -> ContactOffer | None:
    """This person's own offer."""
    if account_id is None:
        return None
    query = select(ContactOffer).where(
        ContactOffer.proposal_id == proposal.id, ContactOffer.account_id == account_id
    )
    return session.scalar(query)
