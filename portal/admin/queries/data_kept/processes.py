"""Tables of processes."""

from __future__ import annotations

from portal.admin.queries.data_kept.vocabulary import (
    EVERYBODY,
    NOBODY,
    TableNote,
    personal,
    public,
)
from portal.core.i18n import lazy_gettext as _l

_WITH_PROCESS = _l("As long as the process.")

TABLES: dict[str, TableNote] = {
    "process": TableNote(
        _l("What the town asks its residents: budgets, questions, surveys."),
        _l("As long as the portal; drafts are seen by those who prepare them."),
        EVERYBODY,
        {
            "influence": public(_l("What people's words will change")),
            "level": public(_l("Who may vote")),
            "summary": public(_l("What it is about, in short")),
            "budget_cents": public(_l("How much money there is")),
            "currency": public(_l("How much money there is")),
            "contact_account_id": personal(_l("The contact person at work")),
        },
    ),
    "process_district": TableNote(_l("Which parts of the town a process is for."), _WITH_PROCESS, EVERYBODY),
    "process_phase": TableNote(_l("From when until when something can be done."), _WITH_PROCESS, EVERYBODY),
    "process_preview": TableNote(_l("Secret links to look at a draft."), _WITH_PROCESS, NOBODY),
}
