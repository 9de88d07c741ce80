"""What is missing, and what neighbours pledged."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from portal.accounts.queries import AuthorCard, account_names
from portal.core.db import session
from portal.proposals.models import Pledge, Proposal, ProposalNeed


@dataclass(frozen=True)
class PledgeView:
    """One pledge as the authors see it."""

    pledge: Pledge
    need: ProposalNeed
    card: AuthorCard


def need_by_public_id(proposal: Proposal, public_id: str) -> ProposalNeed | None:
    """One thing on this proposal's list."""
    query = select(ProposalNeed).where(
        ProposalNeed.proposal_id == proposal.id, ProposalNeed.public_id == public_id
    )
    return session.scalar(query)


def is_complete(proposal: Proposal) -> bool:
    """Whether there is a list and everything on it was pledged. Asks only when there is a list."""
    if not proposal.need_count:
        return False
    missing = case((ProposalNeed.pledged < ProposalNeed.quantity, 1), else_=0)
    query = select(func.count(), func.sum(missing)).where(ProposalNeed.proposal_id == proposal.id)
    listed, left = session.execute(query).one()
    return bool(listed) and not left


def pledge_of(need: ProposalNeed, account_id: int | None) -> Pledge | None:
    """This person's own pledge."""
    if account_id is None:
        return None
    query = select(Pledge).where(Pledge.need_id == need.id, Pledge.account_id == account_id)
    return session.scalar(query)


def pledgers_of(need: ProposalNeed) -> list[int]:
    """Who pledged for this; told when it is taken off the list."""
    return list(session.scalars(select(Pledge.account_id).where(Pledge.need_id == need.id)))


def pledges_of(proposal: Proposal) -> list[PledgeView]:
    """Every pledge with name and note, in the order of the list: for the authors alone. Two queries."""
    query = (
        select(Pledge, ProposalNeed)
        .join(ProposalNeed, ProposalNeed.id == Pledge.need_id)
        .where(ProposalNeed.proposal_id == proposal.id)
        .order_by(ProposalNeed.position, Pledge.id)
    )
    rows = session.execute(query).all()
    cards = account_names(pledge.account_id for pledge, _ in rows)
    return [PledgeView(pledge, need, cards[pledge.account_id]) for pledge, need in rows]


@dataclass(frozen=True)
class PublicPledges:
    """What everybody sees beside a need: how many pledged, and the names of those who want it."""

    count: int
    names: tuple[str, ...]
    mine: int | None


def public_pledges(proposal: Proposal, viewer_id: int | None) -> dict[int, PublicPledges]:
    """need id -> what can be seen of its pledges. Two queries at most, none without a list."""
    if not proposal.need_count:
        return {}
    query = (
        select(Pledge.need_id, Pledge.account_id, Pledge.quantity, Pledge.is_named)
        .join(ProposalNeed, ProposalNeed.id == Pledge.need_id)
        .where(ProposalNeed.proposal_id == proposal.id)
        .order_by(Pledge.id)
    )
    rows = session.execute(query).all()
    cards = account_names(row.account_id for row in rows if row.is_named)
    found: dict[int, PublicPledges] = {}
    for need_id in {row.need_id for row in rows}:
        here = [row for row in rows if row.need_id == need_id]
        names = tuple(cards[row.account_id].name for row in here if row.is_named)
        mine = next((row.quantity for row in here if row.account_id == viewer_id), None)
        found[need_id] = PublicPledges(len(here), names, mine)
    return found
