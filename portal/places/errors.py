"""What can be wrong with places."""

from __future__ import annotations

from portal.core.errors import DomainError
from portal.core.i18n import lazy_gettext as _l


class BrokenDistricts(DomainError):
    """The file of districts is not what it should be; nothing was changed."""

    message = _l("This file does not hold districts we can read.")
    field = "file"


class NameMissing(DomainError):
    """An organisation needs a name."""

    message = _l("Please write the name.")
    field = "name"


class NameTaken(DomainError):
    """Two organisations with one name would be confused."""

    message = _l("There is already an organisation with this name.")
    field = "name"


class WebsiteNotSecure(DomainError):
    """Links lead to https addresses only."""

    message = _l("Please give an address that begins with https://")
    field = "website"
