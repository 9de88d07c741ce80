"""What changes processes: drafting, phases, publishing, texts in other languages."""

from portal.processes.operations.drafting import (
    USUAL_PHASES,
    copy_process,
    create_process,
    delete_draft,
    edit_process,
    new_process,
)
from portal.processes.operations.facts import PhaseFacts, ProcessFacts
from portal.processes.operations.leaving import forget_person
from portal.processes.operations.phasing import add_phase, change_phase, remove_phase
from portal.processes.operations.publishing import (
    archive_process,
    make_preview,
    publish_process,
    reopen_process,
    revoke_previews,
)
from portal.processes.operations.translating import save_texts

__all__ = [
    "USUAL_PHASES",
    "PhaseFacts",
    "ProcessFacts",
    "add_phase",
    "archive_process",
    "change_phase",
    "copy_process",
    "create_process",
    "delete_draft",
    "edit_process",
    "forget_person",
    "make_preview",
    "new_process",
    "publish_process",
    "remove_phase",
    "reopen_process",
    "revoke_previews",
    "save_texts",
]
