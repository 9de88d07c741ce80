"""What happened to a proposal, in sentences, out of the public audit rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.core import audit
from portal.core.i18n import format_date
from portal.core.i18n import gettext as _
from portal.proposals.models import STAGE_LOOKS, WITHDRAWN_LABELS, Proposal, Stage, WithdrawnReason


@dataclass(frozen=True)
class Happened:
    """One line of the history."""

    text: str
    when: datetime
    note: str = ""
    state: str = ""


Sentence = Callable[[dict[str, Any]], str]


def _stage(data: dict[str, Any]) -> str:
    return _("Now: %(stage)s", stage=STAGE_LOOKS[Stage(data["target"])].label)


def _threshold(data: dict[str, Any]) -> str:
    due = format_date(date.fromisoformat(data["answer_due_on"]))
    return _("%(count)s supporters: the town must answer until %(day)s", count=data["support_count"], day=due)


# Further steps of the same package add their sentences here.
SENTENCES: dict[str, Sentence] = {
    "proposals.published": lambda data: _("Published"),
    "proposals.edited": lambda data: _("Changed (version %(number)s)", number=data["version"]),
    "proposals.stage_changed": _stage,
    "proposals.threshold_reached": _threshold,
    "proposals.withdrawn": lambda data: _(
        "Withdrawn: %(reason)s", reason=WITHDRAWN_LABELS[WithdrawnReason(data["reason"])]
    ),
    "proposals.expired": lambda data: _("The time to collect support is over"),
    "proposals.coauthor_joined": lambda data: _("One more author joined"),
    "proposals.coauthor_left": lambda data: _("An author left"),
    "proposals.erased_author": lambda data: _("The author left the portal"),
    "content.version_saved": lambda data: _("Translated"),
}


def history_of(proposal: Proposal) -> list[Happened]:
    """Everything public that happened, newest first. One query."""
    entries = audit.entries_for("proposal", proposal.id, visibilities=("public",))
    known = [entry for entry in reversed(entries) if entry.name in SENTENCES]
    lines = [Happened(SENTENCES[entry.name](entry.data), entry.at) for entry in known]
    if not lines and proposal.published_at:
        lines = [Happened(_("Published"), proposal.published_at)]
    return lines
