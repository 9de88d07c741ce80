"""Who offers help with a proposal: contact persons, and people who translate or wish for a translation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, one_of
from portal.proposals.models.types import ConsentState


class ContactOffer(Base):
    """A resident who would be the contact person. Offering is the consent; a moderator says yes or no."""

    __tablename__ = "proposal_contact_offer"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[ConsentState] = mapped_column(one_of(ConsentState, "state"), default=ConsentState.ASKED)
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class TextOffer(Base):
    """A text somebody offers: a translation, or (`is_change`) another wording of the original.

    A translation is public once an author or a moderator accepted it. An accepted change is the new text, and
    whoever offered it is a co-author.
    """

    __tablename__ = "proposal_text_offer"
    __table_args__ = (
        # One waiting offer per person and language; sending again replaces it.
        UniqueConstraint("proposal_id", "language", "account_id"),
        Index("ix_proposal_text_offer_waiting", "proposal_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    is_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    fields: Mapped[dict[str, Any]]
    source_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[ConsentState] = mapped_column(one_of(ConsentState, "state"), default=ConsentState.ASKED)
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class TextWish(Base):
    """Somebody needs the text in a language, mostly plain language. Counted once per person, never shown."""

    __tablename__ = "proposal_text_wish"
    __table_args__ = (UniqueConstraint("proposal_id", "language", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
