"""Who stands beside a proposal: co-authors, supporters, followers; and what an author saw before writing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, one_of
from portal.proposals.models.types import ConsentState, SimilarOutcome


class ProposalAuthor(Base):
    """A co-author; the first author stands in the proposal itself."""

    __tablename__ = "proposal_author"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    joined_at: Mapped[datetime]


class CoAuthorInvitation(Base):
    """A link an author hands over in person or by message. Nobody is looked up by name or address."""

    __tablename__ = "proposal_invitation"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="lives_a_while"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[ConsentState] = mapped_column(one_of(ConsentState, "state"), default=ConsentState.ASKED)
    answered_at: Mapped[datetime | None]


class Support(Base):
    """ "I am with it": public as a number, one per person, revocable. It is not a vote.

    `account_id` is null where somebody left the portal and let the support stand without a name.
    """

    __tablename__ = "proposal_support"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    # The version the supporter said yes to: when supporting, or later when asked "still with it?".
    confirmed_version: Mapped[int] = mapped_column(default=1)
    # Carried over by this merge; taken back when the merge is undone.
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("proposal_merge.id", ondelete="SET NULL"))


class Follow(Base):
    """Somebody wants to hear what becomes of it."""

    __tablename__ = "proposal_follow"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]


class SeenSimilar(Base):
    """A similar proposal the author of a draft was shown, and what came of it."""

    __tablename__ = "proposal_seen_similar"
    __table_args__ = (UniqueConstraint("proposal_id", "similar_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    similar_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[SimilarOutcome] = mapped_column(one_of(SimilarOutcome, "outcome"))
    at: Mapped[datetime]
