"""What happened to a proposal, in sentences, out of the public audit rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.core import audit
from portal.core.i18n import format_date
from portal.core.i18n import gettext as _
from portal.proposals.forms import language_name
from portal.proposals.models import (
    DECISION_LABELS,
    MILESTONE_LABELS,
    STAGE_LOOKS,
    VERDICT_LABELS,
    WITHDRAWN_LABELS,
    Decision,
    MilestoneState,
    Proposal,
    Stage,
    Verdict,
    WithdrawnReason,
)


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


def _contact(data: dict[str, Any]) -> str:
    return _("There is a contact person") if data["contact"] else _("There is no contact person any more")


def _milestone(data: dict[str, Any]) -> str:
    return _("A step of the work: %(state)s", state=MILESTONE_LABELS[MilestoneState(data["state"])][0])


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
    "proposals.group_joined": lambda data: _("A group stands behind it"),
    "proposals.group_left": lambda data: _("A group no longer stands behind it"),
    "proposals.coauthor_joined": lambda data: _("One more author joined"),
    "proposals.coauthor_left": lambda data: _("An author left"),
    "proposals.erased_author": lambda data: _("The author left the portal"),
    "proposals.answered": lambda data: _(
        "The town answered: %(decision)s", decision=DECISION_LABELS[Decision(data["decision"])][0]
    ),
    "proposals.answer_reworded": lambda data: _("The town changed the words of its answer"),
    "proposals.answer_overdue": lambda data: _("The answer is overdue and was passed on"),
    "proposals.assessed": lambda data: _(
        "Assessed by professionals: %(verdict)s", verdict=VERDICT_LABELS[Verdict(data["verdict"])][0]
    ),
    "proposals.contact_set": _contact,
    "proposals.contact_left": lambda data: _("The contact person stepped back"),
    "proposals.needs_complete": lambda data: _("Everything that was missing was pledged"),
    "proposals.merged": lambda data: _("Went into another proposal; all authors agreed"),
    "proposals.took_in": lambda data: _("Another proposal went into this one; all authors agreed"),
    "proposals.split": lambda data: _("Taken apart again: each proposal stands for itself"),
    "proposals.milestone_changed": _milestone,
    "proposals.milestone_removed": lambda data: _("A step was taken out of the plan"),
    "proposals.news_told": lambda data: _("There is news about the work"),
    "proposals.news_removed": lambda data: _("News was taken back"),
    "proposals.responsible_set": lambda data: _("It is said who carries it out"),
    "content.version_saved": lambda data: _(
        "There is a text in another language: %(language)s", language=language_name(data["language"])
    ),
}


def history_of(proposal: Proposal) -> list[Happened]:
    """Everything public that happened, newest first. One query."""
    entries = audit.entries_for("proposal", proposal.id, visibilities=("public",))
    known = [entry for entry in reversed(entries) if entry.name in SENTENCES]
    lines = [Happened(SENTENCES[entry.name](entry.data), entry.at) for entry in known]
    if not lines and proposal.published_at:
        lines = [Happened(_("Published"), proposal.published_at)]
    return lines
