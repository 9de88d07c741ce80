"""Letters from outside to the contact people of groups: the way to a group nobody can see.

No letter names an account: who wrote it is a keyed hash. Everything is gone some weeks after the last word.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id


class Topic(StrEnum):
    """What somebody looks for; coarse, so that it tells nothing about a person."""

    HEALTH = "health"
    ADDICTION = "addiction"
    FAMILY = "family"
    GRIEF = "grief"
    VIOLENCE = "violence"
    ORIENTATION = "orientation"
    MONEY = "money"
    OTHER = "other"


class GroupLetter(Base):
    """Somebody writes to one group, or to whichever groups there are about a topic."""

    __tablename__ = "group_letter"
    __table_args__ = (
        CheckConstraint("(group_id IS NULL) = (topic IS NOT NULL)", name="to_somebody"),
        CheckConstraint("begun_on <= delete_on", name="ends"),
        Index("ix_group_letter_topic", "topic", "delete_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    writer_ref: Mapped[str] = mapped_column(String(64), index=True)
    # Whoever wants to hear of an answer: the account, encrypted. Empty by default.
    reach: Mapped[str | None] = mapped_column(EncryptedText("group_letter.reach"))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("neighbour_group.id", ondelete="CASCADE"), index=True
    )
    topic: Mapped[Topic | None] = mapped_column(one_of(Topic, "topic"))
    name: Mapped[str] = mapped_column(EncryptedText("group_letter.name"))
    language: Mapped[str] = mapped_column(String(12), default="de")
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    begun_on: Mapped[date] = mapped_column(default=clock.today)
    delete_on: Mapped[date] = mapped_column(index=True)


class GroupLetterText(Base):
    """One text of it. `group_id`: between whom, None for the first one to all groups of a topic."""

    __tablename__ = "group_letter_text"
    __table_args__ = (
        CheckConstraint("NOT from_group OR group_id IS NOT NULL", name="groups_sign"),
        Index("ix_group_letter_text_read", "letter_id", "group_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("group_letter.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("neighbour_group.id", ondelete="CASCADE"), index=True
    )
    # Shown to the writer instead of the group, so that nothing of it stands in an address.
    thread: Mapped[str] = mapped_column(String(64), default="")
    from_group: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(EncryptedText("group_letter_text.text"))
    on: Mapped[date] = mapped_column(default=clock.today)
