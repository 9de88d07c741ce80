"""The words a proposal's columns may hold."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a published proposal stands. Draft, withdrawn, hidden, merged, expired are other axes."""

    SUBMITTED = "submitted"
    CHECKING = "checking"
    COLLECTING = "collecting"
    EXAMINED = "examined"
    IN_ROUND = "in_round"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNDER_WAY = "under_way"
    DONE = "done"


# (from, to) -> permission. Publishing enters at SUBMITTED, or at COLLECTING in towns that check afterwards.
TRANSITIONS: dict[tuple[StrEnum, StrEnum], str] = {
    (Stage.SUBMITTED, Stage.CHECKING): "proposals.change_stage",
    (Stage.SUBMITTED, Stage.COLLECTING): "proposals.change_stage",
    (Stage.CHECKING, Stage.COLLECTING): "proposals.change_stage",
    (Stage.CHECKING, Stage.DECLINED): "proposals.publish_answer",
    (Stage.COLLECTING, Stage.CHECKING): "proposals.change_stage",
    (Stage.COLLECTING, Stage.EXAMINED): "proposals.change_stage",
    (Stage.COLLECTING, Stage.ACCEPTED): "proposals.publish_answer",
    (Stage.COLLECTING, Stage.DECLINED): "proposals.publish_answer",
    # Complete without any vote: everything that was missing has been pledged.
    (Stage.COLLECTING, Stage.UNDER_WAY): "proposals.change_stage",
    (Stage.EXAMINED, Stage.COLLECTING): "proposals.change_stage",
    (Stage.EXAMINED, Stage.IN_ROUND): "proposals.change_stage",
    (Stage.EXAMINED, Stage.ACCEPTED): "proposals.publish_answer",
    (Stage.EXAMINED, Stage.DECLINED): "proposals.publish_answer",
    (Stage.EXAMINED, Stage.UNDER_WAY): "proposals.change_stage",
    (Stage.IN_ROUND, Stage.ACCEPTED): "proposals.publish_answer",
    (Stage.IN_ROUND, Stage.DECLINED): "proposals.publish_answer",
    (Stage.IN_ROUND, Stage.EXAMINED): "proposals.change_stage",
    (Stage.ACCEPTED, Stage.UNDER_WAY): "proposals.change_stage",
    (Stage.ACCEPTED, Stage.DECLINED): "proposals.publish_answer",
    (Stage.DECLINED, Stage.ACCEPTED): "proposals.publish_answer",
    (Stage.DECLINED, Stage.EXAMINED): "proposals.change_stage",
    (Stage.UNDER_WAY, Stage.DONE): "proposals.change_stage",
    (Stage.DONE, Stage.UNDER_WAY): "proposals.change_stage",
}

# While the town has not decided, neighbours can say "I am with it".
SUPPORTABLE = frozenset({Stage.SUBMITTED, Stage.CHECKING, Stage.COLLECTING, Stage.EXAMINED})
# Texts stay as they were decided upon; a round locks them, a decision closes them.
EDITABLE = SUPPORTABLE
# The town has still to say yes or no.
BEFORE_DECISION = SUPPORTABLE | {Stage.IN_ROUND}
# What the town can answer; a new proposal is looked at first.
ANSWERABLE = frozenset(Stage) - {Stage.SUBMITTED}
# Help is welcome until it is declined or done.
PLEDGEABLE = frozenset(Stage) - {Stage.DECLINED, Stage.DONE}


class Topic(StrEnum):
    """What a proposal is about; one word is enough to find it again."""

    STREETS = "streets"
    GREEN = "green"
    PLAY = "play"
    MEETING = "meeting"
    CULTURE = "culture"
    LEARNING = "learning"
    HEALTH = "health"
    SAFETY = "safety"
    HOUSING = "housing"
    OTHER = "other"


class WithdrawnReason(StrEnum):
    """Why an author took a proposal back."""

    DUPLICATE = "duplicate"
    STARTED = "started"
    NO_LONGER_WANTED = "no_longer_wanted"
    OTHER = "other"


class NeedKind(StrEnum):
    """What can be missing."""

    HANDS = "hands"
    SKILLS = "skills"
    ROOMS = "rooms"
    TOOLS = "tools"
    MONEY = "money"


class SimilarOutcome(StrEnum):
    """What the author did about a similar proposal."""

    SHOWN = "shown"
    IGNORED = "ignored"
    SUPPORTED = "supported"
    FOLLOWED = "followed"


class Verdict(StrEnum):
    """A professional's assessment."""

    FEASIBLE = "feasible"
    NOT_FEASIBLE = "not_feasible"
    NEEDS_CHANGE = "needs_change"


class Decision(StrEnum):
    """What the town answers."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class ConsentState(StrEnum):
    """What somebody says who was asked."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


TITLE_LENGTH = 120
TEXT_LENGTH = 5_000
SHORT_TEXT_LENGTH = 1_000
PLACE_LENGTH = 120
NEED_LENGTH = 120
IMPORT_NAME_LENGTH = 80
