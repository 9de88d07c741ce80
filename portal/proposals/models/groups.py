"""Groups that stand behind a proposal: as its author, or because they carry the result out."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, one_of
from portal.core.public_id import new_id


class GroupPart(StrEnum):
    """As what a group stands there."""

    AUTHOR = "author"
    CARRIES = "carries"


class ProposalGroup(Base):
    """A group and a proposal, shown once both sides want it. Never a discreet group.

    One side asked, the other agrees; either ends it at any time, and then the row is gone.
    """

    __tablename__ = "proposal_group"
    __table_args__ = (
        UniqueConstraint("proposal_id", "group_id", "part"),
        CheckConstraint("NOT is_discreet", name="never_discreet"),
        ForeignKeyConstraint(
            ["group_id", "is_discreet"],
            ["neighbour_group.id", "neighbour_group.is_discreet"],
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("ix_proposal_group_of", "group_id", "agreed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=new_id)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    group_id: Mapped[int]
    is_discreet: Mapped[bool] = mapped_column(default=False)
    part: Mapped[GroupPart] = mapped_column(one_of(GroupPart, "part"))
    # Who is waited for while nothing is agreed: the group, else those who answer for the proposal.
    group_answers: Mapped[bool]
    asked_on: Mapped[date] = mapped_column(default=clock.today)
    agreed_on: Mapped[date | None]
