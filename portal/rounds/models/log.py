"""The log of a round: a chain of hashes that only grows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.rounds.models.types import guard

# What stands where the hash of the entry before would stand.
NO_ENTRY_BEFORE = "0" * 64


class RoundLogEntry(Base):
    """One thing that happened. `body` is canonical JSON, kept as the text that was hashed."""

    __tablename__ = "round_log_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "prev"),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("length(prev) = 64 AND length(hash) = 64", name="hashes"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


guard(
    RoundLogEntry.__table__,
    "sqlite",
    "CREATE TRIGGER round_log_entry_no_update BEFORE UPDATE ON round_log_entry"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER round_log_entry_no_delete BEFORE DELETE ON round_log_entry"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
)
guard(
    RoundLogEntry.__table__,
    "postgresql",
    "CREATE FUNCTION round_log_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION 'the log is append-only'; END $$",
    "CREATE TRIGGER round_log_entry_guard BEFORE UPDATE OR DELETE ON round_log_entry"
    " FOR EACH ROW EXECUTE FUNCTION round_log_entry_guard()",
)
