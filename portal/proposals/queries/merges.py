"""Putting proposals together and taking them apart: the cases, who is asked, what they said."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from portal.core.db import session
from portal.proposals.models import (
    CarryOver,
    ConsentState,
    Follow,
    Merge,
    MergeConsent,
    MergeSource,
    Proposal,
)


@dataclass(frozen=True)
class MergeCase:
    """A wish to merge (or, with `splits_id`, to split) with everything that belongs to it."""

    merge: Merge
    target: Proposal
    sources: list[Proposal] = field(default_factory=list)
    consents: list[MergeConsent] = field(default_factory=list)

    @property
    def is_split(self) -> bool:
        """Whether it takes an earlier merge apart."""
        return self.merge.splits_id is not None

    @property
    def proposals(self) -> list[Proposal]:
        """Target and sources."""
        return [self.target, *self.sources]

    @property
    def asked_ids(self) -> set[int]:
        """Every author who was asked, whatever they said."""
        return {one.account_id for one in self.consents}

    @property
    def waits_for(self) -> set[int]:
        """Authors who have not answered."""
        return {one.account_id for one in self.consents if one.state is ConsentState.ASKED}


def merge_by_public_id(public_id: str) -> MergeCase | None:
    """The case behind an address."""
    merge = session.scalar(select(Merge).where(Merge.public_id == public_id))
    return None if merge is None else case_of(merge)


def case_of(merge: Merge) -> MergeCase:
    """The merge with its proposals and consents. Three queries."""
    target = session.get_one(Proposal, merge.target_id)
    joined = select(Proposal).join(MergeSource, MergeSource.source_id == Proposal.id)
    sources = session.scalars(joined.where(MergeSource.merge_id == merge.id).order_by(MergeSource.id))
    asked = select(MergeConsent).where(MergeConsent.merge_id == merge.id).order_by(MergeConsent.id)
    return MergeCase(merge, target, list(sources), list(session.scalars(asked)))


def open_cases_of(proposal: Proposal) -> list[Merge]:
    """Open questions that concern this proposal, as target or as source."""
    as_source = select(MergeSource.merge_id).where(MergeSource.source_id == proposal.id)
    query = select(Merge).where(
        Merge.done_at.is_(None),
        Merge.refused_at.is_(None),
        (Merge.target_id == proposal.id) | Merge.id.in_(as_source),
    )
    return list(session.scalars(query.order_by(Merge.id)))


def open_cases_for(proposal: Proposal, account_id: int) -> list[Merge]:
    """Open questions around this proposal that wait for this person, an author of it or of the other one."""
    asked = select(MergeConsent.merge_id).where(
        MergeConsent.account_id == account_id, MergeConsent.state == ConsentState.ASKED
    )
    as_source = select(MergeSource.merge_id).where(MergeSource.source_id == proposal.id)
    query = select(Merge).where(
        Merge.id.in_(asked),
        Merge.done_at.is_(None),
        Merge.refused_at.is_(None),
        (Merge.target_id == proposal.id) | Merge.id.in_(as_source),
    )
    return list(session.scalars(query.order_by(Merge.id)))


def merge_that_took(source: Proposal) -> Merge | None:
    """The merge by which this proposal went into another one."""
    query = (
        select(Merge)
        .join(MergeSource, MergeSource.merge_id == Merge.id)
        .where(MergeSource.source_id == source.id, Merge.target_id == source.merged_into_id)
        .where(Merge.done_at.is_not(None), Merge.undone_at.is_(None), Merge.splits_id.is_(None))
        .order_by(Merge.id.desc())
    )
    return session.scalar(query.limit(1))


def sources_of(target: Proposal) -> list[Proposal]:
    """Proposals that went into this one and can still be read. Asks only when there are some."""
    if not target.source_count:
        return []
    query = select(Proposal).where(Proposal.merged_into_id == target.id, Proposal.hidden_at.is_(None))
    return list(session.scalars(query.order_by(Proposal.id)))


def carry_over_of(merge: Merge, account_id: int | None) -> CarryOver | None:
    """What a supporter of a source was asked, and said."""
    query = select(CarryOver).where(CarryOver.merge_id == merge.id, CarryOver.account_id == account_id)
    return session.scalar(query) if account_id is not None else None


def waiting_carry_over(proposal: Proposal, account_id: int | None) -> Merge | None:
    """The merge about which this person was asked on this page (source or target) and has not answered."""
    if account_id is None or not (proposal.merged_into_id or proposal.source_count):
        return None
    target_id = proposal.merged_into_id or proposal.id
    query = (
        select(Merge)
        .join(CarryOver, CarryOver.merge_id == Merge.id)
        .where(CarryOver.account_id == account_id, CarryOver.state == ConsentState.ASKED)
        .where(Merge.target_id == target_id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
    )
    return session.scalar(query.limit(1))


def all_concerned_ids(proposal: Proposal) -> list[int]:
    """Authors and followers of the proposals that went into this one: they hear what becomes of it."""
    if not proposal.source_count:
        return []
    ids: set[int] = set()
    for source in sources_of(proposal):
        ids.update(source.author_ids)
    followers = (
        select(Follow.account_id)
        .join(Proposal, Proposal.id == Follow.proposal_id)
        .where(Proposal.merged_into_id == proposal.id)
    )
    return sorted(ids | set(session.scalars(followers)))
