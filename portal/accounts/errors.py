"""What can be refused about accounts, each by name."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext as _l


class NameTaken(DomainError):
    """Another account has this name, or one that looks the same."""

    message = _l("Somebody already uses this name or one that looks like it. Please choose another one.")
    field = "display_name"


class TooManyAccounts(DomainError):
    """One address may hold a household's accounts, not a crowd's."""

    message = _l("There are already as many accounts with this address as we allow.")


class AddressNotProven(Conflict):
    """The step needs a code that was typed a moment ago in this browser."""

    message = _l("This took too long. Please ask for a new code.")


class LinkNotValid(Conflict):
    """A link from a mail has been used or is too old."""

    message = _l("This link is no longer valid.")


class SameAddress(DomainError):
    """The new address is the present one."""

    message = _l("This is already your address.")
    field = "email"


class NotStaffAccount(DomainError):
    """Roles belong to staff accounts only."""

    message = _l("Roles can only be given to accounts for work.")
    field = "email"


class AlreadyGranted(DomainError):
    """The account has this role already, or it waits to be confirmed."""

    message = _l("This person already has this role, or it is waiting to be confirmed.")
    field = "role"


class AlreadyDecided(Conflict):
    """The grant was confirmed or ended meanwhile."""

    message = _l("Somebody has already decided this.")


class NeedsSecondPerson(DomainError):
    """Whoever proposed a role cannot confirm it, and nobody confirms their own."""

    message = _l("A second administrator has to confirm this.")


class LastAdministrator(DomainError):
    """Without an administrator nobody could give roles any more."""

    message = _l("This is the last administrator. Please name another one first.")


class StillStaff(DomainError):
    """A staff account with roles cannot be deleted."""

    message = _l("This account still has roles. An administrator has to end them first.")


class WrongSecondFactor(DomainError):
    """The number does not fit, or it was used before."""

    message = _l("This code does not fit or was already used. Please wait for the next one.")
    field = "code"


class FactorMissing(DomainError):
    """There is nothing set up to check against."""

    message = _l("Please set up your second step first.")


class ResetAlreadyAsked(DomainError):
    """A reset is on its way."""

    message = _l("A reset has already been asked for.")


class TooManyBlocked(DomainError):
    """More people than anybody meets; a list for machines."""

    message = _l("You have blocked many people already. Please take somebody off the list first.")
