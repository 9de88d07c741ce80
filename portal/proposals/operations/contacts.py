"""The person to turn to, and a substitute: staff of the district, or residents who offered it."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from portal.core import audit, clock, limits
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.proposals.errors import NotAContact, ProposalClosed, SameContact
from portal.proposals.events import ContactOffered, ContactSet
from portal.proposals.models import ConsentState, ContactOffer, Proposal
from portal.proposals.operations.staging import lock
from portal.proposals.queries.contacts import contact_candidates


def set_contact(
    proposal: Proposal, *, actor: Actor, contact_id: int | None, substitute_id: int | None = None
) -> bool:
    """Name the contact person and the substitute (None: nobody). False when nothing changes.

    A volunteer's offer is accepted by this. Raises NotAContact for somebody who is neither staff of the
    district nor offered it, SameContact.
    """
    ensure(actor, "proposals.set_contact", proposal)
    lock(proposal)
    if contact_id is not None and contact_id == substitute_id:
        raise SameContact
    known = {one.account_id for one in contact_candidates(proposal)}
    for field, wanted in (("contact", contact_id), ("substitute", substitute_id)):
        if wanted is not None and wanted not in known:
            raise NotAContact(field=field)
    before = {proposal.contact_account_id, proposal.substitute_account_id}
    if (contact_id, substitute_id) == (proposal.contact_account_id, proposal.substitute_account_id):
        return False
    proposal.contact_account_id, proposal.substitute_account_id = contact_id, substitute_id
    session.flush()
    named = [one for one in (contact_id, substitute_id) if one is not None]
    session.execute(
        update(ContactOffer)
        .where(ContactOffer.proposal_id == proposal.id, ContactOffer.account_id.in_(named))
        .values(state=ConsentState.AGREED, answered_at=clock.now())
    )
    audit.record(
        "proposals.contact_set",
        actor=actor,
        subject=("proposal", proposal.id),
        contact=contact_id is not None,
        substitute=substitute_id is not None,
    )
    emit(ContactSet(proposal.id, tuple(one for one in named if one not in before), actor.account_id))
    return True


def offer_contact(proposal: Proposal, *, actor: Actor) -> bool:
    """A resident would be the contact person; a moderator decides. False for a second click."""
    ensure(actor, "proposals.offer_contact", proposal)
    if not proposal.is_open:
        raise ProposalClosed
    assert actor.account_id is not None
    limits.hit("proposals.offer_contact", str(actor.account_id))
    statement = upsert(ContactOffer).values(
        proposal_id=proposal.id,
        account_id=actor.account_id,
        state=ConsentState.ASKED,
        created_at=clock.now(),
    )
    keys = ["proposal_id", "account_id"]
    added = session.execute(
        statement.on_conflict_do_nothing(index_elements=keys).returning(ContactOffer.id)
    ).first()
    if added is not None:
        emit(ContactOffered(proposal.id, actor.account_id))
    return added is not None


def refuse_offer(proposal: Proposal, *, actor: Actor, account_id: int) -> bool:
    """A moderator says no to somebody who offered to be the contact person."""
    ensure(actor, "proposals.set_contact", proposal)
    done = session.execute(
        update(ContactOffer)
        .where(ContactOffer.proposal_id == proposal.id, ContactOffer.account_id == account_id)
        .where(ContactOffer.state == ConsentState.ASKED)
        .values(state=ConsentState.REFUSED, answered_at=clock.now())
        .returning(ContactOffer.id)
    )
    return done.first() is not None


def step_back(proposal: Proposal, *, actor: Actor) -> None:
    """Contact person or substitute no more; a substitute takes the place of the contact person."""
    ensure(actor, "proposals.step_back", proposal)
    assert actor.account_id is not None
    _remove(proposal, actor.account_id)
    audit.record("proposals.contact_left", actor=actor, subject=("proposal", proposal.id))


def take_back_offer(proposal: Proposal, *, actor: Actor) -> bool:
    """The offer was a mistake, or is no longer meant."""
    ensure(actor, "proposals.offer_contact", proposal)
    gone = session.execute(
        delete(ContactOffer)
        .where(ContactOffer.proposal_id == proposal.id, ContactOffer.account_id == actor.account_id)
        .returning(ContactOffer.id)
    )
    return gone.first() is not None


def _remove(proposal: Proposal, account_id: int) -> None:
    if proposal.contact_account_id == account_id:
        proposal.contact_account_id, proposal.substitute_account_id = proposal.substitute_account_id, None
    elif proposal.substitute_account_id == account_id:
        proposal.substitute_account_id = None
    session.execute(
        delete(ContactOffer).where(
            ContactOffer.proposal_id == proposal.id, ContactOffer.account_id == account_id
        )
    )
    session.flush()


def forget_contact(account_id: int) -> None:
    """The account is erased: it is nobody's contact person any more."""
    mine = (Proposal.contact_account_id == account_id) | (Proposal.substitute_account_id == account_id)
    for proposal in session.scalars(select(Proposal).where(mine)):
        _remove(proposal, account_id)
    session.execute(delete(ContactOffer).where(ContactOffer.account_id == account_id))
