"""What can be wrong with a process."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext as _l


class TitleMissing(DomainError):
    """Nobody finds what has no name."""

    message = _l("Please write a title.")
    field = "title"


class TextTooLong(DomainError):
    """A text is longer than its place."""

    message = _l("This text is too long.")


class SummaryMissing(DomainError):
    """Lists and previews show it; a process is not published without."""

    message = _l("Please write in two sentences what it is about.")
    field = "summary"


class PhasesMissing(DomainError):
    """Nobody would know when something can be done."""

    message = _l("Please add at least one phase with its dates.")


class TooManyPhases(DomainError):
    """Nobody reads a longer list."""

    message = _l("A process has at most 20 phases.")


class EndsBeforeItStarts(DomainError):
    """A phase has a length."""

    message = _l("The end must come after the beginning.")
    field = "ends_on"


class ClocksChange(DomainError):
    """In this hour clocks are changed: the time comes twice, or never."""

    message = _l(
        "In this night the clocks are changed, and this time comes twice or not at all. Choose another."
    )


class BudgetOutOfRange(DomainError):
    """No amount of money a town has."""

    message = _l("Please write an amount of money greater than zero.")
    field = "budget"


class UnknownDistrict(DomainError):
    """There is no such district (any more)."""

    message = _l("We do not know this district.")
    field = "districts"


class UnknownContact(DomainError):
    """The contact person is somebody at work here."""

    message = _l("Please choose a person who works here.")
    field = "contact"


class NotYourDistricts(DomainError):
    """A moderator of some districts prepares processes for these districts."""

    message = _l("You moderate other districts. Choose at least one of yours, or the whole town.")
    field = "districts"


class ProcessArchived(Conflict):
    """What is archived stays as it is."""

    message = _l("This process is archived. Open it again first.")


class AlreadyPublished(Conflict):
    """Only drafts can be thrown away."""

    message = _l("This process is public. It can be archived, but not deleted.")
