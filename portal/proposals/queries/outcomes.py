"""What became of accepted proposals: one of them with its steps and news, and the public list."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core.db import session
from portal.proposals.models import Milestone, Outcome, OutcomeNews, Proposal, Stage
from portal.proposals.models.outcomes import OUTCOME_STAGES

OUTCOMES_PER_PAGE = 24


@dataclass(frozen=True)
class OutcomePage:
    """One page of the list, and how many there are by stage."""

    rows: list[tuple[Outcome, Proposal]]
    counts: dict[Stage, int]

    @property
    def total(self) -> int:
        """All of them, whatever their stage."""
        return sum(self.counts.values())


def outcome_of(proposal: Proposal) -> Outcome | None:
    """Where an accepted proposal stands; asks the database only for accepted ones."""
    return session.get(Outcome, proposal.id) if proposal.stage in OUTCOME_STAGES else None


def milestones_of(proposal: Proposal) -> list[Milestone]:
    """The steps, by their day; those without a day last."""
    query = select(Milestone).where(Milestone.proposal_id == proposal.id)
    return list(session.scalars(query.order_by(Milestone.due_on.is_(None), Milestone.due_on, Milestone.id)))


def milestone_of(proposal: Proposal, public_id: str) -> Milestone | None:
    """One step of this proposal."""
    is_it = (Milestone.proposal_id == proposal.id, Milestone.public_id == public_id)
    return session.scalar(select(Milestone).where(*is_it))


def news_of(proposal: Proposal, limit: int = 50) -> list[OutcomeNews]:
    """The news, newest first."""
    query = select(OutcomeNews).where(OutcomeNews.proposal_id == proposal.id)
    return list(session.scalars(query.order_by(OutcomeNews.at.desc(), OutcomeNews.id.desc()).limit(limit)))


def news_by_id(news_id: int) -> OutcomeNews | None:
    """One piece of news."""
    return session.get(OutcomeNews, news_id)


def news_by_public_id(public_id: str) -> OutcomeNews | None:
    """One piece of news by the id in its address."""
    return session.scalar(select(OutcomeNews).where(OutcomeNews.public_id == public_id))


def outcome_page(stage: Stage | None, page: int) -> OutcomePage:
    """Accepted proposals in public lists, the newest news first; `stage` narrows the rows, not the counts."""
    here = select(Proposal.stage, func.count()).where(Proposal.listed, Proposal.stage.in_(OUTCOME_STAGES))
    counts = {row[0]: row[1] for row in session.execute(here.group_by(Proposal.stage))}
    query = (
        select(Outcome, Proposal)
        .join(Proposal, Proposal.id == Outcome.proposal_id)
        .where(Proposal.listed, Proposal.stage.in_((stage,) if stage else OUTCOME_STAGES))
        .order_by(Outcome.news_at.desc(), Outcome.proposal_id)
    )
    rows = session.execute(query.limit(OUTCOMES_PER_PAGE).offset((page - 1) * OUTCOMES_PER_PAGE))
    return OutcomePage([(row[0], row[1]) for row in rows], counts)
