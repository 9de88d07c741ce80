"""Who may take part: entries of the roll without names, letters with codes, and people who are known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, EncryptedText, one_of
from portal.rounds.models.types import BatchState, VouchedBy


class RollEntry(Base):
    """One right to take part in one round: of a person (a keyed hash) or of a letter (its code's MAC).

    No name, no time, and no mark whether it was used: that is computed from the round's key while it exists.
    A letter keeps its number; when it is lost the same entry gets another code, so its ballot stays one.
    """

    __tablename__ = "roll_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "person_hash"),
        UniqueConstraint("round_id", "code_mac"),
        UniqueConstraint("batch_id", "letter_number"),
        CheckConstraint("(person_hash IS NULL) <> (code_mac IS NULL)", name="person_or_code"),
        CheckConstraint(
            "(code_mac IS NULL) = (batch_id IS NULL) AND (batch_id IS NULL) = (letter_number IS NULL)",
            name="codes_come_by_letter",
        ),
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"))
    person_hash: Mapped[str | None] = mapped_column(String(64))
    code_mac: Mapped[str | None] = mapped_column(String(64))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"))
    letter_number: Mapped[int | None]
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    level: Mapped[int]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def is_revoked(self) -> bool:
        """Taken back; a ballot that was cast before stays as it is."""
        return self.revoked_at is not None


class LetterBatch(Base):
    """Letters of one language and district: one person asks, another approves; sealed until printed.

    `replaces_number` and `replaces_letter`: new codes for the letters of an earlier batch (all of them, or
    one), on the same entries of the roll; the old codes stop working when this is asked for.
    """

    __tablename__ = "letter_batch"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("approved_by_id <> requested_by_id", name="two_people"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved"),
        CheckConstraint("state IN ('requested', 'void') OR approved_by_id IS NOT NULL", name="four_eyes"),
        CheckConstraint("size BETWEEN 1 AND 500", name="size"),
        CheckConstraint("state = 'ready' OR payload IS NULL", name="plain_codes_only_until_printed"),
        CheckConstraint("replaces_letter IS NULL OR replaces_number IS NOT NULL", name="replaces"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    size: Mapped[int]
    replaces_number: Mapped[int | None]
    replaces_letter: Mapped[int | None]
    state: Mapped[BatchState] = mapped_column(one_of(BatchState, "state"), default=BatchState.REQUESTED)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    # The plain codes; gone after the download.
    payload: Mapped[str | None] = mapped_column(EncryptedText("letter_batch.payload"))
    downloaded_at: Mapped[datetime | None]
    downloaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Vouching(Base):
    """Somebody is known in person: to staff at a counter, or to two residents. Without a round: for all.

    The wish of a resident begins as a row with a code that is shown to two neighbours; it counts from
    `counts_at` on. Whether the neighbours still may vouch is asked anew each time.
    """

    __tablename__ = "vouching"
    __table_args__ = (
        CheckConstraint("first_voucher_id <> second_voucher_id", name="two_residents"),
        CheckConstraint(
            "account_id <> first_voucher_id AND account_id <> second_voucher_id", name="not_oneself"
        ),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        CheckConstraint(
            "counts_at IS NULL OR (by_kind = 'staff' AND first_voucher_id IS NOT NULL"
            " AND second_voucher_id IS NULL) OR (by_kind = 'resident' AND first_voucher_id IS NOT NULL"
            " AND second_voucher_id IS NOT NULL)",
            name="complete_when_it_counts",
        ),
        CheckConstraint("counts_at IS NULL OR code_hash IS NULL", name="the_code_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("voting_round.id"))
    level: Mapped[int] = mapped_column(default=1)
    by_kind: Mapped[VouchedBy] = mapped_column(one_of(VouchedBy, "by_kind"))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    first_voucher_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    second_voucher_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]
    counts_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class TownIdentity(Base):
    """An account that showed a sign-in of the town. Only a keyed hash of (issuer, subject) is kept."""

    __tablename__ = "town_identity"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    subject_hash: Mapped[str] = mapped_column(String(64), unique=True)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    at: Mapped[datetime]
