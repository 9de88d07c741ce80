"""What administrators can be refused, each by name."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext as _l


class UnreadableColours(DomainError):
    """A town's colours must leave every word readable."""

    message = _l("These colours cannot be read well enough.")


class UploadGone(Conflict):
    """The file that was checked lies there for a day only."""

    message = _l("The file is no longer there. Please choose it again.")
