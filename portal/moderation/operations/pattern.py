"""The same text from new accounts in several places: hidden until a person has looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import NEW_FOR, Account
from portal.core import clock
from portal.core.db import session
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef, resolve
from portal.core.text import fold, plain_text
from portal.discussions.models import Comment
from portal.moderation.models import Decision, Measure, Reason
from portal.moderation.operations.casework import case_for
from portal.moderation.operations.deciding import hide_by_pattern

WITHIN = timedelta(days=1)
# "Thank you!" may stand everywhere.
SHORTEST = 30
_MOST_COMPARED = 500


def look_for_pattern(comment_id: int) -> int:
    """After a comment: how many texts were hidden because new accounts wrote the same in several places."""
    comment = session.get(Comment, comment_id)
    author = session.get(Account, comment.author_id) if comment is not None and comment.author_id else None
    if comment is None or author is None or not author.is_new:
        return 0
    words = _words_of(comment)
    if len(words) < SHORTEST:
        return 0
    same = [one for one in _by_new_accounts() if _words_of(one) == words]
    if len({one.thread_id for one in same}) < site("moderation.places_to_hide"):
        return 0
    return sum(_hide(one) for one in same)


def _words_of(comment: Comment) -> str:
    """Without accents, capitals, signs and spaces, in which copies differ."""
    return "".join(letter for letter in fold(plain_text(comment.body_md)) if letter.isalnum())


def _by_new_accounts() -> Sequence[Comment]:
    now = clock.now()
    query = (
        select(Comment)
        .join(Account, Account.id == Comment.author_id)
        .where(Account.created_at > now - NEW_FOR, Comment.created_at > now - WITHIN)
        .order_by(Comment.id.desc())
        .limit(_MOST_COMPARED)
    )
    return session.scalars(query).all()


def _hide(comment: Comment) -> bool:
    """False for what is hidden already, and for what a person has let stand."""
    subject = resolve(SubjectRef("comment", comment.id))
    if subject is None or subject.kind.is_hidden(subject.thing) or _was_found_fine(comment.id):
        return False
    return hide_by_pattern(case_for(subject, reason=Reason.PATTERN, urgency=2)) is not None


def _was_found_fine(comment_id: int) -> bool:
    query = select(Decision.id).where(
        Decision.subject_kind == "comment",
        Decision.subject_id == comment_id,
        Decision.measure.in_((Measure.NONE, Measure.RESTORE)),
        Decision.decided_by.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None
