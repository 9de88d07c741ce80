"""What happens to proposals, for packages above and for this package's own subscribers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProposalPublished:
    """A draft became public."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalEdited:
    """The public text changed; `version` is its new number."""

    proposal_id: int
    version: int
    is_substance: bool
    editor_id: int | None


@dataclass(frozen=True)
class SupportersAsked:
    """A change of substance: these supporters are asked once whether they are still with it."""

    proposal_id: int
    version: int
    account_ids: tuple[int, ...]


@dataclass(frozen=True)
class ProposalWithdrawn:
    """Its author took it back; it stays readable."""

    proposal_id: int
    reason: str


@dataclass(frozen=True)
class ProposalSupported:
    """Somebody is with it; `support_count` is the number afterwards."""

    proposal_id: int
    account_id: int
    support_count: int


@dataclass(frozen=True)
class SupportRevoked:
    """Somebody is not with it any more."""

    proposal_id: int
    account_id: int
    support_count: int


@dataclass(frozen=True)
class ThresholdReached:
    """Enough support: the office must answer by a date."""

    proposal_id: int


@dataclass(frozen=True)
class StageChanged:
    """It moved on."""

    proposal_id: int
    source: str
    target: str


@dataclass(frozen=True)
class CoAuthorJoined:
    """Somebody accepted the invitation to write together."""

    proposal_id: int
    account_id: int


@dataclass(frozen=True)
class ProposalLeftLists:
    """It is not public any more, or not in lists: withdrawn, hidden, merged, expired or erased."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalBackInLists:
    """It is public (again) and stands in lists; search and feeds take it up."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalAnswered:
    """The town said yes or no; `version` is the answer's number. Changing only the wording is no event."""

    proposal_id: int
    answer_id: int
    version: int
    decision: str
    actor_id: int | None


@dataclass(frozen=True)
class ProposalAssessed:
    """A professional's assessment became public."""

    proposal_id: int
    assessment_id: int
    verdict: str
    actor_id: int | None


@dataclass(frozen=True)
class ContactSet:
    """The contact person or the substitute changed; `account_ids` are the new ones."""

    proposal_id: int
    account_ids: tuple[int, ...]
    actor_id: int | None


@dataclass(frozen=True)
class NeedsComplete:
    """Everything on the list of what is missing was pledged."""

    proposal_id: int
    pledge_id: int


@dataclass(frozen=True)
class NeedDropped:
    """The authors took something off the list that these people had pledged for."""

    proposal_id: int
    account_ids: tuple[int, ...]


@dataclass(frozen=True)
class MergeAsked:
    """These authors are asked whether proposals may be put together, or taken apart again."""

    merge_id: int
    merge_public_id: str
    target_id: int
    account_ids: tuple[int, ...]
    is_split: bool


@dataclass(frozen=True)
class ProposalsMerged:
    """Sources went into the target; `asked_ids` support a source and not yet the target."""

    merge_id: int
    target_id: int
    source_ids: tuple[int, ...]
    asked_ids: tuple[int, ...]


@dataclass(frozen=True)
class MergeUndone:
    """The sources stand for themselves again."""

    merge_id: int
    target_id: int
    source_ids: tuple[int, ...]


@dataclass(frozen=True)
class TranslationOffered:
    """Somebody offers a text in another language; an author or a moderator looks at it."""

    proposal_id: int
    offer_id: int
    account_id: int | None = None


@dataclass(frozen=True)
class ProposalExpired:
    """The time to collect support is over."""

    proposal_id: int


@dataclass(frozen=True)
class AnswerOverdue:
    """The day has passed without an answer."""

    proposal_id: int
    days: int


@dataclass(frozen=True)
class AnswerDueSoon:
    """The answer is due in a few days."""

    proposal_id: int
    days: int


@dataclass(frozen=True)
class ContactOffered:
    """A resident would be the contact person of a proposal."""

    proposal_id: int
    account_id: int


@dataclass(frozen=True)
class OutcomeMoved:
    """There is news about an accepted proposal: a step changed, or somebody told how it goes."""

    proposal_id: int
    actor_id: int | None


@dataclass(frozen=True)
class GroupAskedAboutProposal:
    """An author asks a group whether it wants to be named as author."""

    proposal_id: int
    group_id: int


@dataclass(frozen=True)
class GroupOffersToCarry:
    """A group offers to carry out what was accepted; those who answer for the proposal agree or not."""

    proposal_id: int
    actor_id: int | None


@dataclass(frozen=True)
class ChangeSuggested:
    """Somebody suggests another wording to the authors."""

    proposal_id: int
    account_id: int | None


@dataclass(frozen=True)
class ChangeAccepted:
    """An author took the wording over; whoever suggested it is a co-author now."""

    proposal_id: int
    account_id: int
