"""One proposal, one invitation, one person's relation to a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account
from portal.core import clock
from portal.core.crypto import keyed_hash
from portal.core.db import session
from portal.proposals.models import (
    CoAuthorInvitation,
    Follow,
    Proposal,
    ProposalNeed,
    ProposalVersion,
    SeenSimilar,
    Stage,
    Support,
)


@dataclass(frozen=True)
class Relation:
    """How a person stands to a proposal. `asked_version`: asked "still with it?" and not answered yet."""

    supports: bool = False
    follows: bool = False
    asked_version: int | None = None


def proposal_by_public_id(public_id: str) -> Proposal | None:
    """The proposal with this public id, in whatever state; permissions decide who sees it."""
    return session.scalar(select(Proposal).where(Proposal.public_id == public_id))


def proposal_with_thread(public_id: str) -> Proposal | None:
    """The same with its conversation, in one query, for its page."""
    found: Proposal | None = session.scalar(_with_thread_statement(), {"pid": public_id})
    return found


@cache
def _with_thread_statement() -> Any:
    query = select(Proposal).options(joinedload(Proposal.thread))
    return query.where(Proposal.public_id == bindparam("pid"))


def proposal_by_id(proposal_id: int) -> Proposal | None:
    """The proposal, in whatever state."""
    return session.get(Proposal, proposal_id)


def proposals_by_ids(ids: Sequence[int]) -> dict[int, Proposal]:
    """Proposals by id in one query, for lists of notices and reports."""
    return {one.id: one for one in session.scalars(select(Proposal).where(Proposal.id.in_(ids)))}


def published_since(moment: datetime) -> int:
    """How many were published since then; what was brought in from files does not count."""
    query = select(func.count()).where(Proposal.published_at >= moment, Proposal.imported_from.is_(None))
    return session.scalar(query) or 0


def by_new_accounts(made_after: datetime, published_after: datetime, most: int) -> Sequence[Proposal]:
    """The latest published proposals of accounts as young as that."""
    query = select(Proposal).join(Account, Account.id == Proposal.author_id)
    query = query.where(Account.created_at > made_after, Proposal.published_at > published_after)
    return session.scalars(query.order_by(Proposal.id.desc()).limit(most)).all()


def over_ids() -> list[int]:
    """Proposals whose time to collect support has passed."""
    query = select(Proposal.id).where(
        Proposal.listed,
        Proposal.stage == Stage.COLLECTING,
        Proposal.collecting_until_on < clock.today(),
    )
    return list(session.scalars(query.order_by(Proposal.id)))


def proposal_of_thread(thread_id: int) -> Proposal | None:
    """The proposal a conversation belongs to."""
    return session.scalar(select(Proposal).where(Proposal.thread_id == thread_id))


def invitation_by_token(token: str) -> CoAuthorInvitation | None:
    """The invitation behind a link, used or not; only the hash of the token is stored."""
    token_hash = keyed_hash("proposals.invitation", token)
    return session.scalar(select(CoAuthorInvitation).where(CoAuthorInvitation.token_hash == token_hash))


def relation_of(account_id: int | None, proposal: Proposal) -> Relation:
    """Whether this person supports and follows, in one query; none for visitors."""
    if account_id is None:
        return Relation()
    confirmed = (
        select(Support.confirmed_version)
        .where(Support.proposal_id == proposal.id, Support.account_id == account_id)
        .scalar_subquery()
    )
    follow = (
        select(Follow.id)
        .where(Follow.proposal_id == proposal.id, Follow.account_id == account_id)
        .scalar_subquery()
    )
    version, follow_id = session.execute(select(confirmed, follow)).one()
    asked = proposal.asked_about_version
    is_asked = version is not None and asked is not None and version < asked
    return Relation(version is not None, follow_id is not None, asked if is_asked else None)


def needs_of(proposal: Proposal) -> list[ProposalNeed]:
    """What is missing, in the author's order; asks the database only when there is something."""
    if not proposal.need_count:
        return []
    query = select(ProposalNeed).where(ProposalNeed.proposal_id == proposal.id)
    return list(session.scalars(query.order_by(ProposalNeed.position)))


def versions_of(proposal: Proposal) -> list[ProposalVersion]:
    """All public versions, newest first."""
    query = select(ProposalVersion).where(ProposalVersion.proposal_id == proposal.id)
    return list(session.scalars(query.order_by(ProposalVersion.number.desc())))


def version_of(proposal: Proposal, number: int) -> ProposalVersion | None:
    """One public version."""
    return session.scalar(
        select(ProposalVersion).where(
            ProposalVersion.proposal_id == proposal.id, ProposalVersion.number == number
        )
    )


def confirmed_version_of(account_id: int | None, proposal: Proposal) -> ProposalVersion | None:
    """The text a supporter said yes to."""
    return session.scalar(
        select(ProposalVersion)
        .join(
            Support,
            (Support.proposal_id == ProposalVersion.proposal_id)
            & (Support.confirmed_version == ProposalVersion.number),
        )
        .where(Support.proposal_id == proposal.id, Support.account_id == account_id)
    )


def decided_similar_ids(draft: Proposal) -> list[int]:
    """Similar proposals the author of a draft has seen and decided about."""
    return list(session.scalars(select(SeenSimilar.similar_id).where(SeenSimilar.proposal_id == draft.id)))


def supporter_ids(proposal: Proposal) -> list[int]:
    """The accounts that support it; never shown, only told or asked."""
    query = select(Support.account_id).where(Support.proposal_id == proposal.id)
    return [one for one in session.scalars(query) if one is not None]


def follower_ids(proposal: Proposal) -> list[int]:
    """The accounts that follow it; never shown, only told."""
    return list(session.scalars(select(Follow.account_id).where(Follow.proposal_id == proposal.id)))
