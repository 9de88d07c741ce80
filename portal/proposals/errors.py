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
