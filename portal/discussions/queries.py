"""Reading conversations: a page of a thread in a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.accounts.queries import AuthorCard, account_names
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import can
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef
from portal.discussions.models import Comment, CommentVersion, Thread

PER_PAGE = 50
REPLIES_SHOWN = 20
SORTS = ("oldest", "newest")


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

    @property
    def moments(self) -> list[datetime]:
        """When it and its answers were written: what a page says in words that change with the clock."""
        return [self.created_at, *(one.created_at for one in self.replies)]


@dataclass(frozen=True)
class ThreadView:
    """One page of a conversation. total counts comments of the first level (for the pager)."""

    public_id: str
    comments: tuple[CommentView, ...]
    total: int
    page: int
    sort: str
    shown_count: int
    accepts_comments: bool
    is_locked: bool
    slow_minutes: int
    slow_until: datetime | None
    may_write: bool
    must_sign_in: bool
    names: dict[int, AuthorCard]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


@dataclass(frozen=True)
class Change:
    """One version of a comment and what it changed; parts as `ui.usertext.diff` wants them."""

    number: int
    written_at: datetime
    language: str
    direction: str
    parts: tuple[tuple[str, str], ...]


def thread_of(subject: SubjectRef) -> Thread | None:
    """The conversation of a thing, if it has one."""
    return session.scalar(
        select(Thread).where(Thread.subject_kind == subject.kind, Thread.subject_id == subject.id)
    )


def thread_by_public_id(public_id: str) -> Thread | None:
    """The conversation with this public id."""
    return session.scalar(select(Thread).where(Thread.public_id == public_id))


def comment_by_public_id(public_id: str) -> Comment | None:
    """The comment with this public id, whatever its state."""
    return session.scalar(select(Comment).where(Comment.public_id == public_id))


def comment_by_id(comment_id: int) -> Comment | None:
    """The comment, whatever its state."""
    return session.get(Comment, comment_id)


def comments_by_id(ids: Sequence[int]) -> dict[int, Comment]:
    """Several comments at once, whatever their state."""
    return {one.id: one for one in session.scalars(select(Comment).where(Comment.id.in_(ids)))}


def shown_count(thread_id: int) -> int:
    """How many comments can be read in a thread, answers included."""
    query = select(func.count()).where(
        Comment.thread_id == thread_id, Comment.hidden_at.is_(None), Comment.deleted_at.is_(None)
    )
    return session.scalar(query) or 0


def thread_view(
    thread_id: int,
    viewer: Actor,
    *,
    page: int = 1,
    sort: str = "oldest",
    also_named: Iterable[int] = (),
) -> ThreadView:
    """One page (50 comments of the first level, up to 20 answers each) of a conversation.

    Four queries whatever the length: thread, comments with their number, answers, names. The caller has
    checked that the viewer sees the thing the thread belongs to. sort: "oldest" or "newest" first; answers
    oldest first. also_named: accounts the page around it names too, looked up in the same query (`names`).
    """
    sort, page = (sort if sort in SORTS else SORTS[0]), max(page, 1)
    thread = session.get_one(Thread, thread_id)
    tops = _tops(thread_id, page, sort)
    if not tops and page > 1:
        total, _ = _counts(thread_id)
        page = max(1, -(-total // PER_PAGE))
        tops = _tops(thread_id, page, sort)
    total, shown = (tops[0].total, tops[0].shown) if tops else (0, 0)
    comments, names = _with_replies(tops, viewer, limit=REPLIES_SHOWN, also_named=also_named)
    may_write = thread.accepts_comments and can(viewer, "discussions.comment", thread)
    return ThreadView(
        public_id=thread.public_id,
        comments=comments,
        total=total,
        page=page,
        sort=sort,
        shown_count=shown,
        accepts_comments=thread.accepts_comments,
        is_locked=thread.is_locked,
        slow_minutes=site("discussions.slow_minutes") if thread.is_slow else 0,
        slow_until=thread.slow_until,
        may_write=may_write,
        must_sign_in=thread.accepts_comments and viewer.is_visitor,
        names=names,
    )


def comment_view(comment: Comment, viewer: Actor) -> CommentView:
    """One comment of the first level with all its answers; for an answer, the comment it belongs to."""
    top_id = comment.parent_id or comment.id
    row = session.execute(_columns().where(Comment.id == top_id)).one()
    return _with_replies([row], viewer, limit=None)[0][0]


def single_view(comment: Comment, viewer: Actor) -> CommentView:
    """One comment without its answers, as it stands in a list."""
    row = session.execute(_columns().where(Comment.id == comment.id)).one()
    return _view(row, account_names({row.author_id} if row.author_id else set()), viewer)


def is_alone(comment: Comment) -> bool:
    """Whether nothing else has a place in its thread: then the words "nobody has written yet" go."""
    return comment.parent_id is None and _counts(comment.thread_id)[0] == 1


def answered_view(thread: Thread, public_id: str | None, viewer: Actor) -> CommentView | None:
    """The readable comment somebody wants to answer, or None."""
    found = comment_by_public_id(public_id) if public_id else None
    if found is None or found.thread_id != thread.id or not found.is_shown:
        return None
    return single_view(found, viewer)


def page_of(comment: Comment) -> int:
    """On which page of its thread, oldest first, a comment stands."""
    values = {"thread_id": comment.thread_id, "top_id": comment.parent_id or comment.id}
    return (session.scalar(_before_statement(), values) or 0) // PER_PAGE + 1


@cache
def _before_statement() -> Select[Any]:
    return select(func.count()).where(
        Comment.thread_id == bindparam("thread_id", type_=Integer),
        Comment.parent_id.is_(None),
        _has_a_place(),
        Comment.id < bindparam("top_id", type_=Integer),
    )


def versions(comment: Comment) -> list[CommentVersion]:
    """What the comment said before, oldest first; the present text is not among them."""
    query = select(CommentVersion).where(CommentVersion.comment_id == comment.id)
    return list(session.scalars(query.order_by(CommentVersion.number)))


def changes(comment: Comment) -> list[Change]:
    """Every version with what it changed, latest first; the last entry is the first text."""
    texts = [(one.body_md, one.written_at, one.language, one.direction) for one in versions(comment)]
    written = comment.edited_at or comment.created_at
    texts.append((comment.body_md, written, comment.language, comment.direction))
    found = [
        Change(number, at, language, direction, word_diff(texts[number - 2][0] if number > 1 else text, text))
        for number, (text, at, language, direction) in enumerate(texts, start=1)
    ]
    return found[::-1]


def word_diff(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Parts ("same" | "added" | "removed", text) that lead from one text to the other, word by word."""
    old, new = _words(before), _words(after)
    parts: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(old[a:b])))
            continue
        if b > a:
            parts.append(("removed", "".join(old[a:b])))
        if d > c:
            parts.append(("added", "".join(new[c:d])))
    return tuple(parts)


