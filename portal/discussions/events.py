"""What happens in conversations, for the packages that hold them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CommentAdded:
    """Somebody wrote something new. `parent_author_id` is set for an answer to somebody."""

    comment_id: int
    thread_id: int
    subject_kind: str
    subject_id: int
    author_id: int | None
    parent_author_id: int | None = None


@dataclass(frozen=True)
class CommentEdited:
    """An author changed the text. silent: within the first minutes, no version was kept."""

    comment_id: int
    thread_id: int
    subject_kind: str
    subject_id: int
    silent: bool


@dataclass(frozen=True)
class CommentRemoved:
    """A text is no longer there to be read. reason: "deleted" (by its author) or "hidden" (by moderation)."""

    comment_id: int
    thread_id: int
    subject_kind: str
    subject_id: int
    reason: str


@dataclass(frozen=True)
class CommentRestored:
    """A hidden text can be read again."""

    comment_id: int
    thread_id: int
    subject_kind: str
    subject_id: int
