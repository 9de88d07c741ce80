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
