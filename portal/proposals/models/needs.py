"""What is missing to make it real, and what neighbours pledge."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, one_of
from portal.proposals.models.types import NEED_LENGTH, NeedKind


class ProposalNeed(Base):
    """One thing that is wanted. `quantity` counts pieces or persons; for money it is an amount in cents."""

    __tablename__ = "proposal_need"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND pledged >= 0", name="amounts"),
        UniqueConstraint("proposal_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[NeedKind] = mapped_column(one_of(NeedKind, "kind"))
    words: Mapped[str] = mapped_column(String(NEED_LENGTH), default="")
    quantity: Mapped[int] = mapped_column(default=1)
    pledged: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    @property
    def is_met(self) -> bool:
        """Whether enough has been pledged."""
        return self.pledged >= self.quantity


class Pledge(Base):
    """What one neighbour promises for one need; taken back by deleting it."""

    __tablename__ = "proposal_pledge"
    __table_args__ = (
        UniqueConstraint("need_id", "account_id"),
        CheckConstraint("quantity > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("proposal_need.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    quantity: Mapped[int] = mapped_column(default=1)
    # A note for the authors alone.
    words: Mapped[str] = mapped_column(String(NEED_LENGTH), default="")
    # Only then the name stands beside the amount.
    is_named: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
