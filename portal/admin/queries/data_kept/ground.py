"""Tables of the ground: audit, jobs, settings, search."""

from __future__ import annotations

from portal.admin.queries.data_kept.vocabulary import (
    ADMINISTRATORS,
    FOR_GOOD,
    NOBODY,
    TableNote,
    personal,
    private,
    public,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

TABLES: dict[str, TableNote] = {
    "audit_entry": TableNote(
        _l("What happened to a thing and by which hat: for histories and for accountability."),
        _l("Twelve months."),
        _l("public steps everybody, staff's steps the people concerned and administrators"),
        {
            "name": technical(_l("What happened")),
            "actor_kind": technical(_l("Resident, staff or the portal itself")),
            "actor_id": personal(_l("Which account did it, for accountability")),
            "visibility": technical(_l("Who may see the row")),
            "data": technical(_l("Numbers, dates and stages; never a text")),
        },
    ),
    "job": TableNote(
        _l("What has to be done in the background."),
        _l("14 days after it was done, without its details; 90 days if it gave up."),
        ADMINISTRATORS,
        {
            "payload": private(_l("Ids of what it is about; emptied when done, shown to nobody")),
            "unique_key": technical(_l("So that nothing is done twice")),
            "run_at": technical(_l("When it is due")),
            "leased_until": technical(_l("Until when a worker has it")),
            "lease": technical(_l("Which worker has it")),
            "attempts": technical(_l("How often it was tried")),
            "error": technical(_l("Name of the last error")),
            "dead_at": technical(_l("When it gave up")),
        },
    ),
    "site_setting": TableNote(
        _l("What the town has decided about the portal."),
        FOR_GOOD,
        ADMINISTRATORS,
        {"key": technical(_l("Which setting")), "value": public(_l("Its value"))},
    ),
    "search_doc": TableNote(
        _l("Public texts, prepared for search. What people search for is not kept."),
        _l("As long as the thing is public."),
        NOBODY,
        {
            "weight_date": technical(_l("To put newer things first")),
            "body": public(_l("The words of a public text")),
        },
    ),
}
