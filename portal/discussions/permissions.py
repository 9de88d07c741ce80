"""Who may read and write in conversations. Everything follows the thing a thread belongs to."""

from __future__ import annotations

from typing import Any

from portal.core.actors import Actor
from portal.core.permissions import Deny, declare, not_suspended, participant, predicate
from portal.core.subjects import SubjectRef, resolve


@predicate
def sees_thread(actor: Actor, thread: Any) -> bool:
    """The thing the thread belongs to is visible to the actor."""
    subject = resolve(SubjectRef(thread.subject_kind, thread.subject_id))
    return subject is not None and subject.visible_to(actor)


@predicate
def sees_comment(actor: Actor, comment: Any) -> bool:
    """The thread is visible and the text is there; authors still see that their hidden text exists."""
    its_author = is_author(actor, comment)
    return (
        comment.deleted_at is None and (comment.is_shown or its_author) and sees_thread(actor, comment.thread)
    )


@predicate
def is_author(actor: Actor, comment: Any) -> bool:
    """Wrote it."""
    return actor.account_id is not None and comment.author_id == actor.account_id


@predicate
def is_of_blocked(actor: Actor, comment: Any) -> bool:
    """Written by somebody the actor does not want to read."""
    return comment.author_id in actor.blocked


@predicate
def is_shown(actor: Actor, comment: Any) -> bool:
    """The text can be read by everybody who sees the thread."""
    shown: bool = comment.is_shown
    return shown


@predicate
def is_hidden(actor: Actor, comment: Any) -> bool:
    """Moderation has hidden it."""
    return comment.hidden_at is not None


declare("discussions.read", sees_thread, visitors=True)
declare("discussions.comment", participant, deny=Deny.FORBIDDEN, sees="discussions.read")
declare("discussions.read_comment", sees_comment & is_shown & ~is_of_blocked, visitors=True)
declare("discussions.see_own_comment", sees_comment)
# A hidden text may be mended even while suspended: that is what the statement of reasons offers.
declare(
    "discussions.edit_comment", is_author & (not_suspended | is_hidden), sees="discussions.see_own_comment"
)
declare("discussions.delete_comment", is_author, sees="discussions.see_own_comment")
