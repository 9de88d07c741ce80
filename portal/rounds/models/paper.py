"""Paper: batches of sheets from the urn, each typed in by two people; and help on somebody else's tablet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.rounds.models.types import SheetState, one_of


class PaperBatch(Base):
    """A bundle of sheets with a number and a protocol."""

    __tablename__ = "paper_batch"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("opened_by_id <> witness_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"))
    number: Mapped[int]
    # How many sheets were counted by hand when the urn was opened.
    size: Mapped[int]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class PaperSheet(Base):
    """One sheet, typed by two different people; where they differ a third decides. No name stands on it."""

    __tablename__ = "paper_sheet"
    __table_args__ = (
        UniqueConstraint("batch_id", "serial"),
        CheckConstraint("second_by_id <> first_by_id", name="two_people"),
        CheckConstraint("third_by_id <> first_by_id AND third_by_id <> second_by_id", name="a_third_person"),
        CheckConstraint("state <> 'agreed' OR second_content = first_content", name="agreed_is_equal"),
        CheckConstraint("state <> 'dispute' OR second_content <> first_content", name="dispute_is_different"),
        CheckConstraint("state <> 'decided' OR third_content IS NOT NULL", name="decided_by_somebody"),
        CheckConstraint("serial > 0", name="serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    serial: Mapped[int]
    state: Mapped[SheetState] = mapped_column(one_of(SheetState, "state"), default=SheetState.TYPED_ONCE)
    # Canonical JSON like a ballot's, or a word for an invalid sheet.
    first_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    first_content: Mapped[str] = mapped_column(Text)
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_content: Mapped[str | None] = mapped_column(Text)
    third_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    third_content: Mapped[str | None] = mapped_column(Text)


class AssistedSession(Base):
    """Ten minutes on a helper's tablet, begun with the consent of the person who votes."""

    __tablename__ = "assisted_session"
    __table_args__ = (CheckConstraint("second_helper_id <> helper_id", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"), index=True)
    helper_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    second_helper_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    consent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
