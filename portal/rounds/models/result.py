"""After closing: the file, the outcome, its explanation, and objections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, EncryptedText, one_of
from portal.rounds.models.round import Round
from portal.rounds.models.types import ObjectionState


class RoundFile(Base):
    """The file with every ballot (.pb), compressed, byte for byte as it was hashed."""

    __tablename__ = "round_file"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("voting_round.id"), primary_key=True, autoincrement=False
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
    file_sha256: Mapped[str] = mapped_column(String(64))


class FileRelease(Base):
    """The file of a small vote, opened for its observers: one person of staff asks, another approves.

    `observers` is the list both of them saw, one address a line; who is added later gets in only anew.
    """

    __tablename__ = "round_file_release"
    __table_args__ = (
        CheckConstraint("approved_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved"),
    )

    round_id: Mapped[int] = mapped_column(
        ForeignKey("voting_round.id"), primary_key=True, autoincrement=False
    )
    observers: Mapped[str] = mapped_column(EncryptedText("round_file_release.observers"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]

    @property
    def addresses(self) -> list[str]:
        """The observers' addresses in their canonical form."""
        return self.observers.splitlines()


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

    def is_small(self, vote: Round) -> bool:
        """Too few ballots for the file to be public. Elections of other towns are public anyway."""
        ballots: int = self.turnout.get("ballots", 0)
        return not vote.imported and ballots < vote.file_threshold


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
