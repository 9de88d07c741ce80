"""What follows from what happens: search, erased accounts; and the kind "process"."""

from __future__ import annotations

from portal.accounts.events import AccountErased
from portal.core import search
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.subjects import SubjectKind, register
from portal.processes.events import ProcessEdited, ProcessPublished
from portal.processes.operations import forget_person
from portal.processes.queries import (
    documents_of,
    forget_names,
    process_by_id,
    process_by_public_id,
    processes_by_ids,
    search_documents,
)

register(
    SubjectKind(
        kind="process",
        label=_l("Process"),
        load=process_by_id,
        load_public=process_by_public_id,
        public_id=lambda process: process.public_id,
        title=lambda process: process.title,
        endpoint=lambda process: ("processes.detail", {"pid": process.public_id}),
        can_see=lambda actor, process: can(actor, "processes.see", process),
        language=lambda process: process.language,
        excerpt=lambda process: process.summary,
        load_many=processes_by_ids,
    )
)
search.register_provider("process", search_documents)


@subscribe(ProcessPublished)
def find_published(event: ProcessPublished) -> None:
    """Search finds it from now on."""
    let_it_be_found(event.process_id)


@subscribe(ProcessEdited)
def find_edited(event: ProcessEdited) -> None:
    """Search finds it by its new words."""
    let_it_be_found(event.process_id)


def let_it_be_found(process_id: int) -> None:
    """A public process is found by its present words in every language it has."""
    forget_names()
    process = process_by_id(process_id)
    if process is None or process.is_draft:
        return
    for document in documents_of([process]):
        search.put(
            "process", process.id, document.language, document.title, document.body, document.weight_date
        )


@subscribe(AccountErased)
def forget(event: AccountErased) -> None:
    """Processes stay; the person is no longer named."""
    forget_person(event.account_id)
