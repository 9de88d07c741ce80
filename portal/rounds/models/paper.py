"""Paper: counters with an urn, sheets that two people type, and help on somebody else's tablet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, one_of
from portal.rounds.models.types import SheetState


class PaperBatch(Base):
    """One counter with its urn: two people, a place, how many sheets went out and how many came back.

    No person and no time of a sheet: only their number. The second person confirms for an hour at a time.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("handed_out >= 0", name="handed_out"),
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("opened_by_id <> witness_id", name="two_people"),
        CheckConstraint("handed_out = 0 OR witness_id IS NOT NULL", name="nothing_without_a_second"),
        CheckConstraint("(size IS NULL) = (closed_at IS NULL)", name="counted_when_closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"))
    number: Mapped[int]
    place: Mapped[str] = mapped_column(String(120), default="")
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    confirmed_until: Mapped[datetime | None]
    handed_out: Mapped[int] = mapped_column(default=0)
    # How many sheets were counted by hand when the urn was opened.
    size: Mapped[int | None]
    remarks: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]


class PaperSheet(Base):
    """One sheet, typed by two different people; where they differ a third decides. No name stands on it."""

    __tablename__ = "paper_sheet"
    __table_args__ = (
        UniqueConstraint("batch_id", "serial"),
        CheckConstraint("second_by_id <> first_by_id", name="two_people"),
        CheckConstraint("third_by_id <> first_by_id AND third_by_id <> second_by_id", name="a_third_person"),
        CheckConstraint("(second_by_id IS NULL) = (second_content IS NULL)", name="second"),
        CheckConstraint("(third_by_id IS NULL) = (third_content IS NULL)", name="third"),
        CheckConstraint("third_by_id IS NULL OR second_by_id IS NOT NULL", name="one_after_the_other"),
        CheckConstraint("(state = 'typed_once') = (second_by_id IS NULL)", name="typed_once"),
        CheckConstraint("state <> 'agreed' OR second_content = first_content", name="agreed_is_equal"),
        CheckConstraint(
            "state <> 'dispute' OR (second_content <> first_content AND third_by_id IS NULL)",
            name="dispute_is_different",
        ),
        CheckConstraint("state <> 'decided' OR third_content IS NOT NULL", name="decided_by_somebody"),
        CheckConstraint(
            "state <> 'invalid' OR second_content = first_content OR third_content IS NOT NULL",
            name="invalid_by_two_or_a_third",
        ),
        CheckConstraint("serial > 0", name="serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    serial: Mapped[int]
    state: Mapped[SheetState] = mapped_column(one_of(SheetState, "state"), default=SheetState.TYPED_ONCE)
    # Canonical JSON like a ballot's, or {"invalid": why}.
    first_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    first_content: Mapped[str] = mapped_column(Text)
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_content: Mapped[str | None] = mapped_column(Text)
    third_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    third_content: Mapped[str | None] = mapped_column(Text)

    @property
    def content(self) -> str | None:
        """What counts: the third person's word, else what both typed; None while it is open."""
        if self.state in {SheetState.TYPED_ONCE, SheetState.DISPUTE}:
            return None
        return self.third_content or self.second_content


class AssistedSession(Base):
    """Ten minutes on a helper's tablet, begun with the consent of the person who votes.

    Whose ballot it is stands nowhere here: the entry of the roll is only in the tablet's encrypted cookie.
    """

    __tablename__ = "assisted_session"
    __table_args__ = (
        CheckConstraint("second_helper_id <> helper_id", name="two_people"),
        CheckConstraint("is_closed OR NOT is_used", name="used_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"), index=True)
    helper_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    second_helper_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    consent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Without a time: it would be the time of a ballot.
    is_closed: Mapped[bool] = mapped_column(default=False)
    is_used: Mapped[bool] = mapped_column(default=False)
