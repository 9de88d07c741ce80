"""What a proposal is for: a process that asks for proposals, or simply the neighbourhood."""

from __future__ import annotations

from portal.core.actors import VISITOR, Actor
from portal.core.db import session
from portal.core.i18n import gettext as _
from portal.core.permissions import can, ensure
from portal.processes.models import PhaseKind, Process
from portal.processes.queries import Window, closed_words, window
from portal.proposals.errors import NotOpenForProposals, OtherDistrict
from portal.proposals.models import Proposal


def choose_process(draft: Proposal, process: Process | None, *, actor: Actor) -> None:
    """The draft is for this process from now on, whether it is open already or still; None for no process."""
    ensure(actor, "proposals.edit_draft", draft)
    draft.process_id = process.id if is_choosable(process) and process is not None else None
    session.flush()
    session.expire(draft, ["process"])


def is_choosable(process: Process | None) -> bool:
    """Whether everybody may see it: what is still a draft stays unknown."""
    return process is not None and can(VISITOR, "processes.see", process)


def ensure_open_for(draft: Proposal) -> None:
    """Raise NotOpenForProposals unless its process takes proposals at this very moment, and OtherDistrict.

    The dates are compared with the clock here and now; no job switches anything.
    """
    process = draft.process
    if process is None:
        return
    found = window(process, PhaseKind.PROPOSALS)
    if found.open is None:
        raise NotOpenForProposals(why_closed(found))
    districts = {one.id for one in process.districts}
    if districts and draft.district_id is not None and draft.district_id not in districts:
        raise OtherDistrict


def why_closed(found: Window) -> str:
    """Since when or until when nobody can propose, and that nothing typed is lost."""
    why = closed_words(PhaseKind.PROPOSALS, found) or _("No proposals are taken for this.")
    return _("%(why)s Your text is kept as a draft.", why=why)
