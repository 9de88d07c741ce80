"""A page of a conversation: the rows as the database said them, and what one reader sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from portal.accounts.queries import AuthorCard


class CommentRow(NamedTuple):
    """A comment as the database says it to everybody (see `_columns`): never the text of a hidden one."""

    id: int
    public_id: str
    parent_id: int | None
    author_id: int | None
    created_at: datetime
    edited_at: datetime | None
    language: str
    direction: str
    stance: str | None
    html: str
    state: str
    siblings: int = 0


@dataclass(frozen=True)
class CommentView:
    """One comment as a reader sees it.

    state: shown, hidden, deleted (by its author), removed (hidden, and erased since) or blocked (by the
    reader); without text unless shown."""

    public_id: str
    author: AuthorCard | None
    created_at: datetime
    edited: bool
    html: str
    language: str
    direction: str
    stance: str | None
    state: str
    is_own: bool
    replies: tuple[CommentView, ...] = ()
    reply_count: int = 0

    @property
    def more_replies(self) -> int:
        """Answers that stand on the comment's own page only."""
        return self.reply_count - len(self.replies)


@dataclass(frozen=True)
class Talk:
    """The comments of a page as the database said them, and what this reader's eyes change about them.

    By these values (language and words of time besides) a drawn conversation is known: they are all that it
    depends on. reader: the reader's id if they wrote one of these comments;
    blocked: those of their authors whom the reader has blocked.
    """

    tops: tuple[CommentRow, ...]
    replies: tuple[CommentRow, ...]
    names: tuple[tuple[int, AuthorCard], ...]
    reader: int | None
    blocked: frozenset[int]

    @property
    def moments(self) -> list[datetime]:
        """When they were written: what a page says in words that change with the clock."""
        return [row.created_at for row in (*self.tops, *self.replies)]

    @cached_property
    def comments(self) -> tuple[CommentView, ...]:
        """The first level with its answers, for this reader."""
        below: dict[int, list[CommentRow]] = {}
        for row in self.replies:
            below.setdefault(row.parent_id or 0, []).append(row)
        names = dict(self.names)
        return tuple(
            self._view(
                top,
                names,
                replies=tuple(self._view(row, names) for row in below.get(top.id, ())),
                reply_count=below[top.id][0].siblings if top.id in below else 0,
            )
            for top in self.tops
        )

    def _view(
        self,
        row: CommentRow,
        names: dict[int, AuthorCard],
        replies: tuple[CommentView, ...] = (),
        reply_count: int = 0,
    ) -> CommentView:
        blocked = row.state == "shown" and row.author_id in self.blocked
        shown = row.state == "shown" and not blocked
        return CommentView(
            public_id=row.public_id,
            author=names.get(row.author_id or 0) if shown else None,
            created_at=row.created_at,
            edited=shown and row.edited_at is not None,
            html=row.html if shown else "",
            language=row.language,
            direction=row.direction,
            stance=row.stance if shown else None,
            state="blocked" if blocked else row.state,
            is_own=self.reader is not None and row.author_id == self.reader,
            replies=replies,
            reply_count=reply_count,
        )
