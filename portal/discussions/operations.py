"""What people and packages do in conversations."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.errors import RateLimited
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef
from portal.core.text import clean_text, guess_language, plain_text, render_markdown, text_direction
from portal.discussions.errors import (
    CommentTooLong,
    ConversationSlow,
    EmptyComment,
    NoSuchComment,
    ThreadClosed,
    TooManyLinks,
)
from portal.discussions.events import CommentAdded, CommentEdited, CommentRemoved, CommentRestored
from portal.discussions.models import MAX_COMMENT_CHARACTERS, Comment, CommentVersion, Stance, Thread

audit.schema("discussions.thread_locked", fields=("until",), visibility="public")
audit.schema("discussions.thread_unlocked", visibility="public")
audit.schema("discussions.thread_slowed", visibility="public")
audit.schema("discussions.thread_unslowed", visibility="public")


def create_thread(subject: SubjectRef, *, is_open: bool = True) -> Thread:
    """A conversation for a thing that is already stored; one per thing. Flushed, so that its id is known."""
    thread = Thread(subject_kind=subject.kind, subject_id=subject.id, is_open=is_open)
    session.add(thread)
    session.flush()
    return thread


def open_thread(thread: Thread) -> None:
    """The holder opens its conversation (again)."""
    thread.is_open = True


def close_thread(thread: Thread) -> None:
    """The holder closes its conversation: everything stays readable, nothing new can be written."""
    thread.is_open = False


def lock_thread(thread: Thread, *, actor: Actor, until: datetime | None = None) -> None:
    """Moderation stops new comments until a date, or until it unlocks. Called with its decision only."""
    thread.locked_at, thread.locked_until = clock.now(), until
    audit.record(
        "discussions.thread_locked",
        actor=actor,
        subject=(thread.subject_kind, thread.subject_id),
        until=until.isoformat() if until else None,
    )


def unlock_thread(thread: Thread, *, actor: Actor) -> None:
    """Moderation lets people write again."""
    thread.locked_at = thread.locked_until = None
    audit.record("discussions.thread_unlocked", actor=actor, subject=(thread.subject_kind, thread.subject_id))


def slow_thread(thread: Thread, *, actor: Actor, is_slow: bool, until: datetime | None = None) -> None:
    """Moderation lets everybody write once in a while until a date, or freely. With its decision only."""
    thread.slow_at, thread.slow_until = (clock.now(), until) if is_slow else (None, None)
    name = "discussions.thread_slowed" if is_slow else "discussions.thread_unslowed"
    audit.record(name, actor=actor, subject=(thread.subject_kind, thread.subject_id))


def add_comment(
    thread: Thread,
    *,
    actor: Actor,
    body: str,
    stance: Stance | str | None = None,
    reply_to: str | None = None,
    language: str | None = None,
    form_key: str | None = None,
) -> Comment:
    """Write a comment, or answer the one with public id `reply_to`; returns it with its id.

    An answer to an answer stands beside it, below the same comment. Sending the same `form_key` again gives
    back the first comment. Raises ThreadClosed, EmptyComment, CommentTooLong, TooManyLinks, NoSuchComment,
    ConversationSlow, RateLimited.
    """
    ensure(actor, "discussions.comment", thread)
    known = _sent_before(actor, form_key)
    if known is not None:
        return known
    if not thread.accepts_comments:
        raise ThreadClosed
    answered = _answered(thread, reply_to)
    text, html = _checked(body, actor)
    _slow_down(actor)
    _wait_in_slow(thread, actor)
    comment = Comment(
        thread=thread,
        parent_id=(answered.parent_id or answered.id) if answered else None,
        author_id=actor.account_id,
        form_key=form_key,
        body_md=text,
        body_html=html,
        stance=Stance(stance) if stance else None,
    )
    _set_language(comment, language, actor)
    session.add(comment)
    session.flush()
    _say_added(comment, answered)
    return comment


def _say_added(comment: Comment, answered: Comment | None) -> None:
    thread, answered_id = comment.thread, answered.author_id if answered else None
    about = thread.subject_kind, thread.subject_id
    emit(CommentAdded(comment.id, thread.id, *about, comment.author_id, answered_id))


def edit_comment(
    comment: Comment,
    *,
    actor: Actor,
    body: str,
    stance: Stance | str | None = None,
    language: str | None = None,
) -> Comment:
    """Change one's own text. After the first minutes, or once it is hidden, what it said before is kept."""
    ensure(actor, "discussions.edit_comment", comment)
    if comment.is_shown and not comment.thread.accepts_comments:
        raise ThreadClosed
    text, html = _checked(body, actor)
    comment.stance = Stance(stance) if stance else None
    changed = text != comment.body_md
    silent = comment.is_shown and clock.now() < silent_until(comment)
    if changed and not silent:
        _keep_version(comment)
        comment.edited_at = clock.now()
    comment.body_md, comment.body_html = text, html
    _set_language(comment, language, actor)
    if changed:
        emit(CommentEdited(comment.id, comment.thread_id, *_subject(comment), silent=silent))
    return comment


