"""The work list of the office: what needs somebody, oldest promise first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, exists, func, literal, select

from portal.core import clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.site_settings import site
from portal.proposals.models import (
    Answer,
    Assessment,
    ConsentState,
    ContactOffer,
    Proposal,
    Stage,
    TextOffer,
    TextWish,
)

PER_PAGE = 25
# Beyond this a tab says "99+": nobody needs the exact number, and counting costs.
COUNT_UP_TO = 99
WORK_ROLES = (StaffRole.MODERATOR, StaffRole.PROFESSIONAL, StaffRole.PLANNER)
ON_ITS_WAY = (Stage.COLLECTING, Stage.EXAMINED, Stage.IN_ROUND, Stage.ACCEPTED, Stage.UNDER_WAY)


UNSEEN = (Stage.SUBMITTED, Stage.CHECKING)


def check_by(published_at: datetime) -> date:
    """The day by which moderation looks at a new proposal, as its page promises."""
    return clock.local(published_at).date() + timedelta(days=site("proposals.check_days"))


class Work(StrEnum):
    """What there is to do."""

    NEW = "new"
    DUE = "due"
    OVERDUE = "overdue"
    ASSESS = "assess"
    CONTACT = "contact"
    TEXTS = "texts"


@dataclass(frozen=True)
class WorkRow:
    """One proposal as the office sees it in a list."""

    id: int
    public_id: str
    title: str
    language: str
    stage: Stage
    district_id: int | None
    support_count: int
    published_at: datetime
    answer_due_on: date | None
    answered_at: datetime | None
    contact_account_id: int | None
    has_draft_answer: bool
    verdict: str | None
    wishes: int
    offers: int

    @property
    def due_on(self) -> date | None:
        """As its page promises: the day by which the town answers, or by which moderation looks at it."""
        if self.answer_due_on is not None and self.answered_at is None:
            return self.answer_due_on
        return check_by(self.published_at) if self.stage in UNSEEN else None

    @property
    def days_over(self) -> int:
        """Days since it was due; below zero: days left."""
        return (clock.today() - self.due_on).days if self.due_on else 0


@dataclass(frozen=True)
class WorkPage:
    """One page of one tab."""

    rows: list[WorkRow]
    total: int


def districts_of(actor: Actor) -> tuple[int, ...] | None:
    """The districts this person's hats count for; None: the whole town."""
    grants = [grant for grant in actor.roles if grant.role in WORK_ROLES]
    if any(grant.district_id is None for grant in grants):
        return None
    return tuple(sorted({grant.district_id for grant in grants if grant.district_id is not None}))


def _matching(work: Work, district_ids: tuple[int, ...] | None) -> Select[Any]:
    query = select(Proposal.id).where(Proposal.listed)
    if district_ids is not None:
        query = query.where(Proposal.district_id.in_(district_ids))
    unanswered = Proposal.answered_at.is_(None)
    if work is Work.NEW:
        fresh = clock.now() - timedelta(days=site("proposals.check_days"))
        unseen = Proposal.stage.in_(UNSEEN)
        just_here = (Proposal.stage == Stage.COLLECTING) & (Proposal.published_at > fresh)
        return query.where((unseen | just_here) if not site("proposals.check_first") else unseen)
    if work is Work.DUE:
        return query.where(unanswered, Proposal.answer_due_on >= clock.today())
    if work is Work.OVERDUE:
        return query.where(unanswered, Proposal.answer_due_on < clock.today())
    if work is Work.ASSESS:
        assessed = exists().where(Assessment.proposal_id == Proposal.id, Assessment.published_at.is_not(None))
        return query.where(Proposal.stage == Stage.EXAMINED, ~assessed)
    if work is Work.CONTACT:
        return query.where(Proposal.contact_account_id.is_(None), Proposal.stage.in_(ON_ITS_WAY))
    wished = exists().where(TextWish.proposal_id == Proposal.id)
    offered = exists().where(TextOffer.proposal_id == Proposal.id, TextOffer.state == ConsentState.ASKED)
    return query.where(wished | offered)


def work_counts(district_ids: tuple[int, ...] | None) -> dict[Work, int]:
    """How much there is in each tab, up to 100, in one query."""
    parts = [
        select(func.count())
        .select_from(_matching(work, district_ids).limit(COUNT_UP_TO + 1).subquery())
        .scalar_subquery()
        for work in Work
    ]
    return dict(zip(Work, session.execute(select(*parts)).one(), strict=True))


def work_page(work: Work, district_ids: tuple[int, ...] | None, *, page: int = 1) -> WorkPage:
    """One page of a tab, what was promised first comes first. Two queries."""
    matching = _matching(work, district_ids)
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    oldest_first = (Proposal.answer_due_on.is_(None), Proposal.answer_due_on, Proposal.published_at)
    rows = session.execute(
        select(*_columns())
        .where(Proposal.id.in_(matching))
        .order_by(*oldest_first, Proposal.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return WorkPage([WorkRow(*row) for row in rows], total)


def _columns() -> list[Any]:
    names = [name for name in WorkRow.__dataclass_fields__ if hasattr(Proposal, name)]
    draft = exists().where(Answer.proposal_id == Proposal.id, Answer.published_at.is_(None))
    verdict = (
        select(Assessment.verdict)
        .where(Assessment.proposal_id == Proposal.id, Assessment.published_at.is_not(None))
        .where(Assessment.replaced_at.is_(None))
        .scalar_subquery()
    )
    wishes = _number(TextWish, literal(True))
    offers = _number(ContactOffer, ContactOffer.state == ConsentState.ASKED)
    return [*(getattr(Proposal, name) for name in names), draft, verdict, wishes, offers]


def _number(model: Any, condition: Any) -> Any:
    return (
        select(func.count())
        .select_from(model)
        .where(model.proposal_id == Proposal.id, condition)
        .scalar_subquery()
    )
