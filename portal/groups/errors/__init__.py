"""What groups refuse, in words people can act on."""

from __future__ import annotations

from portal.core.errors import Conflict, DomainError, NotFound
from portal.core.i18n import lazy_gettext as _l


class NoSuchGroup(NotFound):
    """There is no such group, or this person must not learn that there is."""


# ---- founding


class NameMissing(DomainError):
    """A group needs a name."""

    field = "name"
    message = _l("Please give the group a name.")


class AimMissing(DomainError):
    """Nobody can join what they do not understand."""

    field = "aim"
    message = _l("Please say in one sentence what the group is for.")


class TooLong(DomainError):
    """Longer than its place on a phone."""

    message = _l("This is too long. Please shorten it.")


class TooFewFounders(Conflict):
    """Fewer members have agreed to the charter than the group needs."""

    message = _l("Not enough members have agreed to the charter yet.")


class NoContactWay(Conflict):
    """Nobody could reach the group."""

    message = _l("Please say first how people can reach the group.")


class NoCharter(Conflict):
    """There is nothing to agree to yet."""

    message = _l("Please write down first what you agree on.")


class IdeaMissing(DomainError):
    """Nobody can share a wish that is not said."""

    field = "title"
    message = _l("Please write in a few words what you would like to do with others.")


class TooFewWouldCome(Conflict):
    """Fewer than three people said "me too"."""

    message = _l("Three people who say “me too” open the founding circle. You have to be one of them.")


class CircleExists(Conflict):
    """Somebody opened the founding circle already."""

    message = _l("There is a founding circle already. Please join it.")


class CircleNotOpen(Conflict):
    """Founded meanwhile, or for others."""

    message = _l("This circle is not open to you in this way. Its page says how to join.")


class WrongHat(DomainError):
    """Residents found groups, professionals found networks of professionals."""

    field = "kind"
    message = _l("With this account you can begin a network of professionals only.")


class LetterEmpty(DomainError):
    """Nobody can answer nothing."""

    field = "text"
    message = _l("Please write a sentence.")


# ---- joining and leaving


class AlreadyMember(Conflict):
    """Is in the group, or has asked already."""

    message = _l("You are in this group already, or you have asked already.")


class CannotJoinSo(Conflict):
    """The group takes members in another way."""

    message = _l("This group takes new members in another way. Its page says how.")


class AskedLately(Conflict):
    """After a no the question rests for sixty days."""

    message = _l("You have asked this group not long ago. Please look for another group, or ask again later.")


class CodeNotValid(DomainError):
    """Unknown, used up, ended or revoked: always the same words."""

    field = "code"
    message = _l("This code does not open anything. Please check the three words, or ask for a new code.")


class AliasTaken(DomainError):
    """Two names that look the same in one group."""

    field = "alias"
    message = _l("Somebody in this group has this name, or one that looks like it. Please choose another.")


class AliasMissing(DomainError):
    """Members need a name to speak to each other."""

    field = "alias"
    message = _l("Please choose a name for this group. It need not be your real name.")


class AnswerMissing(DomainError):
    """The group asks its questions for a reason."""

    field = "answers"
    message = _l("Please answer the questions of the group. One sentence is enough.")


class NothingToDecide(Conflict):
    """The request was decided or taken back."""

    message = _l("This request has been decided already.")


# ---- roles


class RoleFull(Conflict):
    """As many people hold the role as may."""

    message = _l("As many people as may hold this role hold it already.")


class NotAMember(Conflict):
    """Only members hold roles and act for the group."""

    message = _l("Only members of the group can do this.")


class NotYetTrusted(Conflict):
    """Only members of some days give trust, and never to themselves or somebody they brought along."""

    message = _l(
        "You can give trust after 14 days in the group, but not to yourself or to somebody you invited."
    )


class RoleNotEmpty(Conflict):
    """A role somebody holds cannot be claimed."""

    message = _l("Somebody holds this role. It can be claimed when it is empty.")


class NeedsTwo(Conflict):
    """Another member has to confirm."""

    message = _l("Somebody else in the group has to confirm this.")


class NotYours(Conflict):
    """Neither holds the role nor assigns roles."""

    message = _l("Whoever holds the role can hand it over, and whoever assigns roles.")


class DecidedTogether(Conflict):
    """This role is given by a decision only."""

    message = _l("Your group decides together who holds this role.")


class NobodyCould(Conflict):
    """The group would lock itself out."""

    message = _l("Then nobody could share out roles any more. Leave that to all members or to a needed role.")


class NoSuchMember(DomainError):
    """Nobody here goes by this name."""

    field = "alias"
    message = _l("Nobody in this group goes by this name. Please type it as the person writes it here.")


class RoleNameMissing(DomainError):
    """A role needs a name."""

    field = "label"
    message = _l("Please give the role a name, with at most 40 letters.")


class CapacityTooSmall(DomainError):
    """Less room than a group needs to exist."""

    field = "capacity"
    message = _l("A group needs room for at least as many people as founded it.")


class NotSilent(Conflict):
    """Two people may end a group that has gone silent; a lively one decides."""

    message = _l("Your group is lively. Please decide together whether it ends.")


class SheetUsed(Conflict):
    """The form of a sheet was sent again, and none of its words opens anything any more."""

    message = _l("The words of this sheet are used up or void. Please make a new sheet.")


class GroupOver(Conflict):
    """It has ended, or moderation has stopped it."""

    message = _l("This group has ended or stands still. You can read everything and take it with you.")


class TooLate(Conflict):
    """The time for it is over."""

    message = _l("The time for this is over. Please start it again.")


class OnlyTighter(Conflict):
    """Loosening privacy needs the consent of all members."""

    message = _l(
        "A group can become more private at any time. To become less private all members have to agree."
    )


# ---- decisions


class QuestionMissing(DomainError):
    """Nobody can answer what is not asked."""

    field = "title"
    message = _l("Please write what is to be decided.")


class OptionsMissing(DomainError):
    """There is nothing to choose from."""

    field = "options"
    message = _l("Please give at least two things to choose from, and at most thirty.")


class TimesWrong(DomainError):
    """Too short for anybody to notice, or too long for anybody to wait."""

    field = "closes_on"
    message = _l("Please choose an end between one hour and sixty days from now.")


class TooFewForSecret(DomainError):
    """Among four people a secret is none."""

    field = "secret"
    message = _l("A secret vote needs at least five people who may take part.")


class DecisionLocked(Conflict):
    """People are answering already, or it is over."""

    message = _l("This can no longer be changed: people have been asked already.")


class NotAnElector(Conflict):
    """Came after the opening, or left."""

    message = _l("You were not in the group when this began. You can take part in the next decision.")


class AnswerWrong(DomainError):
    """Missing, too much, or something that was not asked."""

    message = _l("Something in your answer does not fit. Please look at it again; nothing is lost.")


class ReasonMissing(DomainError):
    """Whoever stops the others says why."""

    field = "reason"
    message = _l("Please write why. One sentence is enough.")


class QuorumTooHigh(DomainError):
    """A decision that could never count."""

    field = "quorum"
    message = _l("So many cannot take part. Please choose a smaller number.")


class VotedAlready(Conflict):
    """A secret vote is final: nobody could find it again to change it."""

    message = _l("You have voted already. A secret vote cannot be changed, because nobody can find it again.")


class OutcomeIncomplete(DomainError):
    """A decision nobody carries out is none."""

    field = "statement"
    message = _l("Please say what will be done and who does it.")
