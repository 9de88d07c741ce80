"""The board of a group: conversations, the posts in them, and what a member hands to moderation."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id

POST_TITLE_LENGTH = 120
POST_LENGTH = 5_000
MOST_PINNED = 3
MOST_PICTURES = 4


class RemovedBy(StrEnum):
    """Who took the words out: the one who wrote them, or somebody who moderates in the group."""

    AUTHOR = "author"
    GROUP = "group"


class GroupPost(Base):
    """What a member wrote to the group. Without `thread_id` it begins a conversation.

    Rows hold the day, never the hour: nobody reads from a board when somebody is awake. The order is that of
    the ids. Words stand encrypted, in open groups as well.
    """

    __tablename__ = "group_post"
    __table_args__ = (
        # An answer stands in the same group as what it answers.
        UniqueConstraint("id", "group_id"),
        ForeignKeyConstraint(
            ["thread_id", "group_id"], ["group_post.id", "group_post.group_id"], ondelete="CASCADE"
        ),
        # A form sent twice is one post.
        UniqueConstraint("group_id", "form_key"),
        CheckConstraint("thread_id <> id", name="not_its_own_answer"),
        CheckConstraint("(removed_by IS NULL) = (text IS NOT NULL)", name="removed_is_empty"),
        CheckConstraint(
            "(title IS NOT NULL) = (thread_id IS NULL AND removed_by IS NULL)",
            name="conversations_have_titles",
        ),
        CheckConstraint(
            "thread_id IS NULL OR (pinned_on IS NULL AND NOT closed)", name="answers_are_no_threads"
        ),
        CheckConstraint("removed_by IS NULL OR pinned_on IS NULL", name="nothing_empty_is_pinned"),
        CheckConstraint("answers >= 0", name="answers"),
        CheckConstraint("delete_on > written_on", name="ends"),
        Index("ix_group_post_listed", "group_id", "thread_id", "last_id"),
        Index("ix_group_post_thread", "thread_id", "id"),
        Index("ix_group_post_ends", "delete_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    thread_id: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_membership.id", ondelete="SET NULL"), index=True
    )
    # The name the author had in the group, for posts that stay when somebody leaves.
    alias: Mapped[str] = mapped_column(EncryptedText("group_post.alias"), default="")
    title: Mapped[str | None] = mapped_column(EncryptedText("group_post.title"))
    text: Mapped[str | None] = mapped_column(EncryptedText("group_post.text"))
    # The safe rendering of `text`, made when it was written.
    html: Mapped[str] = mapped_column(EncryptedText("group_post.html"), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    written_on: Mapped[date] = mapped_column(default=clock.today)
    edited_on: Mapped[date | None]
    removed_by: Mapped[RemovedBy | None] = mapped_column(one_of(RemovedBy, "removed_by"))
    # Moderation has hidden it; the words stay until it is decided for good.
    hidden_on: Mapped[date | None]
    pinned_on: Mapped[date | None]
    closed: Mapped[bool] = mapped_column(default=False)
    # Of a conversation: how many answers it has, and the newest post in it, by which lists are ordered.
    answers: Mapped[int] = mapped_column(default=0)
    last_id: Mapped[int | None]
    last_on: Mapped[date | None]
    form_key: Mapped[str | None] = mapped_column(String(64))
    delete_on: Mapped[date]

    @property
    def is_readable(self) -> bool:
        """Its words are there and not hidden."""
        return self.removed_by is None and self.hidden_on is None


class GroupExcerpt(Base):
    """The words of one post as a member handed them to moderation: all that moderation ever sees of a group.

    A copy: later changes do not reach moderation, and it stays when the post is taken back. In discreet
    groups nobody keeps who handed it over.
    """

    __tablename__ = "group_excerpt"
    __table_args__ = (
        CheckConstraint("delete_on > handed_on", name="ends"),
        Index("ix_group_excerpt_post", "post_id", "id"),
        Index("ix_group_excerpt_ends", "delete_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("group_post.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(EncryptedText("group_excerpt.text"))
    language: Mapped[str] = mapped_column(String(12), default="")
    handed_on: Mapped[date] = mapped_column(default=clock.today)
    delete_on: Mapped[date]
