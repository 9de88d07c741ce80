"""Groups behind proposals, and proposals of groups."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import session
from portal.groups.models import Group
from portal.groups.queries.finding import is_public_condition
from portal.proposals.models import GroupPart, Proposal, ProposalGroup


@dataclass(frozen=True)
class BehindLine:
    """A group that stands behind a proposal, or is asked to."""

    link: ProposalGroup
    name: str
    public_id: str
    language: str


def groups_behind(proposal: Proposal, *, agreed: bool = True) -> list[BehindLine]:
    """The groups of a proposal, in the order they came; no question when the counter says none.

    A group whose page moderation has hidden or stopped is not named.
    """
    if agreed and not proposal.group_count:
        return []
    query = (
        select(ProposalGroup, Group)
        .join(Group, Group.id == ProposalGroup.group_id)
        .where(ProposalGroup.proposal_id == proposal.id)
        .where(is_public_condition(), Group.suspended_until.is_(None))
    )
    if agreed:
        query = query.where(ProposalGroup.agreed_on.is_not(None))
    rows = session.execute(query.order_by(ProposalGroup.id)).all()
    return [BehindLine(link, group.name, group.public_id, group.language) for link, group in rows]


def link_by_public_id(public_id: str) -> ProposalGroup | None:
    """One of them, whoever asks."""
    return session.scalar(select(ProposalGroup).where(ProposalGroup.public_id == public_id))


def link_between(proposal: Proposal, group: Group, part: GroupPart) -> ProposalGroup | None:
    """How this group stands to this proposal, asked or agreed."""
    query = select(ProposalGroup).where(
        ProposalGroup.proposal_id == proposal.id,
        ProposalGroup.group_id == group.id,
        ProposalGroup.part == part,
    )
    return session.scalar(query)


def proposal_of(link: ProposalGroup) -> Proposal:
    """The proposal of a link."""
    return session.get_one(Proposal, link.proposal_id)


def group_of(link: ProposalGroup) -> Group:
    """The group of a link."""
    return session.get_one(Group, link.group_id)


MOST_SHOWN = 50


def proposals_of_group(group: Group, *, agreed: bool = True) -> list[tuple[ProposalGroup, Proposal]]:
    """What a group stands behind and everybody may read, newest first; or what it is asked about."""
    query = (
        select(ProposalGroup, Proposal)
        .join(Proposal, Proposal.id == ProposalGroup.proposal_id)
        .where(ProposalGroup.group_id == group.id)
        .where(Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
        .where(ProposalGroup.agreed_on.is_not(None) if agreed else ProposalGroup.agreed_on.is_(None))
    )
    rows = session.execute(query.order_by(ProposalGroup.id.desc()).limit(MOST_SHOWN)).all()
    return [(link, proposal) for link, proposal in rows]
