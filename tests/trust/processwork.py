"""Processes of the north in every state, with canaries in the draft, and secret links that work or do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.db import session, transaction
from portal.processes.models import Phase, PhaseKind, Process, ProcessState
from portal.processes.operations import make_preview, revoke_previews
from tests.support.factories_processes import make_process, spans

if TYPE_CHECKING:
    from tests.trust.things import Builder

# Who reads a draft: moderators of its districts.
PREPARERS = ("MO",)


def fill_processes(builder: Builder) -> None:
    """Everything that a URL about processes can name."""
    with transaction():
        _one(builder, "published", title="Bürgerhaushalt im Norden")
        _one(builder, "archived", state=ProcessState.ARCHIVED)
        words = {
            name: builder.canaries.plant(f"draft process: {name}", PREPARERS)
            for name in ("title", "summary", "body")
        }
        draft = _one(builder, "draft", state=ProcessState.DRAFT, **words)
        phase = draft.phases[0]
        phase.title = builder.canaries.plant("draft process: name of a phase", PREPARERS)
        phase.text_md = phase.text_html = builder.canaries.plant("draft process: text of a phase", PREPARERS)
        shown, ended = (
            make_process(state=ProcessState.DRAFT, districts=(builder.people.north,), title=title)
            for title in ("Mit Vorschau", "Vorschau zu Ende")
        )
        actor = builder.actor("MO")
        builder.put("process preview", "open", token=make_preview(shown, actor=actor))
        builder.put("process preview", "revoked", token=make_preview(ended, actor=actor))
        revoke_previews(ended, actor=actor)
        session.flush()


def _one(builder: Builder, name: str, /, **given: object) -> Process:
    phases = spans(PhaseKind.PROPOSALS, PhaseKind.VOTING, offset=-3)
    made = make_process(districts=(builder.people.north,), phases=phases, **given)  # type: ignore[arg-type]
    builder.put("process", name, pid=made.public_id)
    phase: Phase = made.phases[0]
    builder.put("process phase", name, pid=made.public_id, phase_id=phase.public_id)
    builder.put("process text", name, pid=made.public_id, slug="ar")
    return made
