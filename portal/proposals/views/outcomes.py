"""What became of it: the public list, the page of one accepted proposal, and where staff say how it goes."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.content.models import Picture
from portal.content.queries import first_pictures, html_language, pictures_of
from portal.core.i18n import format_date, ngettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef
from portal.places.queries import organization_names
from portal.proposals import queries
from portal.proposals.models import (
    MILESTONE_LABELS,
    OUTCOME_STAGES,
    STAGE_LOOKS,
    Milestone,
    Outcome,
    OutcomeNews,
    Proposal,
    Stage,
)
from portal.proposals.operations.outcomes import NEWS
from portal.proposals.queries import OUTCOMES_PER_PAGE
from portal.proposals.views.groups import named_groups, offers_to_answer
from portal.proposals.views.presenting import in_readers_language, place_of
from portal.proposals.views.section import load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.page_cache import keep_for_visitors
from portal.web.render import Page, page_number, render

register_nav("proposals.outcomes", _l("What became of it"), icon="wrench", area="footer", order=79)


def load_outcome(pid: str) -> Proposal | None:
    """An accepted proposal; everything else has no such page."""
    proposal = load_proposal(pid)
    return proposal if proposal is not None and queries.outcome_of(proposal) is not None else None


@section.get("/what-became-of-it")
@requires("proposals.list")
def outcomes() -> ResponseReturnValue:
    """Everything that was accepted, and how far it is."""
    keep_for_visitors()
    raw = request.args.get("stage", "")
    stage = Stage(raw) if raw in OUTCOME_STAGES else None
    found = queries.outcome_page(stage, page_number())
    page = Page(page_number(), OUTCOMES_PER_PAGE, found.counts.get(stage, 0) if stage else found.total)
    return render("proposals/outcomes.html", page=page, tabs=_tabs(stage, found), rows=_rows(found.rows))


def _tabs(chosen: Stage | None, found: queries.OutcomePage) -> list[tuple[str, str, bool]]:
    tabs = [(_("All (%(count)s)", count=found.total), url_for("proposals.outcomes"), chosen is None)]
    for stage in OUTCOME_STAGES:
        label = f"{STAGE_LOOKS[stage].label} ({found.counts.get(stage, 0)})"
        tabs.append((label, url_for("proposals.outcomes", stage=stage.value), chosen is stage))
    return tabs


def _rows(found: list[tuple[Outcome, Proposal]]) -> list[dict[str, Any]]:
    versions = in_readers_language({one.id: one.language for _outcome, one in found})
    names = organization_names({row.organization_id for row, _one in found if row.organization_id})
    with_photo = [one.id for _outcome, one in found if one.picture_count]
    photos = first_pictures("proposal", with_photo) if with_photo else {}
    rows = []
    for outcome, proposal in found:
        version, look = versions.get(proposal.id), STAGE_LOOKS[proposal.stage]
        rows.append(
            {
                "title": version.fields["title"] if version else proposal.title,
                "html_lang": version.html_lang if version else html_language(proposal.language),
                "url": url_for("proposals.progress", pid=proposal.public_id),
                "place": place_of(proposal),
                "badge": (look.label, look.icon, look.tone),
                "who": names.get(outcome.organization_id or 0),
                "photo": photos.get(proposal.id),
                **_how_far(outcome, proposal),
            }
        )
    return rows


def _how_far(outcome: Outcome, proposal: Proposal) -> dict[str, Any]:
    """Steps done in words and percent, and whether nobody has said anything for too long."""
    is_done = proposal.stage is Stage.DONE
    is_silent = not is_done and outcome.silent_days > site("proposals.news_days")
    steps = ngettext(
        "%(done)s of %(num)s step done",
        "%(done)s of %(num)s steps done",
        outcome.step_count,
        done=outcome.done_count,
    )
    return {
        "percent": 100 if is_done else outcome.percent,
        "steps_words": steps if outcome.step_count else None,
        "news_at": outcome.news_at,
        "silence": _("No news since %(day)s", day=format_date(outcome.news_at)) if is_silent else None,
    }


def progress_of(proposal: Proposal) -> dict[str, Any] | None:
    """The box on the proposal's own page; None for what was not accepted."""
    outcome = queries.outcome_of(proposal)
    if outcome is None:
        return None
    steps = queries.milestones_of(proposal) if outcome.step_count else []
    ahead = next((one for one in steps if one.is_ahead), None)
    return {
        **_how_far(outcome, proposal),
        "next": _step(ahead) if ahead else None,
        "url": url_for("proposals.progress", pid=proposal.public_id),
    }


def _step(step: Milestone) -> dict[str, Any]:
    label, icon, tone = MILESTONE_LABELS[step.state]
    return {
        "public_id": step.public_id,
        "title": step.title,
        "html_lang": html_language(step.language),
        "badge": (label, icon, tone),
        "day": step.done_on or step.due_on,
        "is_late": step.is_late,
        "mark": {"done": "", "running": "now"}.get(step.state.value, "ahead"),
    }


@section.get("/proposals/<pid>/progress")
@requires("proposals.see_history", on=load_outcome)
def progress(proposal: Proposal) -> ResponseReturnValue:
    """How far an accepted proposal is: steps, news with photos, who to ask."""
    keep_for_visitors()
    return render("proposals/progress.html", **progress_page(proposal))


def progress_page(proposal: Proposal) -> dict[str, Any]:
    """Everything both pages show: the public one, and the one where staff report."""
    outcome = queries.outcome_of(proposal)
    assert outcome is not None
    version = in_readers_language({proposal.id: proposal.language}).get(proposal.id)
    names = organization_names([outcome.organization_id] if outcome.organization_id else [])
    look = STAGE_LOOKS[proposal.stage]
    return {
        "proposal": proposal,
        "title": version.fields["title"] if version else proposal.title,
        "html_lang": version.html_lang if version else html_language(proposal.language),
        "place": place_of(proposal),
        "badge": (look.label, look.icon, look.tone),
        "accepted_at": outcome.accepted_at,
        "who": names.get(outcome.organization_id or 0),
        "contact": _contact(proposal),
        "carriers": named_groups(proposal)["carries"],
        "group_offers": offers_to_answer(proposal),
        "may_carry": can(current_actor(), "proposals.carry", proposal),
        "steps": [_step(one) for one in queries.milestones_of(proposal)],
        "news": [_news(one) for one in queries.news_of(proposal)],
        "may_report": can(current_actor(), "proposals.report_progress", proposal),
        **_how_far(outcome, proposal),
    }


def _contact(proposal: Proposal) -> Any:
    contact = proposal.contact_account_id
    return account_names([contact]).get(contact) if contact else None


def _news(one: OutcomeNews) -> dict[str, Any]:
    pictures: list[Picture] = pictures_of(SubjectRef(NEWS, one.id)) if one.picture_count else []
    return {
        "public_id": one.public_id,
        "at": one.at,
        "html": one.text_html,
        "html_lang": html_language(one.language),
        "pictures": pictures,
    }
