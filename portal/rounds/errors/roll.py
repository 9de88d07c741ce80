"""What the roll, letters, counters and sheets cannot do, each rule by name."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext

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


# ---- letters, the town's sign-in


class TownSignInFailed(Conflict):
    """Anything about the answer of the town's sign-in does not fit. The words never tell what."""

    message = lazy_gettext("The sign-in of the town did not work. Please try again.")


class TownSignInInUse(Conflict):
    """With one sign-in nobody votes twice."""

    message = lazy_gettext(
        "A vote in which this sign-in of the town counts for you is still running. You can remove it"
        " afterwards."
    )


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
