"""Threads, comments, and what comments said before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base
from portal.core.public_id import new_id

MAX_COMMENT_CHARACTERS = 5_000


class Stance(StrEnum):
    """How a comment stands to what it is about; people may leave it out."""

    FOR = "for"
    AGAINST = "against"
    QUESTION = "question"
    NEUTRAL = "neutral"


class Thread(Base):
    """The conversation below one thing. Whether it is seen follows the thing it belongs to."""

    __tablename__ = "thread"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id"),
        CheckConstraint("locked_until IS NULL OR locked_at IS NOT NULL", name="lock_has_begin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    # Two reasons to be closed, kept apart: the holder's (the phase is over) and moderation's (a lock).
    is_open: Mapped[bool] = mapped_column(default=True)
    locked_at: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]
    # Since when everybody may write only once in a while.
    slow_at: Mapped[datetime | None]
    slow_until: Mapped[datetime | None]

    @property
    def is_locked(self) -> bool:
        """Locked by moderation now. A lock with an end is over on time, whether or not a job ran."""
        ended = self.locked_until is not None and self.locked_until <= clock.now()
        return self.locked_at is not None and not ended

    @property
    def is_slow(self) -> bool:
        """Slowed down by moderation now; it is over on time, whether or not a job ran."""
        ended = self.slow_until is not None and self.slow_until <= clock.now()
        return self.slow_at is not None and not ended

    @property
    def accepts_comments(self) -> bool:
        """Whether something can be written now."""
        return self.is_open and not self.is_locked


class Comment(Base):
    """What somebody wrote. The row stays when the text goes, so that answers keep their place."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_in_thread", "thread_id", "parent_id", "id"),
        Index("ix_comment_by_author", "author_id", "created_at"),
        # A form sent twice (double tap, lost answer) is one comment.
        UniqueConstraint("author_id", "form_key"),
        CheckConstraint(
            "stance IS NULL OR stance IN ('for', 'against', 'question', 'neutral')", name="stance_known"
        ),
        CheckConstraint("direction IN ('ltr', 'rtl')", name="direction_known"),
        CheckConstraint("deleted_at IS NULL OR body_html = ''", name="deleted_is_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    # Always a comment of the first level: answers to answers stand beside them.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    form_key: Mapped[str | None]
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    direction: Mapped[str]
    stance: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    thread: Mapped[Thread] = relationship(lazy="joined", innerjoin=True)
    versions: Mapped[list[CommentVersion]] = relationship(
        order_by="CommentVersion.number", cascade="all, delete-orphan"
    )

    @property
    def is_shown(self) -> bool:
        """Whether the text is there to be read."""
        return self.hidden_at is None and self.deleted_at is None


class CommentVersion(Base):
    """What a comment said before a later change; 1 is the first."""

    __tablename__ = "comment_version"
    __table_args__ = (UniqueConstraint("comment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    number: Mapped[int]
    body_md: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    direction: Mapped[str]
    written_at: Mapped[datetime]
