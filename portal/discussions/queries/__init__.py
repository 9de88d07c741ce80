"""Reading conversations: a page of a thread in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, exists, func, or_, select

from portal.accounts.models import Account
from portal.accounts.queries import AuthorCard, account_names
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import can
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef
from portal.discussions.models import Comment, Thread
from portal.discussions.queries.changes import Change as Change
from portal.discussions.queries.changes import changes as changes
from portal.discussions.queries.changes import versions as versions
from portal.discussions.queries.changes import word_diff as word_diff
from portal.discussions.queries.talk import CommentRow, CommentView, Talk

PER_PAGE = 50
REPLIES_SHOWN = 20
SORTS = ("oldest", "newest")
# Of the table, not of the model: reading rows through the ORM costs twice as much as reading them.
ROW = Comment.__table__.c
SAID = 11  # columns of a comment; what follows them counts others


@dataclass(frozen=True)
class ThreadView:
    """One page of a conversation. total counts comments of the first level (for the pager)."""

    public_id: str
    talk: Talk
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
    def comments(self) -> tuple[CommentView, ...]:
        """What the reader sees of it."""
        return self.talk.comments

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


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

    Four queries whatever the length: thread, comments with their number, answers if there are any, names. The
    caller has checked that the viewer sees the thing the thread belongs to. sort: "oldest" or "newest" first;
    answers oldest first. also_named: accounts the page around it names too, asked for together (`names`).
    """
    sort, page = (sort if sort in SORTS else SORTS[0]), max(page, 1)
    thread = session.get_one(Thread, thread_id)
    tops, page = _tops_or_last(thread_id, page, sort)
    total, shown = (tops[0].total, tops[0].shown) if tops else (0, 0)
    is_answered = bool(tops and tops[0].answers)
    talk, names = _with_replies(
        tops, viewer, limit=REPLIES_SHOWN, is_answered=is_answered, also_named=also_named
    )
    may_write = thread.accepts_comments and can(viewer, "discussions.comment", thread)
    return ThreadView(
        public_id=thread.public_id,
        talk=talk,
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


def _tops_or_last(thread_id: int, page: int, sort: str) -> tuple[Sequence[Any], int]:
    """The comments of a page with its number; beyond the last page, those of the last."""
    tops = _tops(thread_id, page, sort)
    if tops or page == 1:
        return tops, page
    total, _ = _counts(thread_id)
    page = max(1, -(-total // PER_PAGE))
    return _tops(thread_id, page, sort), page


def comment_view(comment: Comment, viewer: Actor) -> CommentView:
    """One comment of the first level with all its answers; for an answer, the comment it belongs to."""
    top_id = comment.parent_id or comment.id
    row = session.execute(_columns().where(ROW.id == top_id)).one()
    return _with_replies([row], viewer, limit=None)[0].comments[0]


def single_view(comment: Comment, viewer: Actor) -> CommentView:
    """One comment without its answers, as it stands in a list."""
    row = CommentRow(*session.execute(_columns().where(ROW.id == comment.id)).one())
    return _talk((row,), (), account_names({row.author_id}), viewer).comments[0]


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


def comments_of(account_id: int) -> list[Comment]:
    """Everything an account has written, oldest first: for its own export."""
    query = select(Comment).where(Comment.author_id == account_id, Comment.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Comment.id)))


def _has_a_place() -> Any:
    """A deleted comment keeps its place only for answers that can still be read (or are hidden)."""
    answer = Comment.__table__.alias()
    answered = exists().where(answer.c.parent_id == ROW.id, answer.c.deleted_at.is_(None))
    return or_(ROW.deleted_at.is_(None), answered)


def _counts(thread_id: int) -> tuple[int, int]:
    is_shown = and_(ROW.hidden_at.is_(None), ROW.deleted_at.is_(None))
    is_top = and_(ROW.parent_id.is_(None), _has_a_place())
    query = select(
        func.coalesce(func.sum(case((is_top, 1), else_=0)), 0),
        func.coalesce(func.sum(case((is_shown, 1), else_=0)), 0),
    ).where(ROW.thread_id == thread_id)
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
        .where(ROW.thread_id == thread_id, ROW.hidden_at.is_(None), ROW.deleted_at.is_(None))
        .scalar_subquery()
    )
    answers = (
        select(func.count())
        .where(ROW.thread_id == thread_id, ROW.parent_id.is_not(None), ROW.deleted_at.is_(None))
        .scalar_subquery()
    )
    is_top = ROW.thread_id == thread_id, ROW.parent_id.is_(None), _has_a_place()
    # Not count() over (): for that the database collects the texts of the whole conversation.
    total = select(func.count()).where(*is_top).scalar_subquery()
    counts = total.label("total"), shown.label("shown"), answers.label("answers")
    query = _columns().add_columns(*counts).where(*is_top)
    order = ROW.id.desc() if newest_first else ROW.id
    return query.order_by(order).limit(PER_PAGE).offset(bindparam("first", type_=Integer))