def _words(text: str) -> list[str]:
    # A word with the space behind it; popular words are not compared, which keeps long texts fast.
    return re.findall(r"^\s+|\S+\s*", text)


def comments_of(account_id: int) -> list[Comment]:
    """Everything an account has written, oldest first: for its own export."""
    query = select(Comment).where(Comment.author_id == account_id, Comment.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Comment.id)))


def _has_a_place() -> Any:
    """A deleted comment keeps its place only for answers that can still be read (or are hidden)."""
    answer = aliased(Comment)
    answered = exists().where(answer.parent_id == Comment.id, answer.deleted_at.is_(None))
    return or_(Comment.deleted_at.is_(None), answered)


def _counts(thread_id: int) -> tuple[int, int]:
    is_shown = and_(Comment.hidden_at.is_(None), Comment.deleted_at.is_(None))
    is_top = and_(Comment.parent_id.is_(None), _has_a_place())
    query = select(
        func.coalesce(func.sum(case((is_top, 1), else_=0)), 0),
        func.coalesce(func.sum(case((is_shown, 1), else_=0)), 0),
    ).where(Comment.thread_id == thread_id)
    total, shown = session.execute(query).one()
    return int(total), int(shown)


def _tops(thread_id: int, page: int, sort: str) -> Sequence[Any]:
    """One page of the first level; each row knows the numbers of all (without a row, both are 0)."""
    values = {"thread_id": thread_id, "first": (page - 1) * PER_PAGE}
    return session.execute(_tops_statement(sort == "newest"), values).all()


