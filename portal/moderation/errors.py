"""What moderation refuses, in words people can act on."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext as _l


class StatementIncomplete(DomainError):
    """A decision without one of the things a statement of reasons must hold."""

    message = _l("Please fill this in: the person has a right to know it.")


class MeasureDoesNotFit(DomainError):
    """The measure cannot be taken for this thing, or not from where it stands."""

    field = "measure"
    message = _l("This step is not possible here.")


class UntilNeeded(DomainError):
    """A suspension has an end, and it lies ahead."""

    field = "days"
    message = _l("Please say for how many days.")


class StopNeedsDanger(DomainError):
    """Only a law or a danger stops what people do together."""

    field = "ground"
    message = _l("A group is stopped only because of a law or a danger: rule 2, 7 or 8, or a law.")


class StopTooLong(DomainError):
    """A stop has an end, and it is near."""

    field = "days"
    message = _l("Please say for how many days: 14 at most.")


class NobodyToAgree(Conflict):
    """There is no other moderator who could agree."""

    message = _l("A second moderator has to agree, and there is nobody else in this district.")


class NothingProposed(Conflict):
    """It was answered meanwhile, or taken back."""

    message = _l("Somebody has already answered this.")


class PassageNotFound(DomainError):
    """The quoted passage does not stand in the text."""

    field = "passage"
    message = _l("These words are not in the text. Please copy them exactly.")


class CaseClosed(Conflict):
    """Somebody has decided it meanwhile."""

    message = _l("Somebody has already decided this.")


class ClaimedByOther(Conflict):
    """A colleague is working on it."""

    message = _l("A colleague is working on this.")


class SecondLookNeeded(Conflict):
    """Nobody finds a report of danger or a threat harmless alone."""

    message = _l(
        "You have decided already. Another moderator looks at this now, because it is about a danger."
    )


class AlreadyObjected(Conflict):
    """There is one objection per decision."""

    message = _l("You have already objected to this decision.")


class UnknownReceipt(DomainError):
    """No report has this number."""

    field = "code"
    message = _l("We know no report with this number. Please check it.")
