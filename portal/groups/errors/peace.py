"""What is refused when groups settle conflicts, come together or part."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError
from portal.core.i18n import lazy_gettext as _l


class WordsMissing(DomainError):
    """Nobody can answer what was not said."""

    field = "words"
    message = _l("Please write a few words.")


class NobodyByThisName(DomainError):
    """No member of the group goes by this name."""

    field = "alias"
    message = _l("Nobody in this group goes by this name. Please look how it is written.")


class NotWithYourself(DomainError):
    """It takes two."""

    field = "alias"
    message = _l("Please choose somebody else: this is your own name.")


class AskedBefore(Conflict):
    """One open request between two people; after a no the question rests for sixty days."""

    message = _l(
        "You two have an open request already, or the other person said no not long ago. Please wait a while."
    )


class NotNow(Conflict):
    """It stands elsewhere by now."""

    message = _l("This is not possible at this point. Please look at how things stand.")


class TakesASide(DomainError):
    """A mediator belongs to neither side and to no group of theirs."""

    field = "mediator"
    message = _l(
        "This person cannot help here: they belong to the group, accompany it, or take part themselves."
    )


class LinkOver(Conflict):
    """Somebody has answered already, or it was taken back."""

    message = _l("This link has been used, or the request was taken back.")


class TooSmallForReview(Conflict):
    """In a circle of four everybody is a side."""

    message = _l(
        "A group of fewer than five, or with fewer than four people who could vote, cannot do this."
        " A mediator can help, or the group can part."
    )


class ReviewRunning(Conflict):
    """One at a time."""

    message = _l("The group is talking about a membership already. One at a time.")


class NeedsContactRole(Conflict):
    """In a discreet group one of the two holds the contact role."""

    message = _l("One of the two who begin this has to be a contact person of the group.")


class FrozenByReview(Conflict):
    """While a membership is talked about, invitations and roles stay as they are."""

    message = _l(
        "The group is talking about a membership. Until that is over, invitations and roles stay as they are."
    )


class BarredUntil(Conflict):
    """The group decided that somebody pauses."""

    message = _l("The group decided on this pause. It ends by itself on its day.")


class OnlyWithoutSecrets(Conflict):
    """A discreet group shows no relations; it may share a room, and nobody sees that."""

    message = _l("A discreet group can only share a room with others. Nobody sees it.")


class RelationThere(Conflict):
    """The two stand to each other in this way already, or one has asked."""

    message = _l("This has been asked or agreed already.")
