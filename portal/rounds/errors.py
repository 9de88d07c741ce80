"""What a round cannot do, each rule by name."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext

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
    """A rule that spends money must know what things cost."""

    message = lazy_gettext("Please say what this costs. In a vote about a budget every option has a cost.")
    field = "cost"


class TooManyOptions(DomainError):
    """A ballot stays readable."""

    message = lazy_gettext("This vote has as many options as a ballot can hold.")
    field = "title"


class ProposalNotEligible(DomainError):
    """Only proposals that were examined, and that no other vote contains, become options."""

    message = lazy_gettext(
        "This proposal cannot be put to the vote: it is not examined, or not public any more."
    )


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


# ---- the box


class KeyGone(Conflict):
    """The key of this box is missing or not the right one: no ballot is taken, none is opened."""

    message = lazy_gettext(
        "The ballot box cannot be opened at the moment. Nothing was counted. Please try again later, or ask"
        " the town."
    )


# ---- the roll: who may vote, letters, being known


class MayNotVote(Conflict):
    """Not on the roll; the message says why and what to do."""

    message = lazy_gettext("You cannot vote here.")


class CodeMistyped(DomainError):
    """A slip: too short, too long, or the last letter does not fit the others. Not a wrong guess."""

    message = lazy_gettext(
        "There is a slip in this code. It has 13 letters and digits. Please compare it with the letter."
    )
    field = "code"


class CodeDoesNotFit(DomainError):
    """Unknown, taken back, of another vote: always the same words."""

    message = lazy_gettext(
        "This code does not work for this vote. Please compare it with the letter, also the name of the vote."
    )
    field = "code"


class NoLettersForThisVote(Conflict):
    """Letters with codes exist for votes of level 2 only, from their opening to their end."""

    message = lazy_gettext("For this vote there are no letters with codes.")


class TooManyLetters(DomainError):
    """A batch that can be printed and folded in one go."""

    message = lazy_gettext("A batch has 1 to 500 letters. Please ask for several batches.")
    field = "size"


class BatchNotWaiting(Conflict):
    """Somebody was quicker, or the batch is at another step."""

    message = lazy_gettext("This batch of letters is at another step already.")


class NoSuchLetter(DomainError):
    """No letter of this vote has this number."""

    message = lazy_gettext("There is no letter with this number in this vote.")
    field = "batch_number"


class AlreadyKnown(Conflict):
    """Nothing to vouch for."""

    message = lazy_gettext("This person is known already.")


class MayNotVouch(DomainError):
    """The message says why."""

    message = lazy_gettext("You cannot vouch for this person.")
    field = "code"


class NobodyWithThisName(DomainError):
    """No resident has this name."""

    message = lazy_gettext("No resident has this name. Please compare it with the person's own page.")
    field = "name"


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


class BlankBallot(BadBallot):
    """An empty ballot counts only if somebody means it."""

    message = lazy_gettext(
        "Your ballot is blank. If that is what you want, please say so below; else choose something first."
    )


# ---- letters, the town's sign-in


class TownSignInFailed(Conflict):
    """Anything about the answer of the town's sign-in does not fit. The words never tell what."""

    message = lazy_gettext("The sign-in of the town did not work. Please try again.")


class TownSignInTaken(Conflict):
    """One person, one account that counts."""

    message = lazy_gettext(
        "This sign-in of the town belongs to another account already, or your account to another sign-in."
        " Remove it there first."
    )


# ---- the counter, sheets, help on a tablet


class SecondPersonNeeded(Conflict):
    """Alone nobody hands out ballots."""

    message = lazy_gettext("A second person has to confirm first that you are two at the counter.")


class WrongSecondPerson(DomainError):
    """Name, code or role does not fit; the words do not tell which."""

    message = lazy_gettext(
        "This does not fit. The second person types the own name and the code of the own app, and must be"
        " allowed to work at this counter."
    )
    field = "code"


class NotThisCounter(Conflict):
    """A counter belongs to the one who opened it."""

    message = lazy_gettext("Somebody else opened this counter. Please open one of your own.")


class CounterClosed(Conflict):
    """The urn is opened, nothing more goes in."""

    message = lazy_gettext("This counter is closed. Please open a new one.")


class SheetsNotYet(Conflict):
    """Urns stay shut until voting is over: no interim results on paper either."""

    message = lazy_gettext("Sheets are typed when the vote has ended and the counter is closed.")


class NoSuchSheet(DomainError):
    """The number is not one of the sheets of this urn."""

    message = lazy_gettext("This urn has no sheet with this number.")
    field = "serial"


class SheetTypedBefore(DomainError):
    """Two different people type each sheet."""

    message = lazy_gettext("You have typed this sheet already. Now somebody else has to.")
    field = "serial"


class SheetDone(DomainError):
    """Two agree, or a third has decided."""

    message = lazy_gettext("This sheet is done.")
    field = "serial"


class NothingToDecide(Conflict):
    """The two agree, or it is decided."""

    message = lazy_gettext("There is nothing to decide about this sheet any more.")


class ConsentMissing(DomainError):
    """Nobody is helped without having said yes."""

    message = lazy_gettext("Please ask the person and tick that they agree.")
    field = "consent"


class HelpIsOver(Conflict):
    """Ten minutes, once."""

    message = lazy_gettext(
        "The ten minutes on this tablet are over, or the ballot is cast. Nothing was kept."
    )
