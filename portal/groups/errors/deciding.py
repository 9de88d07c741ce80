"""What is refused when a decision is begun for something, or comes into force."""

from __future__ import annotations

from datetime import date

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import format_date
from portal.core.i18n import lazy_gettext as _l


class NothingToCarryOut(Conflict):
    """It was not adopted, is in force already, or changes nothing but words."""

    message = _l("There is nothing to put into force here, or it is in force already.")


class WhomMissing(DomainError):
    """A role goes to a member."""

    field = "members"
    message = _l("Please choose who it is about.")


class RoleMissing(DomainError):
    """A role has to be chosen."""

    field = "role"
    message = _l("Please choose a role.")


class PauseEndMissing(DomainError):
    """A pause ends on a day, in the future."""

    field = "until"
    message = _l("Please choose a day in the future.")


class DatesMissing(DomainError):
    """A question about dates without one."""

    field = "start_1"
    message = _l("Please choose at least one date, or let the others suggest some first.")


class DateMissing(DomainError):
    """People choose the date, the portal does not."""

    field = "date"
    message = _l("Please choose one of the dates.")


class NobodyAsked(DomainError):
    """A list of whom to ask without a name."""

    field = "asked"
    message = _l("Please choose who is asked.")


class NotInTheDraw(Conflict):
    """No lot stands for this person."""

    message = _l("You are not in this draw, or you have taken yourself out already.")


class DateAnswered(Conflict):
    """More people have answered to this date than whoever takes it out knew of."""

    message = _l("People have answered to this date. Please look at it before you take it out.")


class LastDate(Conflict):
    """A poll without a date asks nothing."""

    message = _l("This is the last date. Stop the decision if there is no other one.")


class OthersBegin(Conflict):
    """The group decided that a role begins decisions."""

    message = _l("Your group has decided that a role begins decisions. Please ask one of those who hold it.")


class LimitWithoutRole(DomainError):
    """Limits are those of a role that got the task."""

    field = "role"
    message = _l("Please choose the role that these limits are for.")


class ErasedBefore(DomainError):
    """The group has ended, and there is nothing to be counted once it is erased."""

    field = "closes_on"

    def __init__(self, day: date) -> None:
        words = _l("The group is erased on %(day)s. Please choose an earlier end.", day=format_date(day))
        super().__init__(words)


class NoTimeLeft(DomainError):
    """The group has ended and is erased on the day after: nobody can be asked for longer."""

    def __init__(self, day: date) -> None:
        super().__init__(_l("The group is erased on %(day)s. There is no more time.", day=format_date(day)))
