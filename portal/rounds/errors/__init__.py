"""What a round cannot do, each rule by name."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext
from portal.rounds.errors.roll import MayNotVote as MayNotVote

# ---- drafting and opening


class RoundFrozen(Conflict):
    """The round is open or over: nobody changes its rules or options."""

    message = lazy_gettext(
        "This vote is open. Nobody can change it any more. It can only be declared void, with a public"
        " reason."
    )


class RoundNotOpen(Conflict):
    """Only a vote that was opened and is not over can do this."""

    message = lazy_gettext("This is only possible while the vote is open.")


class RoundTitleMissing(DomainError):
    """A vote is found by its title."""

    message = lazy_gettext("Please give the vote a title.")
    field = "title"


class RoundNotReady(DomainError):
    """Something is missing before it can open; the check page names everything."""

    message = lazy_gettext("This vote cannot be opened yet. Please look at what is missing.")


class RoundChanged(Conflict):
    """What was looked at is not what would be frozen: somebody has changed it in between."""

    message = lazy_gettext("Something has changed since you looked. Please read the check page once more.")


class RuleDoesNotFit(DomainError):
    """This rule cannot count such ballots."""

    message = lazy_gettext(
        "Ballots of this kind cannot be counted with this rule. Please choose another one."
    )
    field = "rule"


class ClosesBeforeItOpens(DomainError):
    """The end lies before the start."""

    message = lazy_gettext("The vote must end after it has started.")
    field = "closes_at"


class OpensInThePast(DomainError):
    """People must be able to read the rules before they vote."""

    message = lazy_gettext("The start lies in the past. Please choose a later time.")
    field = "opens_at"


class DoubtfulNight(DomainError):
    """Between two and three o'clock of the nights when the clocks change a time is twice or never."""

    message = lazy_gettext(
        "In this night the clocks change. Please choose a time before 02:00 or after 03:00, so that nobody"
        " can misunderstand it."
    )
    field = "closes_at"


class UnknownOption(DomainError):
    """This vote has no such option."""

    message = lazy_gettext("This vote has no such option.")


class OptionTitleMissing(DomainError):
    """An option without words cannot be chosen."""

    message = lazy_gettext("Please give the option a title.")
    field = "title"


class CostNeeded(DomainError):
    """A rule that spends money must know what things cost; 0 is no cost."""

    message = lazy_gettext("Please say what this costs. In a vote about a budget every option has a cost.")
    field = "cost"


class CostsTooMuch(DomainError):
    """It could never win."""

    message = lazy_gettext("This costs more than the whole budget, so it could never win.")
    field = "cost"


class BudgetTooSmall(DomainError):
    """Some options could never win."""

    message = lazy_gettext("An option costs more than this. Please take it off first, or change its cost.")
    field = "budget"


class TooManyOptions(DomainError):
    """A ballot stays readable."""

    message = lazy_gettext("This vote has as many options as a ballot can hold.")
    field = "title"


class ProposalNotEligible(DomainError):
    """Only proposals that were examined, and that no other vote contains, become options."""

    message = lazy_gettext(
        "This proposal cannot be put to the vote: it is not examined, or not public any more."
    )


class NotYourDistrict(DomainError):
    """A moderator would lose sight of the draft."""

    message = lazy_gettext("Please choose the whole town, or at least one district you moderate.")
    field = "districts"


class UnknownDistrictOfRound(DomainError):
    """No district has this number."""

    message = lazy_gettext("Please choose districts from the list.")
    field = "districts"


# ---- voiding and withdrawing


class ReasonMissing(DomainError):
    """People can read why."""

    message = lazy_gettext("Please give a reason. Everybody can read it.")
    field = "reason"


class SamePerson(DomainError):
    """Two people, four eyes."""

    message = lazy_gettext("A second person has to confirm this. You asked for it yourself.")


class NobodyAsked(Conflict):
    """There is nothing to confirm."""

    message = lazy_gettext("Nobody has asked to declare this vote void.")


class AlreadyWithdrawn(Conflict):
    """It was withdrawn before."""

    message = lazy_gettext("This option is withdrawn already.")


# ---- closing, publishing, objecting


class NotOverYet(Conflict):
    """Closing comes by time."""

    message = lazy_gettext("Voting is still going on.")


class SheetsMissing(Conflict):
    """Every paper ballot that was handed out is typed in by two people, or marked as invalid."""

    message = lazy_gettext("Not all paper sheets are entered yet. The count waits for them.")


class FileChanged(Exception):
    """A repeated step of closing made other bytes than the first time: an alarm, nothing is written."""


class DrawNeeded(Conflict):
    """A tie reaches the lottery, and the draw has not been entered by two people yet."""

    message = lazy_gettext("Options are equal, and the public draw has to decide. Please enter it first.")


class DrawDiffers(DomainError):
    """Two people type the same words."""

    message = lazy_gettext("This is not what was typed before. Please compare with the official draw.")
    field = "draw"


class DrawNotNeeded(Conflict):
    """Nothing is equal, or nothing that a draw could change."""

    message = lazy_gettext("Nothing is equal here. No draw is needed.")


class DrawTooEarly(Conflict):
    """The draw takes place on its named day."""

    message = lazy_gettext("The public draw has not taken place yet.")


class NotReadyToPublish(Conflict):
    """The count is not finished, or something does not match."""

    message = lazy_gettext("The result cannot be published yet. Please look at the check page.")


class NoObservers(Conflict):
    """Nobody could read the file."""

    message = lazy_gettext("This vote has no observers. Nobody can be given the file.")


class NoReleaseAsked(Conflict):
    """There is nothing to approve."""

    message = lazy_gettext("Nobody has asked to open the file for the observers.")


class ObserversThemselves(DomainError):
    """Whoever is to read the file does not decide about it."""

    message = lazy_gettext("You are an observer of this vote yourself. Somebody else has to do this.")


class ObjectionWithoutWords(DomainError):
    """Somebody must be able to look into it."""

    message = lazy_gettext("Please say what you think is wrong.")
    field = "words"


class ObjectionsOver(Conflict):
    """The window has closed."""

    message = lazy_gettext("The time for objections is over.")


class AnswerMissing(DomainError):
    """An objection is answered in words."""

    message = lazy_gettext("Please answer in words.")
    field = "answer"