def _columns() -> Select[Any]:
    """What a reader may get: never the text of a hidden comment, so that no template can leak it."""
    is_shown = and_(ROW.hidden_at.is_(None), ROW.deleted_at.is_(None))
    state = case(
        (is_shown, "shown"),
        (ROW.deleted_at.is_(None), "hidden"),
        (ROW.hidden_at.is_(None), "deleted"),
        else_="removed",
    )
    return select(
        ROW.id,
        ROW.public_id,
        ROW.parent_id,
        ROW.author_id,
        ROW.created_at,
        ROW.edited_at,
        ROW.language,
        ROW.direction,
        case((is_shown, ROW.stance), else_=None).label("stance"),
        case((is_shown, ROW.body_html), else_="").label("html"),
        state.label("state"),
    )


def _with_replies(
    tops: Sequence[Any],
    viewer: Actor,
    *,
    limit: int | None,
    is_answered: bool = True,
    also_named: Iterable[int] = (),
) -> tuple[Talk, dict[int, AuthorCard]]:
    said = tuple(CommentRow(*row[:SAID]) for row in tops)
    answered = _replies([top.id for top in said], limit) if is_answered else ()
    replies = tuple(CommentRow(*row[: SAID + 1]) for row in answered)
    names = account_names({*(one.author_id for one in said + replies if one.state == "shown"), *also_named})
    return _talk(said, replies, names, viewer), names


def _talk(
    tops: tuple[CommentRow, ...],
    replies: tuple[CommentRow, ...],
    names: dict[int, AuthorCard],
    viewer: Actor,
) -> Talk:
    authors = {row.author_id for row in tops + replies if row.author_id}
    return Talk(
        tops=tops,
        replies=replies,
        names=tuple((one, names[one]) for one in sorted(authors & names.keys())),
        reader=viewer.account_id if viewer.account_id in authors else None,
        blocked=frozenset(authors.intersection(viewer.blocked)),
    )


def _replies(top_ids: list[int], limit: int | None) -> Sequence[Any]:
    return session.execute(_replies_statement(limit), {"top_ids": top_ids}).all()


@cache
def _replies_statement(limit: int | None) -> Select[Any]:
    siblings = func.count().over(partition_by=ROW.parent_id).label("siblings")
    position = func.row_number().over(partition_by=ROW.parent_id, order_by=ROW.id).label("position")
    inner = (
        _columns()
        .add_columns(siblings, position)
        .where(ROW.parent_id.in_(bindparam("top_ids", expanding=True)), ROW.deleted_at.is_(None))
        .subquery()
    )
    query = select(inner).order_by(inner.c.id)
    if limit is not None:
        query = query.where(inner.c.position <= limit)
    return query


def count_since(moment: datetime) -> int:
    """How many comments were written since then."""
    return session.scalar(select(func.count()).where(Comment.created_at >= moment)) or 0


def by_new_accounts(made_after: datetime, written_after: datetime, most: int) -> Sequence[Comment]:
    """The latest comments of accounts as young as that."""
    query = select(Comment).join(Account, Account.id == Comment.author_id)
    query = query.where(Account.created_at > made_after, Comment.created_at > written_after)
    return session.scalars(query.order_by(Comment.id.desc()).limit(most)).all()
