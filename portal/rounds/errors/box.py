"""What can be wrong with a ballot, its box and the moment it is cast."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext

# ---- the box


class KeyGone(Conflict):
    """The key of this box is missing or not the right one: no ballot is taken, none is opened."""

    message = lazy_gettext(
        "The ballot box cannot be opened at the moment. Nothing was counted. Please try again later, or ask"
        " the town."
    )


# ---- casting


class VoteNotRunning(Conflict):
    """Ballots are not taken now: the vote has not begun, or it is closed, or void."""

    message = lazy_gettext("Votes are not taken at the moment. Your ballot was not counted.")


class VoteNotBegun(VoteNotRunning):
    """A ballot before the start."""

    message = lazy_gettext("This vote has not begun yet. Your ballot was not counted.")


class VoteOver(VoteNotRunning):
    """A ballot after the end, be it one second."""

    message = lazy_gettext("This vote is over. Your ballot came too late and was not counted.")


class NotOnTheRoll(Conflict):
    """The right to vote was not found, or it was taken back."""

    message = lazy_gettext("You are not on the list of this vote any more. Your ballot was not counted.")


class VotedOnPaper(Conflict):
    """Somebody who took a paper ballot cannot vote online as well."""

    message = lazy_gettext(
        "You took a paper ballot for this vote, so you cannot vote here as well. Only the paper ballot"
        " counts."
    )


class TwoPeopleNeeded(DomainError):
    """Handing out a paper ballot takes two people of staff."""

    message = lazy_gettext("Two different people have to do this together.")


class BoxStillOpen(Conflict):
    """Nobody takes ballots out of a box in which people still vote."""

    message = lazy_gettext("The ballot box is opened when the vote is over.")


# ---- what stands on a ballot


class BadBallot(DomainError):
    """A ballot that breaks the rules of its vote. Kinds of it name the rule."""

    message = lazy_gettext("This ballot does not fit the rules of this vote. It was not counted.")


class WrongKindOfBallot(BadBallot):
    """Written in another form than this vote asks for."""


class OptionNotInVote(BadBallot):
    """An option this vote does not have: unknown, or of another vote."""

    message = lazy_gettext("Your ballot names an option that this vote does not have. It was not counted.")


class OptionWithdrawnMeanwhile(BadBallot):
    """An option that became impossible while voting ran."""

    message = lazy_gettext(
        "An option on your ballot was withdrawn meanwhile. Please take it off your ballot and choose again."
    )


class OptionTwice(BadBallot):
    """The same option more than once."""

    message = lazy_gettext("An option stands on your ballot more than once.")


class TooManyChoices(BadBallot):
    """More options than one ballot may hold."""

    message = lazy_gettext("You have chosen more options than allowed. Please take some off your ballot.")


class OverBudget(BadBallot):
    """A basket that costs more than the budget."""

    message = lazy_gettext("Your basket costs more than the budget. Please take something out.")


class TooManyPoints(BadBallot):
    """More points in all than one ballot may give."""

    message = lazy_gettext("You have given more points than you have. Please take some away.")


class TooManyPointsForOne(BadBallot):
    """More points for one option than allowed."""

    message = lazy_gettext("You have given one option more points than allowed.")


class NotAWholeNumber(BadBallot):
    """Points, scores and ranks are whole numbers from 0 on."""

    message = lazy_gettext("Please write whole numbers only, like 0, 1 or 2.")


class NotAnAnswer(BadBallot):
    """Something else than yes, no or abstention."""

    message = lazy_gettext("Please answer with yes, no or abstention.")


class BallotChanged(BadBallot):
    """The draft is not what the last page showed."""

    message = lazy_gettext("Your ballot was changed in another window. Please look at it again.")


class BlankBallot(BadBallot):
    """An empty ballot counts only if somebody means it."""

    message = lazy_gettext(
        "Your ballot is blank. If that is what you want, please say so below; else choose something first."
    )
