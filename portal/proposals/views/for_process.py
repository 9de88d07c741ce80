"""What the page of a process shows of its proposals: the newest, the way to all of them, and to propose."""

from __future__ import annotations

from flask import url_for

from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.processes.models import KIND_LOOKS, PhaseKind
from portal.processes.queries import Part, process_by_id, register_part, window
from portal.proposals.queries import ListFilter, find_proposals
from portal.proposals.views.presenting import cards

NEWEST = 4


def proposals_part(process_id: int, actor: Actor) -> Part | None:
    """Nothing while there are no proposals and never will be any."""
    process = process_by_id(process_id)
    if process is None:
        return None
    wanted = ListFilter(process_ids=(process_id,), without_authors=tuple(sorted(actor.blocked)))
    found = find_proposals(wanted, per_page=NEWEST)
    dates = window(process, PhaseKind.PROPOSALS)
    if not (found.total or dates.open or dates.coming):
        return None
    pid = process.public_id
    context = {
        "cards": cards(found.rows),
        "total": found.total,
        "is_more": found.is_more,
        "list_url": url_for("proposals.index", process=pid),
        "map_url": url_for("proposals.on_map", process=pid),
    }
    propose = (url_for("proposals.new", process=pid), str(KIND_LOOKS[process.kind].propose), "plus")
    actions = (propose,) if dates.open else ()
    return Part(_("Proposals"), "proposals/_for_process.html", context, actions=actions)


register_part("proposals", proposals_part, order=20)
