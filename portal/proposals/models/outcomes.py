"""What becomes of an accepted proposal: milestones with dates, and news from those who carry it out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, one_of
from portal.proposals.models.types import Stage

MILESTONE_LENGTH = 160
# An accepted proposal, until it is done and after.
OUTCOME_STAGES = (Stage.ACCEPTED, Stage.UNDER_WAY, Stage.DONE)


class MilestoneState(StrEnum):
    """How far a step is."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"


class Outcome(Base):
    """An accepted proposal on its way. The counters change together with the milestones they count."""

    __tablename__ = "proposal_outcome"
    __table_args__ = (
        CheckConstraint("done_count >= 0 AND step_count >= done_count", name="counters"),
        Index("ix_proposal_outcome_news", "news_at", "proposal_id"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    accepted_at: Mapped[datetime]
    # When something was last said or moved; from this on the days without news are counted.
    news_at: Mapped[datetime]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    # Steps that were given up count for neither.
    step_count: Mapped[int] = mapped_column(default=0)
    done_count: Mapped[int] = mapped_column(default=0)

    @property
    def percent(self) -> int | None:
        """Done steps out of all, whole percent rounded down; None while there are no steps."""
        return self.done_count * 100 // self.step_count if self.step_count else None

    @property
    def silent_days(self) -> int:
        """For how many days nothing has been said."""
        return (clock.now() - self.news_at).days


class Milestone(Base):
    """One step on the way, with the day it is planned for."""

    __tablename__ = "proposal_milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(MILESTONE_LENGTH))
    language: Mapped[str] = mapped_column(String(12), default="de")
    due_on: Mapped[date | None]
    state: Mapped[MilestoneState] = mapped_column(
        one_of(MilestoneState, "state"), default=MilestoneState.PLANNED
    )
    done_on: Mapped[date | None]

    @property
    def is_ahead(self) -> bool:
        """Still to be done."""
        return self.state in {MilestoneState.PLANNED, MilestoneState.RUNNING}

    @property
    def is_late(self) -> bool:
        """The day has passed and it is not done."""
        return self.is_ahead and self.due_on is not None and self.due_on < clock.today()


class OutcomeNews(Base):
    """A public message of those who carry it out."""

    __tablename__ = "proposal_news"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    text_md: Mapped[str] = mapped_column(Text)
    text_html: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="de")
    picture_count: Mapped[int] = mapped_column(default=0)
