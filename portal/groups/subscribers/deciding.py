"""What members are told while something is decided, besides its beginning and its end."""

from __future__ import annotations

from portal.core.db import session
from portal.core.events import subscribe
from portal.groups.events import (
    AnswersMissing,
    CarriedOut,
    DecisionCancelled,
    GroupChangedState,
    ObjectionsStand,
    OutcomeWritten,
    ReviewDue,
    SuggestionsWanted,
)
from portal.groups.models import Group, GroupDecision, GroupState
from portal.groups.operations.deciding.ending import stop_with_the_group
from portal.groups.operations.reaching import tell_members
from portal.groups.queries.decisions import members_missing

KIND = "groups.decision"


def _both(group_id: int, decision_id: int) -> tuple[Group, GroupDecision]:
    return session.get_one(Group, group_id), session.get_one(GroupDecision, decision_id)


@subscribe(SuggestionsWanted)
def suggestions_wanted(event: SuggestionsWanted) -> None:
    """Everybody can add something."""
    group, decision = _both(event.group_id, event.decision_id)
    tell_members(group, KIND, "decision_suggest", once=f"suggest-{decision.id}")


@subscribe(AnswersMissing)
def answers_missing(event: AnswersMissing) -> None:
    """Only those who have not answered, once per round, and once more in the longer time."""
    group, decision = _both(event.group_id, event.decision_id)
    once = f"missing-{decision.id}-{decision.round}" + ("-longer" if decision.extended else "")
    tell_members(group, KIND, "decision_missing", to=members_missing(decision), once=once)


@subscribe(ObjectionsStand)
def objections_stand(event: ObjectionsStand) -> None:
    """Whoever leads it writes the next text."""
    group, decision = _both(event.group_id, event.decision_id)
    if decision.facilitator_id is not None:
        once = f"objection-{decision.id}-{decision.round}"
        tell_members(group, KIND, "decision_objection", to=[decision.facilitator_id], once=once)


@subscribe(DecisionCancelled)
def decision_cancelled(event: DecisionCancelled) -> None:
    """Everybody was asked, so everybody learns that it is over."""
    group, decision = _both(event.group_id, event.decision_id)
    if decision.opens_at is not None:
        tell_members(group, KIND, "decision_cancelled", once=f"cancelled-{decision.id}")


@subscribe(OutcomeWritten)
def outcome_written(event: OutcomeWritten) -> None:
    """Who does what by when."""
    group, decision = _both(event.group_id, event.decision_id)
    tell_members(group, KIND, "decision_outcome", once=f"outcome-{decision.id}")


@subscribe(ReviewDue)
def review_due(event: ReviewDue) -> None:
    """The check-in on the day the group chose."""
    group, _decision = _both(event.group_id, event.decision_id)
    tell_members(group, KIND, "decision_review")


@subscribe(CarriedOut)
def carried_out(event: CarriedOut) -> None:
    """What was decided holds from now on."""
    group, decision = _both(event.group_id, event.decision_id)
    tell_members(group, KIND, "decision_in_force", once=f"force-{decision.id}")


@subscribe(GroupChangedState)
def group_ended(event: GroupChangedState) -> None:
    """Nobody can answer any more; the group's end is told to everybody, so this is not."""
    if event.after in (GroupState.ARCHIVED, GroupState.MERGED):
        stop_with_the_group(session.get_one(Group, event.group_id))
