"""Moderators move proposals on; authors begin when nothing is missing any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.proposals.errors import AnswerNeeded, ProposalClosed, StillSomethingMissing
from portal.proposals.models import TRANSITIONS, Proposal, Stage
from portal.proposals.operations.moving import change_stage, record_move
from portal.proposals.operations.supporting import start_answer_clock
from portal.proposals.queries.pledges import is_complete

ANSWERED_STAGES = (Stage.ACCEPTED, Stage.DECLINED)


def lock(*proposals: Proposal) -> None:
    """Nobody else decides about these at the same moment: rows are locked and read again, lower ids first."""
    for proposal in sorted(proposals, key=lambda one: one.id):
        session.execute(select(Proposal.id).where(Proposal.id == proposal.id).with_for_update())
        session.refresh(proposal)


def move_stage(proposal: Proposal, target: Stage, *, actor: Actor) -> bool:
    """A moderator moves it on; False when it stands there already (a double click).

    Raises AnswerNeeded for accepted and declined: those are said by publishing an answer. Back in
    "collecting" with enough support the answer clock starts at once; "examined" always has a date.
    """
    ensure(actor, "proposals.change_stage", proposal)
    lock(proposal)
    if proposal.stage is target:
        return False
    if target in ANSWERED_STAGES:
        raise AnswerNeeded
    change_stage(proposal, target, actor=actor)
    if target is Stage.COLLECTING:
        start_answer_clock(proposal)
    if target is Stage.EXAMINED:
        _promise_an_answer(proposal)
    return True


def _promise_an_answer(proposal: Proposal) -> None:
    """A date that was promised stays; an answer that is reconsidered gets a new one."""
    if proposal.answer_due_on is None or proposal.answered_at is not None:
        proposal.answer_due_on = clock.today() + timedelta(days=site("proposals.answer_days"))
        proposal.answered_at = proposal.escalated_at = None


def begin_without_vote(proposal: Proposal, *, actor: Actor) -> bool:
    """Everything was pledged, so it is under way, said by an author or a moderator; False for a double click.

    Raises StillSomethingMissing, ProposalClosed.
    """
    ensure(actor, "proposals.begin", proposal)
    lock(proposal)
    if proposal.stage is Stage.UNDER_WAY:
        return False
    if not can_begin(proposal):
        raise ProposalClosed
    if not is_complete(proposal):
        raise StillSomethingMissing
    record_move(proposal, Stage.UNDER_WAY, actor=actor)
    return True


def can_begin(proposal: Proposal) -> bool:
    """Whether "under way" can follow from where it stands."""
    if proposal.stage is Stage.DONE:
        return False
    return proposal.is_open and (proposal.stage, Stage.UNDER_WAY) in TRANSITIONS
