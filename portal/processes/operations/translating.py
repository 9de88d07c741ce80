"""The words of a process and its phases in another language, written by staff."""

from __future__ import annotations

from collections.abc import Mapping

from portal.content.operations import save_text_version
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.subjects import SubjectRef
from portal.processes.errors import ProcessArchived
from portal.processes.events import ProcessEdited
from portal.processes.models import Process
from portal.processes.queries import phases_of, source_of, source_of_phase


def save_texts(
    process: Process,
    language: str,
    words: Mapping[str, str],
    phase_words: Mapping[str, Mapping[str, str]],
    *,
    actor: Actor,
) -> None:
    """Write the process, and each phase that has words of its own, in one language.

    phase_words: public id of a phase -> its title and text. Raises what `save_text_version` raises; the
    field of an error in a phase is "<public id>-<field>".
    """
    ensure(actor, "processes.edit", process)
    if process.is_archived:
        raise ProcessArchived
    source = source_of(process)
    save_text_version(
        actor,
        SubjectRef("process", process.id),
        language,
        words,
        source=source,
        source_language=process.language,
    )
    for phase in phases_of([process.id])[process.id]:
        original = source_of_phase(phase)
        if any(original.values()):
            save_text_version(
                actor,
                SubjectRef("process_phase", phase.id),
                language,
                phase_words.get(phase.public_id, {}),
                source=original,
                source_language=process.language,
            )
    session.flush()
    emit(ProcessEdited(process.id))
