"""What planning and changing a meeting refuses."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext as _l


class WrongDay(DomainError):
    """Nobody can come without a day."""

    field = "day"
    message = _l("Please choose a day from today on, at most two years from now.")


class NotTheLast(DomainError):
    """In this month the same weekday comes once more."""

    field = "day"
    message = _l("This is not the last such day of its month. Please choose the last one, or another rhythm.")


class ClockMissing(DomainError):
    """Not a time of day."""

    field = "starts"
    message = _l("Please give the time as hours and minutes, for example 18:30.")


class ClockUnclear(DomainError):
    """In this night the clocks are changed."""

    field = "starts"
    message = _l(
        "In this night the clocks are changed: this time comes twice or not at all. Please choose another."
    )


class LengthWrong(DomainError):
    """Too short or too long."""

    field = "minutes"
    message = _l("A meeting takes between five minutes and one day.")


class EndBeforeBegin(DomainError):
    """The last day lies before the first."""

    field = "until_on"
    message = _l("The last day lies before the first one.")


class TooManyMeetings(Conflict):
    """More running series than a phone can show."""

    message = _l("Your group has planned a lot already. Please end a meeting that comes back first.")


class DateOver(Conflict):
    """What lies behind us cannot be moved."""

    message = _l("This date is over. It cannot be changed any more.")


class DateNotYet(Conflict):
    """Nobody knows yet."""

    message = _l("This date has not begun yet.")


class DateCancelled(Conflict):
    """It does not take place."""

    message = _l("This date was cancelled.")


class NobodyIsAsked(Conflict):
    """In a discreet group nobody is counted."""

    message = _l("In this group nobody says beforehand whether they come. Just come.")
