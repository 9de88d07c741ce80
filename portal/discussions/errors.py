"""What discussions refuse, in words people can act on."""

from __future__ import annotations

from datetime import datetime

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import format_datetime, lazy_gettext


class ThreadClosed(Conflict):
    """Nothing can be written here at the moment."""

    message = lazy_gettext("This conversation is closed. Your text was not sent.")


class EmptyComment(DomainError):
    """There is nothing to read in it."""

    field = "body"
    message = lazy_gettext("Please write something first.")


class CommentTooLong(DomainError):
    """Longer than a comment may be."""

    field = "body"
    message = lazy_gettext("This is too long for a comment. Please shorten it.")


class TooManyLinks(DomainError):
    """More links than one comment may hold (new accounts: one)."""

    field = "body"
    message = lazy_gettext("There are too many links in your comment. Please take some out.")


class NoSuchComment(DomainError):
    """The comment that should be answered is gone, or stands in another conversation."""

    message = lazy_gettext("The comment you want to answer is no longer there.")


class ConversationSlow(DomainError):
    """Moderation has slowed the conversation down, and this person has just written."""

    field = "body"

    def __init__(self, again_at: datetime) -> None:
        super().__init__(
            lazy_gettext(
                "This conversation goes slowly for now. You can write again from: %(when)s.",
                when=format_datetime(again_at),
            )
        )
