"""From nothing to a draft: out of a template, or as a copy of an earlier process."""

from __future__ import annotations

from datetime import date, timedelta

from portal.content.operations import drop_text_versions, source_changed
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.subjects import SubjectRef
from portal.processes.errors import AlreadyPublished, ProcessArchived
from portal.processes.events import ProcessEdited
from portal.processes.models import Influence, Phase, PhaseKind, Process, ProcessKind, ProcessState
from portal.processes.operations.facts import (
    A_DAY,
    MIDNIGHT,
    PhaseFacts,
    ProcessFacts,
    write_districts,
    write_facts,
    write_phase,
)
from portal.processes.operations.phasing import stretch
from portal.processes.queries import phases_of, source_of

# The phases a process usually has, in days; staff move them as they need.
USUAL_PHASES: dict[ProcessKind, tuple[tuple[PhaseKind, int], ...]] = {
    ProcessKind.BUDGET: (
        (PhaseKind.INFORMATION, 14),
        (PhaseKind.PROPOSALS, 42),
        (PhaseKind.DISCUSSION, 21),
        (PhaseKind.EXAMINATION, 42),
        (PhaseKind.VOTING, 21),
        (PhaseKind.RESULT, 14),
        (PhaseKind.REALISATION, 365),
    ),
    ProcessKind.QUESTION: (
        (PhaseKind.INFORMATION, 7),
        (PhaseKind.DISCUSSION, 21),
        (PhaseKind.VOTING, 14),
        (PhaseKind.RESULT, 30),
    ),
    ProcessKind.SURVEY: ((PhaseKind.INFORMATION, 7), (PhaseKind.VOTING, 21), (PhaseKind.RESULT, 30)),
}
USUAL_INFLUENCE = {
    ProcessKind.BUDGET: Influence.DECISION,
    ProcessKind.QUESTION: Influence.CONSULTATION,
    ProcessKind.SURVEY: Influence.CONSULTATION,
}


def create_process(
    actor: Actor, kind: ProcessKind, *, title: str, starts_on: date, language: str = "de"
) -> Process:
    """A draft with the phases such a process usually has, the first from the given day on.

    Raises TitleMissing or TextTooLong.
    """
    ensure(actor, "processes.create")
    facts = ProcessFacts(kind=kind, title=title, influence=USUAL_INFLUENCE[kind], language=language)
    process = new_process(actor, facts)
    day = starts_on
    for phase_kind, days in USUAL_PHASES[kind]:
        _add(process, PhaseFacts(phase_kind, day, day + timedelta(days=days - 1)))
        day += timedelta(days=days)
    stretch(process)
    audit.record("processes.created", actor=actor, subject=("process", process.id), source="template")
    return process


def copy_process(actor: Actor, source: Process, *, title: str, starts_on: date) -> Process:
    """A draft with the words, facts and phases of another process, moved so that it begins on that day.

    Each phase keeps its length in days and its local times of day; proposals and votes are not copied.
    """
    ensure(actor, "processes.create")
    ensure(actor, "processes.see", source)
    contact = source.contact_account_id
    facts = ProcessFacts(
        kind=source.kind,
        title=title,
        influence=source.influence,
        language=source.language,
        summary=source.summary,
        body=source.body_md,
        level=source.level,
        budget_cents=source.budget_cents,
        contact_account_id=contact,
        organization_id=source.organization_id,
        district_ids=tuple(one.id for one in source.districts),
    )
    process = new_process(actor, facts)
    phases = phases_of([source.id])[source.id]
    shift = starts_on - clock.local(phases[0].starts_at).date() if phases else timedelta()
    for phase in phases:
        _add(process, moved(phase, shift))
    stretch(process)
    audit.record("processes.created", actor=actor, subject=("process", process.id), source=source.public_id)
    return process


def new_process(actor: Actor, facts: ProcessFacts) -> Process:
    """A draft without phases."""
    ensure(actor, "processes.create")
    now = clock.now()
    process = Process(created_at=now, edited_at=now, created_by_id=actor.account_id, state=ProcessState.DRAFT)
    write_facts(process, facts, actor=actor)
    session.add(process)
    session.flush()
    write_districts(process, facts.district_ids)
    return process


def moved(phase: Phase, shift: timedelta) -> PhaseFacts:
    """A phase some days later: local times stay, so a night in which clocks change moves nothing."""
    start, end = clock.local(phase.starts_at), clock.local(phase.ends_at)
    whole_days = end.time() == MIDNIGHT
    return PhaseFacts(
        kind=phase.kind,
        starts_on=start.date() + shift,
        starts_time=start.time(),
        ends_on=end.date() + shift - (A_DAY if whole_days else timedelta()),
        ends_time=None if whole_days else end.time(),
        title=phase.title,
        text=phase.text_md,
    )


def _add(process: Process, facts: PhaseFacts) -> None:
    phase = Phase(process_id=process.id)
    write_phase(phase, facts)
    session.add(phase)


def edit_process(process: Process, facts: ProcessFacts, *, actor: Actor) -> None:
    """Change words and facts; versions in other languages become outdated where the words changed."""
    ensure(actor, "processes.edit", process)
    if process.is_archived:
        raise ProcessArchived
    write_facts(process, facts, actor=actor)
    session.flush()
    write_districts(process, facts.district_ids)
    source_changed(SubjectRef("process", process.id), source_of(process))
    audit.record("processes.edited", actor=actor, subject=("process", process.id))
    emit(ProcessEdited(process.id))


def delete_draft(process: Process, *, actor: Actor) -> None:
    """Throw a draft away. Raises AlreadyPublished for anything that was public once."""
    ensure(actor, "processes.edit", process)
    if not process.is_draft:
        raise AlreadyPublished
    for phase in phases_of([process.id])[process.id]:
        drop_text_versions(SubjectRef("process_phase", phase.id))
    drop_text_versions(SubjectRef("process", process.id))
    audit.record("processes.deleted", actor=actor, subject=("process", process.id))
    session.delete(process)
    session.flush()
