"""The board: beginning a conversation, answering, changing and taking back one's words, keeping order."""

from __future__ import annotations

from datetime import date

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.limits import hit
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.core.text import clean_line, clean_text, guess_language, render_markdown
from portal.groups.errors import NoSuchGroup, NotAMember, TooLong
from portal.groups.errors.inside import NoLongerThere, PinnedFull, TextMissing, ThreadClosed, TitleMissing
from portal.groups.events import PostWritten
from portal.groups.models import (
    MOST_PINNED,
    POST_LENGTH,
    POST_TITLE_LENGTH,
    Group,
    GroupFile,
    GroupMinutes,
    GroupPost,
    GroupTask,
    Membership,
    RemovedBy,
)
from portal.groups.operations.files import remove_pictures_of
from portal.groups.operations.telling import sign_of_life
from portal.groups.permissions import membership_of
from portal.groups.queries.spans import months


def begin_thread(group: Group, *, actor: Actor, title: str, text: str, form_key: str = "") -> GroupPost:
    """A member begins a conversation. The same form sent twice is one conversation.

    Raises TitleMissing, TextMissing, TooLong, RateLimited.
    """
    ensure(actor, "groups.take_part", group)
    member = acting_member(group, actor)
    known = _sent_before(group, form_key)
    if known is not None:
        return known
    post = _written(group, member, text, form_key, title=checked_title(title))
    hit("groups.post", member.ref)
    session.add(post)
    session.flush()
    post.last_id, post.last_on = post.id, post.written_on
    _told(post, group, member)
    return post


def answer(thread: GroupPost, *, actor: Actor, text: str, form_key: str = "") -> GroupPost:
    """A member writes into a conversation. Raises ThreadClosed, TextMissing, TooLong, RateLimited."""
    group = group_of(thread)
    ensure(actor, "groups.answer_post", thread)
    member = acting_member(group, actor)
    known = _sent_before(group, form_key)
    if known is not None:
        return known
    if thread.thread_id is not None or thread.closed:
        raise ThreadClosed
    post = _written(group, member, text, form_key, thread_id=thread.id)
    hit("groups.post", member.ref)
    session.add(post)
    session.flush()
    # One statement counts and orders, so that two answers at the same second are both counted. A conversation
    # lives as long as its newest answer.
    session.execute(
        update(GroupPost)
        .where(GroupPost.id == thread.id)
        .values(
            answers=GroupPost.answers + 1,
            # Not backwards: whoever took a lower number may write it down later.
            last_id=case((GroupPost.last_id < post.id, post.id), else_=GroupPost.last_id),
            last_on=post.written_on,
            delete_on=post.delete_on,
        )
    )
    session.expire(thread)
    _told(post, group, member)
    return post


def _written(
    group: Group,
    member: Membership,
    text: str,
    form_key: str,
    *,
    title: str | None = None,
    thread_id: int | None = None,
) -> GroupPost:
    cleaned = checked_text(text)
    return GroupPost(
        group_id=group.id,
        thread_id=thread_id,
        author_id=member.id,
        alias=member.alias,
        title=title,
        text=cleaned,
        html=render_markdown(cleaned),
        language=guess_language(cleaned, group.language),
        form_key=form_key or None,
        delete_on=clock.today() + months(site("groups.board_months")),
    )


def _sent_before(group: Group, form_key: str) -> GroupPost | None:
    if not form_key:
        return None
    query = select(GroupPost).where(GroupPost.group_id == group.id, GroupPost.form_key == form_key)
    return session.scalar(query)


def _told(post: GroupPost, group: Group, member: Membership) -> None:
    sign_of_life(group)
    emit(PostWritten(group.id, post.id, post.thread_id or post.id, member.id))


def checked_title(title: str) -> str:
    """One clean line. Raises TitleMissing, TooLong."""
    cleaned = clean_line(title)
    if not cleaned:
        raise TitleMissing
    if len(cleaned) > POST_TITLE_LENGTH:
        raise TooLong(field="title")
    return cleaned


def checked_text(text: str) -> str:
    """Clean lines. Raises TextMissing, TooLong."""
    cleaned = clean_text(text).strip()
    if not cleaned:
        raise TextMissing
    if len(cleaned) > POST_LENGTH:
        raise TooLong(field="text")
    return cleaned


def acting_member(group: Group, actor: Actor) -> Membership:
    """The actor's membership; raises NotAMember."""
    member = membership_of(actor, group)
    if member is None:
        raise NotAMember
    return member


def post_by_id(post_id: int) -> GroupPost | None:
    """A post, or None when it is gone."""
    return session.get(GroupPost, post_id)


