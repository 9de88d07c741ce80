"""What a proposal is for: the process chosen, as pages of the draft and the public page show it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.processes.models import PhaseKind, Process
from portal.processes.queries import (
    open_for_proposals,
    process_by_public_id,
    process_names,
    until_words,
    window,
)
from portal.proposals.models import Proposal
from portal.proposals.operations import why_closed


@dataclass(frozen=True)
class Purpose:
    """A process by its title in the reader's language; `words` say until when it takes proposals."""

    public_id: str
    title: str
    html_lang: str
    url: str
    words: str = ""
    is_open: bool = True


def purpose_of(process_id: int | None) -> Purpose | None:
    """The process a proposal is for; no query. None for none, and for one that is not public."""
    name = process_names().get(process_id or 0)
    if name is None:
        return None
    title, html_lang = name.in_language(current_language().slug)
    return Purpose(name.public_id, title, html_lang, url_for("processes.detail", pid=name.public_id))


def purpose_of_draft(draft: Proposal | None) -> Purpose | None:
    """The same for its author, with what the dates say at this moment."""
    process = draft.process if draft is not None else None
    return purpose_now(process) if process is not None else None


def purpose_now(process: Process) -> Purpose | None:
    """A process with what its dates say at this moment."""
    known = purpose_of(process.id)
    if known is None:
        return None
    found = window(process, PhaseKind.PROPOSALS)
    if found.open is None:
        words = why_closed(found)
    else:
        words = _("Proposals can be published until %(end)s.", end=until_words(found.open.ends_at))
    return Purpose(known.public_id, known.title, known.html_lang, known.url, words, found.open is not None)


def process_choices(chosen: Purpose | None) -> list[tuple[str, str]]:
    """What can be chosen at this moment, and what was chosen before even if it has closed."""
    found = [purpose_of(process.id) for process, _phase in open_for_proposals()]
    choices = {one.public_id: one.title for one in found if one is not None}
    if chosen is not None:
        choices.setdefault(chosen.public_id, chosen.title)
    return list(choices.items())


def asked_process(public_id: str) -> Process | None:
    """The process a form or a link names; its dates are asked later, by the operation."""
    return process_by_public_id(public_id) if public_id else None
