"""What a proposal cannot do, each rule by name."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext


class TitleMissing(DomainError):
    """A proposal is found by its title."""

    message = lazy_gettext("Please give your proposal a title.")
    field = "title"


class WhatMissing(DomainError):
    """Nobody can support what is not said."""

    message = lazy_gettext("Please say what you propose.")
    field = "what"


class PlaceOutsideTown(DomainError):
    """The point lies in none of the town's districts."""

    message = lazy_gettext("This place is outside the town. Please choose a place inside.")
    field = "lat"


class UnknownDistrict(DomainError):
    """No district has this number."""

    message = lazy_gettext("Please choose a district from the list.")
    field = "district"


class TooManyNeeds(DomainError):
    """A list of what is missing stays readable."""

    message = lazy_gettext("A proposal can list at most twelve things that are missing.")
    field = "words"


class TooManyPictures(DomainError):
    """A page stays light on a slow link."""

    message = lazy_gettext("A proposal can have at most six pictures.")
    field = "picture"


class TooManyDrafts(DomainError):
    """Drafts are kept on the server; there is an end to it."""

    message = lazy_gettext("You have many drafts already. Please finish or delete one first.")
    field = "title"


class ProposalLocked(Conflict):
    """A round that contains it is open: everybody decides about the same text."""

    message = lazy_gettext("This proposal is part of an open vote. Its text cannot be changed now.")


class ProposalClosed(Conflict):
    """It is decided, withdrawn, merged, expired or hidden."""

    message = lazy_gettext("This proposal cannot be changed any more.")


class NotSupportable(Conflict):
    """Support is collected until the town decides."""

    message = lazy_gettext("This proposal does not collect support any more.")


class OwnProposal(Conflict):
    """Authors are with it anyway; the number counts the others."""

    message = lazy_gettext("You wrote this proposal: you do not need to support it as well.")


class InvitationOver(Conflict):
    """The invitation is used, taken back or too old. A new one must come from an author."""

    message = lazy_gettext("This invitation is not valid any more. Please ask for a new one.")


class AlreadyAuthor(Conflict):
    """One person is author once."""

    message = lazy_gettext("You are already an author of this proposal.")


class TooManyCoAuthors(Conflict):
    """A proposal has a handful of authors; many people together are a group."""

    message = lazy_gettext("A proposal can have at most ten authors.")


class WithdrawnNoteMissing(DomainError):
    """Other says nothing to those who supported it."""

    message = lazy_gettext("Please say in a few words why.")
    field = "note"


class AnswerTextMissing(DomainError):
    """A no without reasons is not an answer."""

    message = lazy_gettext("Please say why. A declined proposal needs a text.")
    field = "text"


class AnswerNotPossible(Conflict):
    """It was not looked at yet, or it goes another way already."""

    message = lazy_gettext("This proposal cannot be answered like this where it stands now.")


class AnswerNeeded(Conflict):
    """Accepted and declined are said with an answer, never by a move alone."""

    message = lazy_gettext("For this step the town must answer. Please write the answer first.")


class ChangedMeanwhile(DomainError):
    """A colleague saved while this page was open."""

    message = lazy_gettext(
        "Somebody else has saved a text meanwhile. Your text is still here: look at theirs, then save again."
    )


class ReasonMissing(DomainError):
    """Those who wrote it must learn why it does not work."""

    message = lazy_gettext("Please say why it is not feasible.")
    field = "reason"


class AmountNotPositive(DomainError):
    """Costs are not below zero."""

    message = lazy_gettext("Costs cannot be less than zero.")
    field = "cost"


class NotAContact(DomainError):
    """Contact persons are staff of this district, or residents who offered it."""

    message = lazy_gettext("This person cannot be the contact person of this proposal.")
    field = "contact"


class SameContact(DomainError):
    """A substitute is somebody else."""

    message = lazy_gettext("The substitute must be another person.")
    field = "substitute"


class TooMuchPledged(DomainError):
    """A single pledge is not larger than what is wanted."""

    message = lazy_gettext("This is more than what is needed.")
    field = "quantity"


class NotPledgeable(Conflict):
    """It was declined, is done, or goes on no more."""

    message = lazy_gettext("Nothing is needed for this proposal any more.")


class StillSomethingMissing(Conflict):
    """It can begin when everything on the list was pledged."""

    message = lazy_gettext("Something is still missing. It can begin when everything was pledged.")


class MergeNotPossible(DomainError):
    """Only open proposals of the same town that collect support can be put together."""

    message = lazy_gettext("These two proposals cannot be put together.")
    field = "target"


class MergeAlreadyAsked(DomainError):
    """One question at a time."""

    message = lazy_gettext("The authors are being asked about this proposal already.")
    field = "target"


class NobodyToAsk(DomainError):
    """A proposal without an author (from a list of the town) can be put elsewhere by moderators only."""

    message = lazy_gettext("This proposal has no author who could agree. A moderator can do it.")
    field = "target"


class MergeOver(Conflict):
    """It was decided, taken back or undone meanwhile."""

    message = lazy_gettext("This question is already answered.")


class OfferOver(Conflict):
    """Somebody answered it before."""

    message = lazy_gettext("This offer is already answered.")


class NotAnOutcome(Conflict):
    """Steps and news belong to what was accepted."""

    message = lazy_gettext("Only an accepted proposal has steps and news.")


class MilestoneWithoutTitle(DomainError):
    """A step says what is done."""

    message = lazy_gettext("Please say what this step is.")
    field = "title"


class TooManyMilestones(DomainError):
    """Nobody reads more."""

    message = lazy_gettext("There are enough steps already. Please put some together.")
    field = "title"


class NewsWithoutText(DomainError):
    """A photo alone says nothing to somebody who does not see it."""

    message = lazy_gettext("Please say in words what is new.")
    field = "text"


class NotOpenForProposals(Conflict):
    """The process it is for takes no proposals at this moment; the message says since when or from when."""


class OtherDistrict(DomainError):
    """The process is for other districts than the one this proposal names."""

    message = lazy_gettext(
        "This is only for certain districts. Please choose one of them, or propose it without the process."
    )
    field = "district"


class GroupCannot(Conflict):
    """The group rests, or the proposal is not at that point."""

    message = lazy_gettext("This group cannot stand there at the moment.")


class TooManyGroups(Conflict):
    """A proposal with ten groups has none."""

    message = lazy_gettext("At most five groups can stand behind one proposal.")


class NothingSuggested(DomainError):
    """A suggestion that says what stands there already."""

    field = "what"
    message = lazy_gettext("You have not changed anything yet.")


class TextMoved(Conflict):
    """The author compared with words that are not there any more."""

    message = lazy_gettext("The text has changed meanwhile. Please compare again.")
