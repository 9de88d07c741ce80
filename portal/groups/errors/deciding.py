"""What is refused when a decision is begun for something, or comes into force."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
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


class DateMissing(DomainError):
    """People choose the date, the portal does not."""

    field = "date"
    message = _l("Please choose one of the dates.")
