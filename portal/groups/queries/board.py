"""The board as its readers see it: conversations, posts, and names only for whom they are meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import defer

from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.models import Group, GroupFile, GroupPost, Membership, MemberState, RemovedBy
from portal.groups.permissions import is_member, membership_of
from portal.groups.permissions.inside import closed_until
from portal.groups.queries.excerpts import latest_excerpts
from portal.groups.queries.files import pictures_in

_HERE = (MemberState.MEMBER, MemberState.PAUSED)


@dataclass(frozen=True)
class ThreadLine:
    """A conversation in the list. `author` as in PostView; no `title` when its beginning was taken out."""

    public_id: str
    title: str | None
    language: str
    author: str | None
    is_former: bool
    answers: int
    last_on: date
    is_pinned: bool
    is_closed: bool
    is_hidden: bool


@dataclass(frozen=True)
class PostView:
    """One post. `author`: the name in the group, None for readers from outside whom the author gave none."""

    public_id: str
    author: str | None
    is_former: bool
    is_own: bool
    html: str
    language: str
    written_on: date
    is_edited: bool
    removed_by: RemovedBy | None
    is_hidden: bool
    pictures: tuple[GroupFile, ...]
    # The copy that moderation saw, where it gives its reasons.
    excerpt_id: str | None = None

    @property
    def is_readable(self) -> bool:
        """There is something to read."""
        return self.removed_by is None and not self.is_hidden


def post_in_group(group_public_id: str, post_public_id: str) -> GroupPost | None:
    """The post, if it stands in this group; the caller decides whether the reader may have it."""
    query = (
        select(GroupPost)
        .join(Group, Group.id == GroupPost.group_id)
        .where(Group.public_id == group_public_id, GroupPost.public_id == post_public_id)
    )
    return session.scalar(query)


def thread_in_group(group_public_id: str, post_public_id: str) -> GroupPost | None:
    """The beginning of a conversation, or None for answers and unknown ones."""
    post = post_in_group(group_public_id, post_public_id)
    return post if post is not None and post.thread_id is None else None


def _beginnings(group: Group, viewer: Actor) -> ColumnElement[bool]:
    """The conversations this reader may know of."""
    found = (GroupPost.group_id == group.id) & GroupPost.thread_id.is_(None)
    until = closed_until(viewer, group)
    return found if until is None else found & (GroupPost.written_on > until)


def thread_count(group: Group, viewer: Actor) -> int:
    """How many conversations there are for this reader."""
    return session.scalar(select(func.count(GroupPost.id)).where(_beginnings(group, viewer))) or 0


def thread_lines(group: Group, viewer: Actor, *, offset: int, limit: int) -> list[ThreadLine]:
    """Conversations: pinned ones first, then those with the newest post. One question."""
    knows = is_member(viewer, group)
    query = (
        select(GroupPost, Membership.alias, Membership.state, Membership.shown_publicly)
        .outerjoin(Membership, Membership.id == GroupPost.author_id)
        .where(_beginnings(group, viewer))
        .options(defer(GroupPost.text), defer(GroupPost.html))
        .order_by(GroupPost.pinned_on.is_(None), GroupPost.last_id.desc(), GroupPost.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [_line(row, knows) for row in session.execute(query)]


def _line(row: Any, knows: bool) -> ThreadLine:
    post = row[0]
    author, is_former = _name(row, knows)
    return ThreadLine(
        post.public_id,
        post.title if post.is_readable else None,
        post.language,
        author,
        is_former,
        post.answers,
        post.last_on or post.written_on,
        post.pinned_on is not None,
        post.closed,
        post.hidden_on is not None,
    )


def _name(row: Any, knows: bool) -> tuple[str | None, bool]:
    """The name to show, and whether they have left. Readers from outside learn only names given out."""
    post, alias, state, shown_publicly = row
    is_here = state in _HERE
    if not knows:
        return (alias if is_here and shown_publicly else None), not is_here
    return (alias if is_here else post.alias) or None, not is_here


def post_count(thread: GroupPost) -> int:
    """How many posts the conversation has, its beginning among them."""
    query = select(func.count()).where(GroupPost.thread_id == thread.id)
    return 1 + (session.scalar(query) or 0)


def thread_posts(
    thread: GroupPost, group: Group, viewer: Actor, *, offset: int, limit: int
) -> list[PostView]:
    """Posts of a conversation in the order they came. Three questions, however many posts."""
    member = membership_of(viewer, group)
    query = (
        select(GroupPost, Membership.alias, Membership.state, Membership.shown_publicly)
        .outerjoin(Membership, Membership.id == GroupPost.author_id)
        .where((GroupPost.id == thread.id) | (GroupPost.thread_id == thread.id))
        .options(defer(GroupPost.text))
        .order_by(GroupPost.id)
        .offset(offset)
        .limit(limit)
    )
    rows = session.execute(query).all()
    own = member.id if member else None
    pictures = pictures_in([row[0].id for row in rows if row[0].is_readable], own)
    hidden = latest_excerpts([row[0].id for row in rows if row[0].hidden_on is not None])
    knows = is_member(viewer, group)
    return [_view(row, own, knows, tuple(pictures.get(row[0].id, ())), hidden.get(row[0].id)) for row in rows]


def _view(
    row: Any,
    own: int | None,
    knows: bool,
    pictures: tuple[GroupFile, ...],
    excerpt_id: str | None,
) -> PostView:
    post = row[0]
    author, is_former = _name(row, knows)
    return PostView(
        post.public_id,
        author,
        is_former,
        own is not None and post.author_id == own,
        post.html if post.is_readable else "",
        post.language,
        post.written_on,
        post.edited_on is not None,
        post.removed_by,
        post.hidden_on is not None,
        pictures,
        excerpt_id,
    )


def thread_public_id(post: GroupPost) -> str:
    """The public id of the conversation a post stands in."""
    if post.thread_id is None:
        return post.public_id
    return session.scalars(select(GroupPost.public_id).where(GroupPost.id == post.thread_id)).one()


def place_in_thread(post: GroupPost) -> int:
    """How many posts of its conversation stand before it."""
    if post.thread_id is None:
        return 0
    query = select(func.count()).where(GroupPost.thread_id == post.thread_id, GroupPost.id < post.id)
    return 1 + (session.scalar(query) or 0)


def writers_in(thread_id: int) -> list[int]:
    """Memberships that wrote in the conversation and still belong to the group."""
    query = (
        select(Membership.id)
        .join(GroupPost, GroupPost.author_id == Membership.id)
        .where((GroupPost.id == thread_id) | (GroupPost.thread_id == thread_id))
        .where(Membership.state == MemberState.MEMBER)
        .distinct()
        .order_by(Membership.id)
    )
    return list(session.scalars(query))


def posts_by(membership_ids: Iterable[int]) -> list[GroupPost]:
    """Everything these memberships wrote on the board, oldest first: for the own export of a person."""
    query = select(GroupPost).where(GroupPost.author_id.in_(list(membership_ids))).order_by(GroupPost.id)
    return list(session.scalars(query))
