"""Handing one post to moderation: the only way anything of a group reaches it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CursorResult, delete, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.text import plain_text
from portal.groups.models import GroupExcerpt, GroupPost
from portal.groups.operations.files import described_pictures
from portal.groups.queries.excerpts import post_of
from portal.moderation.models import KEEP


def hand_over_post(post: GroupPost, *, actor: Actor) -> GroupExcerpt:
    """Copy the post's words for moderation. The same words handed over again are the same copy.

    Pictures go along as their descriptions only.
    """
    ensure(actor, "groups.report_post", post)
    words = _words(post)
    query = select(GroupExcerpt).where(GroupExcerpt.post_id == post.id).order_by(GroupExcerpt.id.desc())
    last = session.scalar(query.limit(1))
    if last is not None and last.text == words:
        return last
    copied = GroupExcerpt(post_id=post.id, text=words, language=post.language, delete_on=clock.today() + KEEP)
    session.add(copied)
    session.flush()
    return copied


def _words(post: GroupPost) -> str:
    parts = [post.title or "", plain_text(post.text or ""), *(f"[{alt}]" for alt in described_pictures(post))]
    return "\n\n".join(part for part in parts if part)


def hide_post(excerpt: GroupExcerpt) -> None:
    """Moderation decided: the post cannot be read, by members neither. Its words stay for an objection."""
    post = post_of(excerpt)
    if post is not None:
        post.hidden_on, post.pinned_on = post.hidden_on or clock.today(), None


def restore_post(excerpt: GroupExcerpt) -> None:
    """It can be read again."""
    post = post_of(excerpt)
    if post is not None:
        post.hidden_on = None


def cut_excerpts_loose(group_id: int) -> None:
    """The group is discreet now: copies that moderation has seen no longer say where they come from.

    Of posts that are hidden the way back stays, so that an objection can restore them.
    """
    posts = select(GroupPost.id).where(GroupPost.group_id == group_id, GroupPost.hidden_on.is_(None))
    session.execute(
        update(GroupExcerpt)
        .where(GroupExcerpt.post_id.in_(posts))
        .values(post_id=None)
        .execution_options(synchronize_session="fetch")
    )


def forget_old_excerpts(today: date) -> int:
    """Erase copies as moderation erases its cases: after a year; returns how many."""
    gone = session.execute(delete(GroupExcerpt).where(GroupExcerpt.delete_on <= today))
    return gone.rowcount if isinstance(gone, CursorResult) else 0
