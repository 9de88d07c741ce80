"""Hidden and restored by moderation, and what remains when an author leaves the portal."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from portal.content.operations import drop_text_versions, remove_pictures_of, remove_video_of
from portal.core import audit, clock
from portal.core.actors import SYSTEM
from portal.core.db import session
from portal.core.events import emit
from portal.core.subjects import SubjectRef
from portal.proposals.events import ProposalBackInLists, ProposalLeftLists
from portal.proposals.models import (
    CoAuthorInvitation,
    Follow,
    Pledge,
    Proposal,
    ProposalAuthor,
    ProposalNeed,
    ProposalVersion,
    Support,
)


def hide_proposal(proposal: Proposal) -> None:
    """Moderation hides it: called with its decision (or its hold) only, never by itself."""
    if proposal.hidden_at is None and not proposal.is_draft:
        proposal.hidden_at = clock.now()
        session.flush()
        emit(ProposalLeftLists(proposal.id))


def restore_proposal(proposal: Proposal) -> None:
    """Moderation shows it again; everything is back in place."""
    if proposal.hidden_at is not None:
        proposal.hidden_at = None
        session.flush()
        if proposal.is_open:
            emit(ProposalBackInLists(proposal.id))


def forget_person(account_id: int, *, keep_proposals: bool, keep_support: bool) -> None:
    """An account is erased: do with its proposals and its support what the person chose.

    Drafts go, or pass to a co-author. Kept proposals stay without a name. The others are deleted, unless
    other people have built on them (co-authors, comments, merged proposals): then only the name goes.
    """
    _leave_others(account_id)
    mine = select(Proposal).where(Proposal.author_id == account_id).order_by(Proposal.id)
    for proposal in session.scalars(mine).all():
        _let_go(proposal, keep=keep_proposals)
    session.execute(
        update(ProposalVersion).where(ProposalVersion.editor_id == account_id).values(editor_id=None)
    )
    session.execute(delete(CoAuthorInvitation).where(CoAuthorInvitation.invited_by_id == account_id))
    _forget_support(account_id, keep=keep_support)
    _forget_follows_and_pledges(account_id)
    session.expire_all()


def _leave_others(account_id: int) -> None:
    joined = select(ProposalAuthor.proposal_id).where(ProposalAuthor.account_id == account_id)
    session.execute(
        update(Proposal)
        .where(Proposal.id.in_(joined))
        .values(coauthor_count=Proposal.coauthor_count - 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(ProposalAuthor).where(ProposalAuthor.account_id == account_id))
    session.expire_all()


def _let_go(proposal: Proposal, *, keep: bool) -> None:
    heir = session.scalar(
        select(ProposalAuthor).where(ProposalAuthor.proposal_id == proposal.id).order_by(ProposalAuthor.id)
    )
    if heir is not None:
        proposal.author_id = heir.account_id
        proposal.draft_key = None
        proposal.coauthor_count -= 1
        session.delete(heir)
    elif proposal.is_draft or not (keep or _others_built_on(proposal)):
        ref = SubjectRef("proposal", proposal.id)
        remove_pictures_of(ref)
        remove_video_of(ref)
        drop_text_versions(ref)
        emit(ProposalLeftLists(proposal.id))
        session.delete(proposal)
    else:
        proposal.author_id = proposal.draft_key = None
        audit.record("proposals.erased_author", actor=SYSTEM, subject=("proposal", proposal.id))
    session.flush()


def _others_built_on(proposal: Proposal) -> bool:
    merged = select(Proposal.id).where(Proposal.merged_into_id == proposal.id).limit(1)
    return proposal.comment_count > 0 or session.scalar(merged) is not None


def _forget_support(account_id: int, *, keep: bool) -> None:
    mine = select(Support.proposal_id).where(Support.account_id == account_id)
    if keep:
        session.execute(update(Support).where(Support.account_id == account_id).values(account_id=None))
        return
    session.execute(
        update(Proposal)
        .where(Proposal.id.in_(mine))
        .values(support_count=Proposal.support_count - 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Support).where(Support.account_id == account_id))


def _forget_follows_and_pledges(account_id: int) -> None:
    mine = select(Follow.proposal_id).where(Follow.account_id == account_id)
    session.execute(
        update(Proposal)
        .where(Proposal.id.in_(mine))
        .values(follow_count=Proposal.follow_count - 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Follow).where(Follow.account_id == account_id))
    pledged = select(Pledge.need_id, Pledge.quantity).where(Pledge.account_id == account_id)
    for need_id, quantity in session.execute(pledged).all():
        session.execute(
            update(ProposalNeed)
            .where(ProposalNeed.id == need_id)
            .values(pledged=ProposalNeed.pledged - quantity)
            .execution_options(synchronize_session=False)
        )
    session.execute(delete(Pledge).where(Pledge.account_id == account_id))
