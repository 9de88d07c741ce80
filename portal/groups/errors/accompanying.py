"""What agreeing on accompaniment refuses."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext as _l


class GoalMissing(DomainError):
    """Nobody can end well what has no aim."""

    field = "goal"
    message = _l("Please say in one or two sentences what you want to reach together.")


class TimeWrong(DomainError):
    """Open-ended help makes dependent."""

    field = "months"
    message = _l("Please choose one to six months. You can agree on more time afterwards.")


class CompanionMissing(DomainError):
    """There is nobody to ask."""

    field = "companion"
    message = _l("Please choose who shall accompany the group.")


class CompanionInside(DomainError):
    """Who belongs to a group cannot stand beside it."""

    field = "companion"
    message = _l("Members cannot accompany their own group.")


class AlreadySigned(Conflict):
    """It is agreed, or over."""

    message = _l("This has been answered already.")


class AccompanimentOver(Conflict):
    """It has not begun, or has been over for long."""

    message = _l("This accompaniment does not run, so nothing can be added.")


class ReportMissing(DomainError):
    """An empty report tells nobody anything."""

    field = "text"
    message = _l("Please write something.")


class NotFounding(Conflict):
    """Notes are for circles that are being founded, by professionals who accompany them."""

    message = _l("A note can be written while you accompany a group that is being founded.")


class NotGranted(Conflict):
    """It was not agreed."""

    message = _l("The group has not agreed to this.")


class CompanionCodeNotValid(DomainError):
    """Unknown, used or over: always the same words."""

    field = "code"
    message = _l("This code does not open anything. Please check the three words, or ask for a new code.")


class SubstituteTimeWrong(DomainError):
    """Outside of the agreement."""

    field = "until_on"
    message = _l("Please choose days within the time you agreed on.")
