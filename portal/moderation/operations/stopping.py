"""Stopping something people share, such as a group: one moderator proposes it, another agrees or not."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.subjects import SubjectRef
from portal.moderation.errors import (
    MeasureDoesNotFit,
    NobodyToAgree,
    NothingProposed,
    StopNeedsDanger,
    StopTooLong,
)
from portal.moderation.models import (
    MOST_DAYS_STOPPED,
    Appeal,
    Case,
    Decision,
    Ground,
    Measure,
    Report,
    Source,
    StopProposal,
)
from portal.moderation.operations.casework import ask_second_person, check_free, claim_case
from portal.moderation.operations.deciding import (
    Ruling,
    answer_reports,
    facts_of,
    ground_of,
    passage_of,
    write_decision,
)
from portal.moderation.operations.fitting import fitting_measures, subject_of
from portal.moderation.permissions import open_proposal
from portal.moderation.settings import RULES_THAT_STOP
from portal.notifications.operations import forget_about


def propose_stop(case: Case, *, actor: Actor, ruling: Ruling) -> StopProposal:
    """Propose to stop the whole that the case's thing belongs to. Nothing happens before another agrees.

    Raises StopNeedsDanger, StopTooLong, StatementIncomplete, PassageNotFound, MeasureDoesNotFit,
    NobodyToAgree, CaseClosed, ClaimedByOther; NotFound for parties and members.
    """
    ensure(actor, "moderation.decide", case)
    check_free(case, actor)
    subject = subject_of(case)
    if ruling.measure is not Measure.STOP or ruling.measure not in fitting_measures(case, subject, actor):
        raise MeasureDoesNotFit
    if open_proposal(case) is not None:
        raise MeasureDoesNotFit
    if ruling.ground_kind is not Ground.LAW and ruling.rule not in RULES_THAT_STOP:
        raise StopNeedsDanger
    if not ruling.days or not 1 <= ruling.days <= MOST_DAYS_STOPPED:
        raise StopTooLong
    proposal = StopProposal(
        case_id=case.id,
        proposed_by=actor.account_id,
        ground_kind=ruling.ground_kind,
        ground=ground_of(ruling)[0],
        passage=passage_of(ruling, case, subject),
        facts=facts_of(ruling, case),
        days=ruling.days,
    )
    claim_case(case, actor=actor)
    if not ask_second_person(case, actor=actor):
        raise NobodyToAgree
    session.add(proposal)
    session.flush()
    audit.record("moderation.stop_proposed", actor=actor, subject=("case", case.id))
    return proposal


def ruling_of(proposal: StopProposal) -> Ruling:
    """What was proposed, as a ruling."""
    is_law = proposal.ground_kind == Ground.LAW
    return Ruling(
        measure=Measure.STOP,
        ground_kind=Ground(proposal.ground_kind),
        rule=None if is_law else int(proposal.ground),
        law=proposal.ground if is_law else "",
        passage=proposal.passage,
        facts=proposal.facts,
        days=proposal.days,
    )


def agree_to_stop(case: Case, *, actor: Actor) -> Decision:
    """The second moderator agrees: it stands still from now on, the people are told, the case is closed.

    Raises NothingProposed, MeasureDoesNotFit when it cannot be stopped any more; NotFound for the proposer.
    """
    proposal = _answerable(case, actor)
    subject = subject_of(case)
    if Measure.STOP not in fitting_measures(case, subject, actor):
        raise MeasureDoesNotFit
    source = Source.NOTICE if case.reports else Source.OWN
    decision = write_decision(case, subject, actor=actor, ruling=ruling_of(proposal), source=source)
    _answer(proposal, actor, decision)
    case.closed_at = clock.now()
    answer_reports(case, decision)
    return decision


def refuse_stop(case: Case, *, actor: Actor) -> None:
    """The second moderator does not agree: nothing was stopped; they decide the case otherwise."""
    _answer(_answerable(case, actor), actor, None)
    audit.record("moderation.stop_refused", actor=actor, subject=("case", case.id))


def _answerable(case: Case, actor: Actor) -> StopProposal:
    session.refresh(case, ["closed_at"], with_for_update=True)
    proposal = open_proposal(case)
    if proposal is None or not case.is_open:
        raise NothingProposed
    ensure(actor, "moderation.answer_stop", case)
    claim_case(case, actor=actor)
    return proposal


def _answer(proposal: StopProposal, actor: Actor, decision: Decision | None) -> None:
    proposal.answered_by, proposal.answered_at = actor.account_id, clock.now()
    proposal.decision_id = decision.id if decision is not None else None
    session.flush()


def forget_thing(ref: SubjectRef) -> None:
    """Nobody outside may know of the thing any more: copies of its words go, and open cases about it end.

    Decisions stay, as they must; they name neither the thing nor its people. Objections go, since they name
    who belongs to it. Reporters learn that it can no longer be seen.
    """
    cases = select(Case).where(Case.subject_kind == ref.kind, Case.subject_id == ref.id)
    for case in session.scalars(cases).all():
        case.title = case.excerpt = ""
        case.closed_at = case.closed_at or clock.now()
        reports = update(Report).where(Report.case_id == case.id)
        session.execute(reports.values(excerpt="", reporter_id=None, counts=False))
        session.execute(reports.where(Report.answered_at.is_(None)).values(answered_at=clock.now()))
        session.execute(
            delete(StopProposal).where(StopProposal.case_id == case.id, StopProposal.answered_at.is_(None))
        )
        forget_about(SubjectRef("case", case.id))
    decisions = select(Decision.id).where(Decision.subject_kind == ref.kind, Decision.subject_id == ref.id)
    for decision_id in session.scalars(decisions).all():
        forget_about(SubjectRef("decision", decision_id))
        session.execute(delete(Appeal).where(Appeal.decision_id == decision_id))


def rename_cases(kind: str, ids: Collection[int], title: str) -> None:
    """What stands above cases about these things from now on: their old title said too much."""
    for case in session.scalars(select(Case).where(Case.subject_kind == kind, Case.subject_id.in_(ids))):
        case.title = title
