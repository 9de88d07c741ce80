"""Where a proposal stands, what comes next, who does it, by when, and what has happened: for every state."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.core import clock
from portal.core.i18n import format_date, pgettext
from portal.core.i18n import gettext as _
from portal.proposals.models import MAIN_ROAD, STAGE_LOOKS, Proposal, Stage
from portal.proposals.queries.office import UNSEEN, check_by
from portal.proposals.views.history import history_of
from portal.proposals.views.presenting import badge_of


def status_of(proposal: Proposal, *, doer: str = "") -> dict[str, Any]:
    """The keywords of ui.timeline.status_block. `doer`: who would carry it out, from the assessment."""
    until, is_late = _deadline(proposal)
    next_step, who = _next(proposal, doer)
    is_moving = proposal.is_open and not proposal.is_over
    road = MAIN_ROAD if is_moving and proposal.stage in MAIN_ROAD else ()
    return {
        "now": badge_of(proposal).label,
        "next": next_step,
        "who": who,
        "by_when": format_date(until) if until else None,
        "overdue": is_late,
        "history": tuple(history_of(proposal)),
        "stages": tuple(str(STAGE_LOOKS[stage].label) for stage in road),
        "current": road.index(proposal.stage) + 1 if road else 0,
    }


def _deadline(proposal: Proposal) -> tuple[date | None, bool]:
    """The next promised day and whether it has passed, both as of this moment."""
    if not proposal.is_open or proposal.is_over:
        return None, False
    if proposal.is_answer_due:
        return proposal.answer_due_on, proposal.is_answer_overdue
    if proposal.stage is Stage.COLLECTING:
        return proposal.collecting_until_on, False
    if proposal.stage in UNSEEN and proposal.published_at:
        day = check_by(proposal.published_at)
        return day, day < clock.today()
    return None, False


def _next(proposal: Proposal, doer: str) -> tuple[str | None, str | None]:
    if proposal.is_hidden:
        return _("The author can object. Then somebody else looks at it."), _("Moderation")
    if proposal.merged_into_id is not None:
        return _("It goes on as part of the other proposal."), None
    if proposal.is_withdrawn or proposal.expired_at or proposal.is_over:
        return _("Nothing. Everybody can propose it anew."), None
    look = STAGE_LOOKS[proposal.stage]
    if proposal.is_answer_due and proposal.stage is not Stage.IN_ROUND:
        return _("The town answers in public."), _("The town")
    who = doer if doer and proposal.stage in {Stage.ACCEPTED, Stage.UNDER_WAY} else str(look.who)
    return str(look.next) or None, who or None


def overdue_days(proposal: Proposal) -> int:
    """For how many days the answer has been overdue, 0 when it is not."""
    if not proposal.is_answer_overdue or proposal.answer_due_on is None:
        return 0
    return (clock.today() - proposal.answer_due_on).days


def role_words(role: str) -> str:
    """The hat of whoever spoke for the town; the person is not named."""
    return {
        "planner": pgettext("role", "Planning of the town"),
        "moderator": pgettext("role", "Moderation"),
    }.get(role, pgettext("role", "The town"))