# Statements are built once: that took longer than the database needs to answer them.
@cache
def _tops_statement(newest_first: bool) -> Select[Any]:
    thread_id = bindparam("thread_id", type_=Integer)
    shown = (
        select(func.count())
        .where(Comment.thread_id == thread_id, Comment.hidden_at.is_(None), Comment.deleted_at.is_(None))
        .scalar_subquery()
    )
    query = _columns().add_columns(func.count().over().label("total"), shown.label("shown"))
    query = query.where(Comment.thread_id == thread_id, Comment.parent_id.is_(None), _has_a_place())
    order = Comment.id.desc() if newest_first else Comment.id
    return query.order_by(order).limit(PER_PAGE).offset(bindparam("first", type_=Integer))


def _columns() -> Select[Any]:
    """What a reader may get: never the text of a hidden comment, so that no template can leak it."""
    is_shown = and_(Comment.hidden_at.is_(None), Comment.deleted_at.is_(None))
    state = case(
        (is_shown, "shown"),
        (Comment.deleted_at.is_(None), "hidden"),
        (Comment.hidden_at.is_(None), "deleted"),
        else_="removed",
    )
    return select(
        Comment.id,
        Comment.public_id,
        Comment.parent_id,
        Comment.author_id,
        Comment.created_at,
        Comment.edited_at,
        Comment.language,
        Comment.direction,
        case((is_shown, Comment.stance), else_=None).label("stance"),
        case((is_shown, Comment.body_html), else_="").label("html"),
        state.label("state"),
    )


def _with_replies(
    tops: Sequence[Any], viewer: Actor, *, limit: int | None, also_named: Iterable[int] = ()
) -> tuple[tuple[CommentView, ...], dict[int, AuthorCard]]:
    replies = _replies([top.id for top in tops], limit) if tops else []
    authors = {row.author_id for row in [*tops, *replies] if row.author_id and row.state == "shown"}
    names = account_names({*authors, *also_named})
    below: dict[int, list[Any]] = {}
    for row in replies:
        below.setdefault(row.parent_id, []).append(row)
    views = tuple(
        _view(
            top,
            names,
            viewer,
            replies=tuple(_view(row, names, viewer) for row in below.get(top.id, ())),
            reply_count=below[top.id][0].siblings if top.id in below else 0,
        )
        for top in tops
    )
    return views, names


def _replies(top_ids: list[int], limit: int | None) -> Sequence[Any]:
    return session.execute(_replies_statement(limit), {"top_ids": top_ids}).all()


@cache
def _replies_statement(limit: int | None) -> Select[Any]:
    siblings = func.count().over(partition_by=Comment.parent_id).label("siblings")
    position = func.row_number().over(partition_by=Comment.parent_id, order_by=Comment.id).label("position")
    inner = (
        _columns()
        .add_columns(siblings, position)
        .where(Comment.parent_id.in_(bindparam("top_ids", expanding=True)), Comment.deleted_at.is_(None))
        .subquery()
    )
    query = select(inner).order_by(inner.c.id)
    if limit is not None:
        query = query.where(inner.c.position <= limit)
    return query


def _view(
    row: Any,
    names: dict[int, AuthorCard],
    viewer: Actor,
    *,
    replies: tuple[CommentView, ...] = (),
    reply_count: int = 0,
) -> CommentView:
    blocked = row.state == "shown" and row.author_id in viewer.blocked
    shown = row.state == "shown" and not blocked
    return CommentView(
        public_id=row.public_id,
        author=names.get(row.author_id) if shown else None,
        created_at=row.created_at,
        edited=shown and row.edited_at is not None,
        html=row.html if shown else "",
        language=row.language,
        direction=row.direction,
        stance=row.stance if shown else None,
        state="blocked" if blocked else row.state,
        is_own=viewer.account_id is not None and row.author_id == viewer.account_id,
        replies=replies,
        reply_count=reply_count,
    )


def count_since(moment: datetime) -> int:
    """How many comments were written since then."""
    return session.scalar(select(func.count()).where(Comment.created_at >= moment)) or 0


def by_new_accounts(made_after: datetime, written_after: datetime, most: int) -> Sequence[Comment]:
    """The latest comments of accounts as young as that."""
    query = select(Comment).join(Account, Account.id == Comment.author_id)
    query = query.where(Account.created_at > made_after, Comment.created_at > written_after)
    return session.scalars(query.order_by(Comment.id.desc()).limit(most)).all()
