"""Errors that name the broken rule. Messages are lazy: they become words in the reader's language."""

from __future__ import annotations

from portal.core.i18n import LazyString, lazy_gettext


class DomainError(Exception):
    """A rule of the domain said no. `field` names the form field it belongs to, if any.

    Inside a form the message becomes that field's error (422); elsewhere a page "That did not work" (409).
    """

    message: LazyString | str = lazy_gettext("That did not work.")
    field: str | None = None

    def __init__(self, message: LazyString | str | None = None, *, field: str | None = None) -> None:
        if message is not None:
            self.message = message
        if field is not None:
            self.field = field
        super().__init__(type(self).__name__)

    def __str__(self) -> str:
        return str(self.message)


class NotFound(DomainError):
    """There is no such thing, or this person must not learn that there is."""

    message = lazy_gettext("We could not find this page.")


class NotAllowed(DomainError):
    """The thing is visible, but this person may not do this with it."""

    message = lazy_gettext("You cannot do this with your account.")


class SignInRequired(DomainError):
    """Somebody who is not signed in asked for something that needs an account."""

    message = lazy_gettext("Please sign in first.")


class Conflict(DomainError):
    """The thing has changed meanwhile, or is locked at the moment."""

    message = lazy_gettext("This has changed in the meantime. Please look at it again.")


class RateLimited(DomainError):
    """Too many tries in a short time. `retry_after` is in seconds."""

    message = lazy_gettext("That was a lot at once. Please wait a moment and try again.")

    def __init__(self, retry_after: int = 60) -> None:
        super().__init__()
        self.retry_after = retry_after