def delete_comment(comment: Comment, *, actor: Actor) -> None:
    """Take one's own comment back: its text and versions are erased, answers to it stay."""
    ensure(actor, "discussions.delete_comment", comment)
    _erase(comment)


def hide_comment(comment: Comment) -> None:
    """Put a tombstone in the comment's place. Only moderation calls this, together with its decision."""
    if comment.hidden_at is not None:
        return
    was_shown = comment.is_shown
    comment.hidden_at = clock.now()
    if was_shown:
        emit(CommentRemoved(comment.id, comment.thread_id, *_subject(comment), reason="hidden"))


def restore_comment(comment: Comment) -> None:
    """Show a hidden comment again."""
    if comment.hidden_at is None:
        return
    comment.hidden_at = None
    if comment.is_shown:
        emit(CommentRestored(comment.id, comment.thread_id, *_subject(comment)))


def forget_author(account_id: int, *, keep_comments: bool) -> None:
    """An account is erased: its comments stay without a name, or their texts go and the answers stay."""
    for comment in session.scalars(select(Comment).where(Comment.author_id == account_id)):
        if not keep_comments:
            _erase(comment)
        comment.author_id = comment.form_key = None


def erase_hidden_comments(*, before: datetime) -> int:
    """Erase the texts of comments hidden before a moment; returns how many. The tombstones stay."""
    query = select(Comment).where(Comment.hidden_at < before, Comment.deleted_at.is_(None))
    comments = list(session.scalars(query))
    for comment in comments:
        _erase(comment)
    return len(comments)


def silent_until(comment: Comment) -> datetime:
    """Until when the author may correct the text without a trace."""
    return comment.created_at + timedelta(minutes=site("discussions.silent_edit_minutes"))


def _sent_before(actor: Actor, form_key: str | None) -> Comment | None:
    if not form_key:
        return None
    query = select(Comment).where(Comment.author_id == actor.account_id, Comment.form_key == form_key)
    return session.scalar(query)


def _answered(thread: Thread, public_id: str | None) -> Comment | None:
    if not public_id:
        return None
    query = select(Comment).where(Comment.public_id == public_id, Comment.thread_id == thread.id)
    answered = session.scalar(query)
    if answered is None or not answered.is_shown:
        raise NoSuchComment
    return answered


def _checked(body: str, actor: Actor) -> tuple[str, str]:
    text = clean_text(body).strip()
    if not plain_text(text).strip():
        raise EmptyComment
    if len(text) > MAX_COMMENT_CHARACTERS:
        raise CommentTooLong
    html = render_markdown(text)
    allowed = site("discussions.links_new_account" if actor.is_new else "discussions.links")
    if html.count("<a ") > allowed:
        raise TooManyLinks
    return text, html


def _slow_down(actor: Actor) -> None:
    """Counted in the table itself: exact, the same for all processes, and a restart forgets nothing."""
    limits = [(timedelta(hours=1), site("discussions.per_hour"))]
    if actor.is_new:
        limits = [
            (timedelta(hours=1), site("discussions.new_account_per_hour")),
            (timedelta(days=1), site("discussions.new_account_per_day")),
        ]
    now, waits = clock.now(), []
    for span, most in limits:
        query = select(func.count(), func.min(Comment.created_at)).where(
            Comment.author_id == actor.account_id, Comment.created_at > now - span
        )
        count, first = session.execute(query).one()
        if count >= most:
            waits.append(max(1, int((first + span - now).total_seconds())))
    if waits:
        raise RateLimited(max(waits))


def _wait_in_slow(thread: Thread, actor: Actor) -> None:
    """One comment per person and interval; what was deleted since counts too, or nobody would wait."""
    if not thread.is_slow:
        return
    pause = timedelta(minutes=site("discussions.slow_minutes"))
    mine = (Comment.thread_id == thread.id, Comment.author_id == actor.account_id)
    last = session.scalar(select(func.max(Comment.created_at)).where(*mine))
    if last is not None and last + pause > clock.now():
        raise ConversationSlow(last + pause)


def _set_language(comment: Comment, chosen: str | None, actor: Actor) -> None:
    fallback = comment.language or actor.language or "de"
    comment.language = chosen or guess_language(plain_text(comment.body_md), fallback)
    comment.direction = text_direction(comment.language)


def _keep_version(comment: Comment) -> None:
    comment.versions.append(
        CommentVersion(
            number=len(comment.versions) + 1,
            body_md=comment.body_md,
            language=comment.language,
            direction=comment.direction,
            written_at=comment.edited_at or comment.created_at,
        )
    )


def _erase(comment: Comment) -> None:
    was_shown = comment.is_shown
    comment.versions.clear()
    comment.body_md = comment.body_html = ""
    comment.stance = comment.edited_at = None
    comment.deleted_at = comment.deleted_at or clock.now()
    if was_shown:
        emit(CommentRemoved(comment.id, comment.thread_id, *_subject(comment), reason="deleted"))


def _subject(comment: Comment) -> tuple[str, int]:
    return comment.thread.subject_kind, comment.thread.subject_id
