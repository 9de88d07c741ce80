"""Moving from stage to stage: one door, with the right, the public history and the event."""

from __future__ import annotations

from portal.core import audit
from portal.core.actors import Actor
from portal.core.events import emit
from portal.proposals.errors import ProposalClosed
from portal.proposals.events import StageChanged
from portal.proposals.models import Proposal, Stage
from portal.proposals.permissions import STAGES


def change_stage(proposal: Proposal, target: Stage, *, actor: Actor) -> None:
    """Move a proposal on. Raises TransitionNotAllowed for a step that does not exist, NotFound for an actor
    who may not, ProposalClosed when it was withdrawn, merged, hidden or has expired."""
    STAGES.check(actor, proposal, proposal.stage, target)
    if not proposal.is_open:
        raise ProposalClosed
    record_move(proposal, target, actor=actor)


def record_move(proposal: Proposal, target: Stage, *, actor: Actor) -> None:
    """Set the stage with its public row and event. The caller has asked whether it may be."""
    source, proposal.stage = proposal.stage, target
    audit.record(
        "proposals.stage_changed",
        actor=actor,
        subject=("proposal", proposal.id),
        source=source.value,
        target=target.value,
    )
    emit(StageChanged(proposal.id, source.value, target.value))
