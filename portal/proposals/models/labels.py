"""How the words of this package are called in the interface; pages, feeds and exports read the same."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.proposals.models.outcomes import MilestoneState
from portal.proposals.models.types import Decision, NeedKind, Stage, Topic, Verdict, WithdrawnReason


@dataclass(frozen=True)
class StageLook:
    """A stage in words: label, icon, tone, what comes next and who does it."""

    label: LazyString
    icon: str
    tone: str
    next: LazyString | str
    who: LazyString | str


STAGE_LOOKS: dict[Stage, StageLook] = {
    Stage.SUBMITTED: StageLook(
        _pl("stage", "New"), "bulb", "info", _l("A moderator looks at it."), _l("Moderation")
    ),
    Stage.CHECKING: StageLook(
        _pl("stage", "Being checked"),
        "eye",
        "wait",
        _l("After the check it collects support."),
        _l("Moderation"),
    ),
    Stage.COLLECTING: StageLook(
        _pl("stage", "Collecting support"),
        "heart",
        "info",
        _l("With enough supporters the town must answer."),
        _l("Everyone in the neighbourhood"),
    ),
    Stage.EXAMINED: StageLook(
        _pl("stage", "Being examined"), "search", "wait", _l("The town answers in public."), _l("The town")
    ),
    Stage.IN_ROUND: StageLook(
        _pl("stage", "In a vote"),
        "list",
        "info",
        _l("The result of the vote decides."),
        _l("Everyone who can vote"),
    ),
    Stage.ACCEPTED: StageLook(
        _pl("stage", "Accepted"), "check", "good", _l("The work is prepared."), _l("The town")
    ),
    Stage.DECLINED: StageLook(_pl("stage", "Declined"), "close", "bad", "", ""),
    Stage.UNDER_WAY: StageLook(
        _pl("stage", "Under way"),
        "wrench",
        "wait",
        _l("It is being made real."),
        _l("Those who carry it out"),
    ),
    Stage.DONE: StageLook(_pl("stage", "Done"), "star", "good", "", ""),
}

# The road most proposals take, for the drawing of the steps.
MAIN_ROAD = (Stage.COLLECTING, Stage.EXAMINED, Stage.ACCEPTED, Stage.UNDER_WAY, Stage.DONE)


@dataclass(frozen=True)
class TopicLook:
    """A topic in words, with the icon and hue of its tile."""

    label: LazyString
    icon: str
    hue: int


TOPIC_LOOKS: dict[Topic, TopicLook] = {
    Topic.STREETS: TopicLook(_pl("topic", "Streets and ways"), "bike", 0),
    Topic.GREEN: TopicLook(_pl("topic", "Green and nature"), "tree", 3),
    Topic.PLAY: TopicLook(_pl("topic", "Play and sport"), "play", 1),
    Topic.MEETING: TopicLook(_pl("topic", "Meeting places"), "bench", 2),
    Topic.CULTURE: TopicLook(_pl("topic", "Culture and feasts"), "stage", 4),
    Topic.LEARNING: TopicLook(_pl("topic", "Learning and school"), "book", 0),
    Topic.HEALTH: TopicLook(_pl("topic", "Health and help"), "heart", 4),
    Topic.SAFETY: TopicLook(_pl("topic", "Safety"), "shield", 2),
    Topic.HOUSING: TopicLook(_pl("topic", "Housing"), "house", 1),
    Topic.OTHER: TopicLook(_pl("topic", "Something else"), "bulb", 0),
}

NEED_LABELS: dict[NeedKind, LazyString] = {
    NeedKind.HANDS: _pl("need", "Helping hands"),
    NeedKind.SKILLS: _pl("need", "Skills"),
    NeedKind.ROOMS: _pl("need", "A room or a place"),
    NeedKind.TOOLS: _pl("need", "Tools and material"),
    NeedKind.MONEY: _pl("need", "Money"),
}

WITHDRAWN_LABELS: dict[WithdrawnReason, LazyString] = {
    WithdrawnReason.DUPLICATE: _l("There is another proposal for the same thing"),
    WithdrawnReason.STARTED: _l("It has started already"),
    WithdrawnReason.NO_LONGER_WANTED: _l("I do not want it any more"),
    WithdrawnReason.OTHER: _l("Another reason"),
}

# label, icon, tone
VERDICT_LABELS: dict[Verdict, tuple[LazyString, str, str]] = {
    Verdict.FEASIBLE: (_pl("verdict", "Feasible"), "check", "good"),
    Verdict.NEEDS_CHANGE: (_pl("verdict", "Feasible with changes"), "edit", "wait"),
    Verdict.NOT_FEASIBLE: (_pl("verdict", "Not feasible"), "close", "bad"),
}

DECISION_LABELS: dict[Decision, tuple[LazyString, str, str]] = {
    Decision.ACCEPTED: (_pl("decision", "Accepted"), "check", "good"),
    Decision.DECLINED: (_pl("decision", "Declined"), "close", "bad"),
}

MILESTONE_LABELS: dict[MilestoneState, tuple[LazyString, str, str]] = {
    MilestoneState.PLANNED: (_pl("step", "Planned"), "calendar", ""),
    MilestoneState.RUNNING: (_pl("step", "Being done"), "wrench", "wait"),
    MilestoneState.DONE: (_pl("step", "Done"), "check", "good"),
    MilestoneState.DROPPED: (_pl("step", "Will not come"), "close", "bad"),
}
