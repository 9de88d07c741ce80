"""Phases: added, moved, taken away. Of a public process every change of dates is public, too."""

from __future__ import annotations

from portal.content.operations import drop_text_versions, source_changed
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.subjects import SubjectRef
from portal.processes.errors import ProcessArchived, TooManyPhases
from portal.processes.events import PhasesChanged
from portal.processes.models import MOST_PHASES, Phase, Process
from portal.processes.operations.facts import PhaseFacts, write_phase
from portal.processes.queries import phases_of, source_of_phase


def add_phase(process: Process, facts: PhaseFacts, *, actor: Actor) -> Phase:
    """One more phase. Overlaps and gaps are no mistake: `queries.overlaps_of` and `gaps_of` show them.

    Raises EndsBeforeItStarts, ClocksChange, TooManyPhases or ProcessArchived.
    """
    _ensure_open(process, actor)
    if len(phases_of([process.id])[process.id]) >= MOST_PHASES:
        raise TooManyPhases
    phase = Phase(process_id=process.id)
    write_phase(phase, facts)
    session.add(phase)
    stretch(process)
    _note(process, "processes.phase_added", actor, kind=phase.kind.value, **_dates(phase))
    return phase


def change_phase(process: Process, phase: Phase, facts: PhaseFacts, *, actor: Actor) -> None:
    """Other dates or words. Raises EndsBeforeItStarts, ClocksChange or ProcessArchived."""
    _ensure_open(process, actor)
    was = _dates(phase)
    write_phase(phase, facts)
    stretch(process)
    source_changed(SubjectRef("process_phase", phase.id), source_of_phase(phase))
    if _dates(phase) != was:
        span = [was["starts_at"], was["ends_at"]]
        _note(process, "processes.phase_moved", actor, kind=phase.kind.value, was=span, **_dates(phase))


def remove_phase(process: Process, phase: Phase, *, actor: Actor) -> None:
    """Take a phase away with its texts."""
    _ensure_open(process, actor)
    gone, kind = _dates(phase), phase.kind.value
    drop_text_versions(SubjectRef("process_phase", phase.id))
    session.delete(phase)
    stretch(process)
    _note(process, "processes.phase_removed", actor, kind=kind, **gone)


def stretch(process: Process) -> None:
    """Keep first beginning and last end of a process in step with its phases."""
    session.flush()
    phases = phases_of([process.id])[process.id]
    process.starts_at = min((one.starts_at for one in phases), default=None)
    process.ends_at = max((one.ends_at for one in phases), default=None)
    process.edited_at = clock.now()
    session.flush()
    session.expire(process, ["phases"])


def _ensure_open(process: Process, actor: Actor) -> None:
    ensure(actor, "processes.edit", process)
    if process.is_archived:
        raise ProcessArchived


def _dates(phase: Phase) -> dict[str, str]:
    return {"starts_at": phase.starts_at.isoformat(), "ends_at": phase.ends_at.isoformat()}


def _note(process: Process, name: str, actor: Actor, **data: object) -> None:
    if process.is_draft:
        return
    audit.record(name, actor=actor, subject=("process", process.id), **data)
    emit(PhasesChanged(process.id))
