"""Answers and assessments: the one that counts, the one in preparation, and how it was before."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from portal.core.db import session
from portal.proposals.models import Answer, AnswerVersion, Assessment, Proposal


def answer_of(proposal: Proposal) -> Answer | None:
    """The town's answer, prepared or published."""
    return session.scalar(select(Answer).where(Answer.proposal_id == proposal.id))


def public_answer_of(proposal: Proposal) -> Answer | None:
    """The answer everybody can read; a prepared one stays in the office. Asks only when there is one."""
    if not proposal.answer_count:
        return None
    query = select(Answer).where(Answer.proposal_id == proposal.id, Answer.published_at.is_not(None))
    return session.scalar(query)


def answer_versions(answer: Answer) -> list[AnswerVersion]:
    """The answer as it was published and after each change, newest first."""
    query = select(AnswerVersion).where(AnswerVersion.answer_id == answer.id)
    return list(session.scalars(query.order_by(AnswerVersion.number.desc())))


def prepared_answers(district_ids: Iterable[int] | None) -> list[tuple[Answer, Proposal]]:
    """Answers that wait to be published, longest waiting first; None: of the whole town. At most 100."""
    query = (
        select(Answer, Proposal)
        .join(Proposal, Proposal.id == Answer.proposal_id)
        .where(Answer.published_at.is_(None), Proposal.listed)
        .order_by(Answer.prepared_at, Answer.id)
        .limit(100)
    )
    if district_ids is not None:
        query = query.where(Proposal.district_id.in_(list(district_ids)))
    return [(row[0], row[1]) for row in session.execute(query)]


def current_assessment(proposal: Proposal) -> Assessment | None:
    """The assessment that counts."""
    return session.scalar(
        select(Assessment).where(
            Assessment.proposal_id == proposal.id,
            Assessment.published_at.is_not(None),
            Assessment.replaced_at.is_(None),
        )
    )


def draft_assessment(proposal: Proposal) -> Assessment | None:
    """The assessment somebody prepares at the moment."""
    query = select(Assessment).where(Assessment.proposal_id == proposal.id, Assessment.published_at.is_(None))
    return session.scalar(query)


def assessments_of(proposal: Proposal) -> list[Assessment]:
    """Every published assessment, newest first: the first one counts. Asks only when there is one."""
    if not proposal.assessment_count:
        return []
    query = select(Assessment).where(
        Assessment.proposal_id == proposal.id, Assessment.published_at.is_not(None)
    )
    return list(session.scalars(query.order_by(Assessment.published_at.desc(), Assessment.id.desc())))