def group_of(thing: GroupPost | GroupFile | GroupMinutes | GroupTask) -> Group:
    """The group something belongs to; raises NoSuchGroup when it is gone."""
    group = session.get(Group, thing.group_id)
    if group is None:
        raise NoSuchGroup
    return group


# ---- changing and taking back


def change_post(post: GroupPost, *, actor: Actor, text: str, title: str | None = None) -> None:
    """The author writes it anew; readers see it was changed. Raises TextMissing, TitleMissing, TooLong."""
    ensure(actor, "groups.change_post", post)
    cleaned = checked_text(text)
    new_title = checked_title(title or "") if post.thread_id is None else None
    if (cleaned, new_title) == (post.text, post.title):
        return
    post.text, post.html, post.title = cleaned, render_markdown(cleaned), new_title
    post.language = guess_language(cleaned, post.language)
    post.edited_on = clock.today()


def remove_post(post: GroupPost, *, actor: Actor) -> None:
    """Take the words and pictures out. Answers stay; without any, the conversation is gone altogether.

    Raises NoLongerThere when somebody was faster.
    """
    ensure(actor, "groups.remove_post", post)
    if post.removed_by is not None:
        raise NoLongerThere
    member = membership_of(actor, group_of(post))
    is_own = member is not None and post.author_id == member.id
    empty(post, RemovedBy.AUTHOR if is_own else RemovedBy.GROUP)


def empty(post: GroupPost, by: RemovedBy) -> None:
    """What taking back, moderating and leaving have in common: nothing of the words remains."""
    # Whoever answers at the same second waits here: the answer is counted, or finds the conversation gone.
    session.flush()
    session.refresh(post, with_for_update=True)
    remove_pictures_of(post)
    post.text = post.title = post.pinned_on = post.edited_on = None
    post.html = post.alias = post.language = ""
    post.author_id, post.removed_by = None, by
    session.flush()
    if post.thread_id is None and post.answers == 0:
        session.delete(post)
        session.flush()


def take_out_texts(member: Membership) -> None:
    """All this member wrote on the board disappears: as chosen on leaving, always when an account ends."""
    query = select(GroupPost).where(GroupPost.author_id == member.id)
    for post in session.scalars(query).all():
        empty(post, RemovedBy.AUTHOR)


# ---- keeping order


def pin(thread: GroupPost, *, actor: Actor) -> None:
    """Show a conversation at the top; at most three. Raises PinnedFull, NoLongerThere."""
    ensure(actor, "groups.moderate_post", thread)
    if thread.thread_id is not None or not thread.is_readable:
        raise NoLongerThere
    # Two who pin at once wait for each other here, so that three stay three.
    session.execute(select(Group.id).where(Group.id == thread.group_id).with_for_update())
    query = select(func.count()).where(
        GroupPost.group_id == thread.group_id, GroupPost.pinned_on.is_not(None), GroupPost.id != thread.id
    )
    if (session.scalar(query) or 0) >= MOST_PINNED:
        raise PinnedFull
    thread.pinned_on = thread.pinned_on or clock.today()


def unpin(thread: GroupPost, *, actor: Actor) -> None:
    """It stands among the others again."""
    ensure(actor, "groups.moderate_post", thread)
    thread.pinned_on = None


def close_thread(thread: GroupPost, *, actor: Actor) -> None:
    """No more answers; everything stays readable."""
    ensure(actor, "groups.moderate_post", thread)
    if thread.thread_id is not None:
        raise NoLongerThere
    thread.closed = True


def open_thread(thread: GroupPost, *, actor: Actor) -> None:
    """Answers are possible again."""
    ensure(actor, "groups.moderate_post", thread)
    thread.closed = False


# ---- dates


def forget_old_posts(today: date) -> int:
    """Erase posts whose date has come, with their pictures; returns how many."""
    query = select(GroupPost).where(GroupPost.delete_on <= today)
    posts = session.scalars(query).all()
    threads = {post.thread_id for post in posts if post.thread_id is not None}
    for post in posts:
        remove_pictures_of(post)
    ids = [post.id for post in posts]
    session.execute(delete(GroupPost).where(GroupPost.id.in_(ids)))
    _count_anew(threads)
    return len(ids)


def _count_anew(thread_ids: set[int]) -> None:
    other = aliased(GroupPost)
    counted = (
        select(func.count()).where(other.thread_id == GroupPost.id).correlate(GroupPost).scalar_subquery()
    )
    session.execute(update(GroupPost).where(GroupPost.id.in_(thread_ids)).values(answers=counted))
