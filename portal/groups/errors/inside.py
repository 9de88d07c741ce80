"""What the board, minutes, tasks and files refuse."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext as _l


class TextMissing(DomainError):
    """There is nothing to read."""

    field = "text"
    message = _l("Please write something.")


class TitleMissing(DomainError):
    """A list of conversations without titles helps nobody."""

    field = "title"
    message = _l("Please say in a few words what it is about.")


class ThreadClosed(Conflict):
    """Somebody who moderates has closed it."""

    message = _l("This conversation is closed. You can begin a new one.")


class PinnedFull(Conflict):
    """When everything is important, nothing is."""

    message = _l("Three conversations stand at the top already. Please take one down first.")


class NoLongerThere(Conflict):
    """Somebody has taken it away meanwhile."""

    message = _l("This is no longer there.")


class ChangedMeanwhile(Conflict):
    """Two people wrote on the same sheet."""

    message = _l(
        "Somebody else has changed these minutes while you were writing. Nothing of yours is lost: compare"
        " the two below, then save again."
    )


class DayMissing(DomainError):
    """Minutes belong to a day."""

    field = "met_on"
    message = _l("Please say on which day you met.")


class DayFarAway(DomainError):
    """A slip of the finger: the year 2206."""

    message = _l("Please check the date. It is more than two years away.")


class TooManyLines(DomainError):
    """More than fits on one sheet."""

    message = _l("This is more than fits on one sheet. Please split it.")


class TaskMissing(DomainError):
    """Nobody can do what is not said."""

    field = "what"
    message = _l("Please say what there is to do.")


class EnoughDoers(Conflict):
    """More hands than a task has handles."""

    message = _l("Enough people do this already.")


class NotAFileWeTake(DomainError):
    """Neither a picture nor a PDF, judged by its content."""

    field = "file"
    message = _l("Please choose a photo (JPEG, PNG or WebP) or a PDF.")


class FileMissing(DomainError):
    """There is nothing to keep."""

    field = "file"
    message = _l("Please choose a file.")


class FileTooLarge(DomainError):
    """More than a slow line can carry."""

    field = "file"
    message = _l("This file is too large. It can have up to 5 MB.")


class GroupFull(DomainError):
    """The group has used the room it has."""

    field = "file"
    message = _l("Your group has used all its room for files. Please delete some first.")


class PicturesEnough(DomainError):
    """As many pictures as a post can carry."""

    field = "file"
    message = _l("This post has four pictures already.")


class DescriptionMissing(DomainError):
    """People who cannot see the picture would get nothing."""

    field = "alt"
    message = _l("Please say in a few words what is to be seen.")
