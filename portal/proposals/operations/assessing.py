"""What a professional thinks of a proposal: kept as a draft, published, replaced by a newer one."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core import audit, clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text, render_markdown
from portal.proposals.errors import AmountNotPositive, ChangedMeanwhile, ProposalClosed, ReasonMissing
from portal.proposals.events import ProposalAssessed
from portal.proposals.models import TEXT_LENGTH, Assessment, Proposal, Verdict
from portal.proposals.operations.staging import lock
from portal.proposals.queries.answers import current_assessment, draft_assessment

WHO_LENGTH = 200


@dataclass(frozen=True)
class Judgement:
    """An assessment in words and numbers; money in cents, running costs per year."""

    verdict: Verdict
    reason: str
    language: str
    cost_cents: int | None = None
    running_cost_cents: int | None = None
    who_would_do_it: str = ""
    seen: str = ""


def mark_of(draft: Assessment | None) -> str:
    """A mark that changes with every save of the draft."""
    return "" if draft is None else f"{draft.id}-{draft.created_at.timestamp():.6f}"


def prepare_assessment(proposal: Proposal, judgement: Judgement, *, actor: Actor) -> Assessment:
    """Keep an assessment for later; only professionals of the district see it.

    Raises ReasonMissing for "not feasible" without a reason, AmountNotPositive, ChangedMeanwhile when a
    colleague saved in between, ProposalClosed.
    """
    ensure(actor, "proposals.assess", proposal)
    assert actor.account_id is not None
    reason = clean_text(judgement.reason)[:TEXT_LENGTH]
    if judgement.verdict is Verdict.NOT_FEASIBLE and not reason:
        raise ReasonMissing
    for field, cents in (("cost", judgement.cost_cents), ("running_cost", judgement.running_cost_cents)):
        if cents is not None and cents < 0:
            raise AmountNotPositive(field=field)
    if not proposal.is_open:
        raise ProposalClosed
    draft = draft_assessment(proposal)
    if mark_of(draft) != judgement.seen:
        raise ChangedMeanwhile
    if draft is None:
        draft = Assessment(proposal_id=proposal.id)
        session.add(draft)
    draft.assessor_id, draft.organization_id = actor.account_id, _organization_of(actor, proposal)
    draft.verdict, draft.language, draft.created_at = judgement.verdict, judgement.language, clock.now()
    draft.reason_md, draft.reason_html = reason, render_markdown(reason)
    draft.cost_cents, draft.running_cost_cents = judgement.cost_cents, judgement.running_cost_cents
    draft.who_would_do_it = clean_line(judgement.who_would_do_it)[:WHO_LENGTH]
    session.flush()
    audit.record("proposals.assessment_prepared", actor=actor, subject=("proposal", proposal.id))
    return draft


def _organization_of(actor: Actor, proposal: Proposal) -> int | None:
    grants = [one for one in actor.roles if one.role is StaffRole.PROFESSIONAL]
    here = [one for one in grants if one.district_id in {None, proposal.district_id}]
    return next((one.organization_id for one in here if one.organization_id is not None), None)


def publish_assessment(proposal: Proposal, *, actor: Actor) -> bool:
    """Make the prepared assessment public; the former one stays in the history. False for a double click."""
    ensure(actor, "proposals.assess", proposal)
    lock(proposal)
    draft = draft_assessment(proposal)
    if draft is None:
        return False
    if not proposal.is_open:
        raise ProposalClosed
    now = clock.now()
    former = current_assessment(proposal)
    if former is not None:
        former.replaced_at = now
        # The index allows one current row at any moment: the former goes first.
        session.flush()
    draft.published_at = proposal.last_activity_at = now
    proposal.assessment_count += 1
    draft.assessor_id = actor.account_id or draft.assessor_id
    session.flush()
    audit.record(
        "proposals.assessed", actor=actor, subject=("proposal", proposal.id), verdict=draft.verdict.value
    )
    emit(ProposalAssessed(proposal.id, draft.id, draft.verdict.value, actor.account_id))
    return True


def discard_assessment(proposal: Proposal, *, actor: Actor) -> bool:
    """Throw the prepared assessment away; False when there is none."""
    ensure(actor, "proposals.assess", proposal)
    draft = draft_assessment(proposal)
    if draft is None:
        return False
    session.delete(draft)
    session.flush()
    return True
