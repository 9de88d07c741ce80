"""Writing together: an author hands over a link, the other person accepts or declines."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.crypto import keyed_hash
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.proposals.errors import AlreadyAuthor, InvitationOver, TooManyCoAuthors
from portal.proposals.events import CoAuthorJoined
from portal.proposals.models import CoAuthorInvitation, ConsentState, Proposal, ProposalAuthor
from portal.proposals.permissions import is_author

INVITATION_LASTS = timedelta(days=14)
MOST_AUTHORS = 10


def invite_coauthor(proposal: Proposal, *, actor: Actor) -> str:
    """A new invitation; returns the token of its link, which is not stored and cannot be shown again."""
    ensure(actor, "proposals.invite", proposal)
    if 1 + proposal.coauthor_count >= MOST_AUTHORS:
        raise TooManyCoAuthors
    assert actor.account_id is not None
    token = secrets.token_urlsafe(24)
    now = clock.now()
    session.add(
        CoAuthorInvitation(
            proposal_id=proposal.id,
            token_hash=keyed_hash("proposals.invitation", token),
            invited_by_id=actor.account_id,
            created_at=now,
            expires_at=now + INVITATION_LASTS,
        )
    )
    session.flush()
    return token


def is_open_invitation(invitation: CoAuthorInvitation) -> bool:
    """Neither answered nor older than 14 days."""
    return invitation.state is ConsentState.ASKED and clock.now() < invitation.expires_at


def accept_invitation(invitation: CoAuthorInvitation, proposal: Proposal, *, actor: Actor) -> None:
    """Become an author. Raises InvitationOver, AlreadyAuthor or TooManyCoAuthors."""
    ensure(actor, "proposals.answer_invitation", invitation)
    if is_author(actor, proposal):
        raise AlreadyAuthor
    _answer(invitation, ConsentState.AGREED)
    join_authors(proposal, actor)


def join_authors(proposal: Proposal, actor: Actor) -> None:
    """Stand beside the other authors from now on; both sides have been asked. Raises TooManyCoAuthors."""
    if 1 + proposal.coauthor_count >= MOST_AUTHORS:
        raise TooManyCoAuthors
    assert actor.account_id is not None
    session.add(ProposalAuthor(proposal_id=proposal.id, account_id=actor.account_id, joined_at=clock.now()))
    proposal.coauthor_count += 1
    session.flush()
    session.expire(proposal, ["coauthors"])
    audit.record("proposals.coauthor_joined", actor=actor, subject=("proposal", proposal.id))
    emit(CoAuthorJoined(proposal.id, actor.account_id))


def decline_invitation(invitation: CoAuthorInvitation, *, actor: Actor) -> None:
    """Say no; the link is used up. Raises InvitationOver when it was before."""
    ensure(actor, "proposals.answer_invitation", invitation)
    _answer(invitation, ConsentState.REFUSED)


def _answer(invitation: CoAuthorInvitation, state: ConsentState) -> None:
    if not is_open_invitation(invitation):
        raise InvitationOver
    invitation.state, invitation.answered_at = state, clock.now()


def leave_proposal(proposal: Proposal, *, actor: Actor) -> bool:
    """A co-author steps back; the first author cannot, but can withdraw. False for everybody else."""
    assert actor.account_id is not None
    return _remove_coauthor(proposal, actor, actor.account_id)


def _remove_coauthor(proposal: Proposal, actor: Actor, account_id: int) -> bool:
    gone = session.execute(
        delete(ProposalAuthor)
        .where(ProposalAuthor.proposal_id == proposal.id, ProposalAuthor.account_id == account_id)
        .returning(ProposalAuthor.id)
    ).first()
    if gone is None:
        return False
    proposal.coauthor_count -= 1
    session.flush()
    session.expire(proposal, ["coauthors"])
    audit.record("proposals.coauthor_left", actor=actor, subject=("proposal", proposal.id))
    return True
