"""Who may take part: entries of the roll without names, letters with codes, and people who are known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, EncryptedText
from portal.rounds.models.types import BatchState, VouchedBy, one_of


class RollEntry(Base):
    """One right to take part in one round: of an account (a keyed hash) or of a letter (its code's MAC).

    No name, no time, and no mark whether it was used: that is computed from the round's key while it exists.
    """

    __tablename__ = "roll_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "person_hash"),
        UniqueConstraint("round_id", "code_mac"),
        CheckConstraint("(person_hash IS NULL) <> (code_mac IS NULL)", name="person_or_code"),
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"))
    person_hash: Mapped[str | None] = mapped_column(String(64))
    code_mac: Mapped[str | None] = mapped_column(String(64))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"), index=True)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    level: Mapped[int]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(Text)


class LetterBatch(Base):
    """Letters of one language and district: one person asks, another approves; sealed until printed."""

    __tablename__ = "letter_batch"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("approved_by_id <> requested_by_id", name="two_people"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("state = 'ready' OR payload IS NULL", name="plain_codes_only_until_printed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    size: Mapped[int]
    state: Mapped[BatchState] = mapped_column(one_of(BatchState, "state"), default=BatchState.REQUESTED)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    # The plain codes; gone after the download.
    payload: Mapped[str | None] = mapped_column(EncryptedText("letter_batch.payload"))
    downloaded_at: Mapped[datetime | None]


class Vouching(Base):
    """Somebody is known in person: to staff at a counter, or to two residents. Without a round: for all."""

    __tablename__ = "vouching"
    __table_args__ = (
        CheckConstraint("first_voucher_id <> second_voucher_id", name="two_residents"),
        CheckConstraint(
            "account_id <> first_voucher_id AND account_id <> second_voucher_id", name="not_oneself"
        ),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("voting_round.id"))
    level: Mapped[int] = mapped_column(default=1)
    by_kind: Mapped[VouchedBy] = mapped_column(one_of(VouchedBy, "by_kind"))
    first_voucher_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    second_voucher_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
