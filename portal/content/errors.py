"""What can be wrong with pictures, texts and pages."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import format_number
from portal.core.i18n import lazy_gettext as _l


class UnknownLanguage(DomainError):
    """We keep texts only in languages we can name and show in the right direction."""

    message = _l("Please choose one of the languages.")
    field = "language"


class SameLanguage(DomainError):
    """The original is already in this language."""

    message = _l("The text is already in this language.")
    field = "language"


class TextMissing(DomainError):
    """A version needs words in every field that has words in the original."""

    message = _l("Please write something here.")


class TextTooLong(DomainError):
    """Longer than anybody reads, and than we store."""

    message = _l("This text is too long. Please make it shorter.")


class UnknownPage(DomainError):
    """The site has no such page."""

    message = _l("There is no such page.")


class PageChanged(Conflict):
    """Somebody else published this page meanwhile."""

    message = _l("Somebody has changed this page in the meantime. Please look at the new text first.")


class PicturesFull(DomainError):
    """The person's room for pictures is used up."""

    message = _l("Your room for pictures is used up. Delete pictures that you no longer need.")
    field = "picture"


class TooManyPicturesToday(DomainError):
    """More pictures in one day than people need."""

    message = _l("That is enough pictures for one day. Please continue tomorrow.")
    field = "picture"


class DescriptionMissing(DomainError):
    """Who does not see the picture needs words."""

    message = _l("Please describe the picture in a few words for people who cannot see it.")
    field = "alt"


class NotAVideoFile(DomainError):
    """Neither MP4 nor WebM, or damaged."""

    message = _l("We cannot show this file. Please choose a video: MP4 or WebM.")
    field = "video"


class VideoTooLarge(DomainError):
    """More than the town allows."""

    field = "video"

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            _l("This file is too large. A video can have up to %(size)s MB.", size=format_number(megabytes))
        )


class VideoWordsMissing(DomainError):
    """Who cannot see or understand the video needs its words."""

    message = _l("Please write down what is signed, for everybody who cannot follow the video.")
    field = "words"


class NothingReported(DomainError):
    """A report of a barrier without words."""

    message = _l("Please write what did not work for you.")
    field = "text"
