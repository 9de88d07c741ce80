"""After closing: the file, the outcome, its explanation, and objections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, one_of
from portal.rounds.models.types import ObjectionState


class RoundFile(Base):
    """The file with every ballot (.pb), compressed, byte for byte as it was hashed."""

    __tablename__ = "round_file"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("voting_round.id"), primary_key=True, autoincrement=False
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
    file_sha256: Mapped[str] = mapped_column(String(64))


class RoundResult(Base):
    """What the engine found in the file. `outcome` is canonical JSON, kept as the text that was hashed."""

    __tablename__ = "round_result"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("voting_round.id"), primary_key=True, autoincrement=False
    )
    file_sha256: Mapped[str] = mapped_column(String(64))
    engine: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(Text)
    outcome_sha256: Mapped[str] = mapped_column(String(64))
    turnout: Mapped[dict[str, Any]]


class RoundExplanation(Base):
    """Why each option won or lost, computed once from the file."""

    __tablename__ = "round_explanation"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("voting_round.id"), primary_key=True, autoincrement=False
    )
    content: Mapped[str] = mapped_column(Text)


class ResultObjection(Base):
    """Somebody doubts the result; answered in public."""

    __tablename__ = "result_objection"
    __table_args__ = (
        CheckConstraint("state <> 'answered' OR (answer <> '' AND answered_at IS NOT NULL)", name="answered"),
        CheckConstraint("words <> ''", name="words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    language: Mapped[str] = mapped_column(String(12), default="de")
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    state: Mapped[ObjectionState] = mapped_column(
        one_of(ObjectionState, "state"), default=ObjectionState.OPEN
    )
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]
