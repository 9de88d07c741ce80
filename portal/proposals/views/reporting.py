"""Where those who carry out an accepted proposal say how it goes: steps, news, who is responsible."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.places.queries import organization_desk
from portal.proposals import operations, queries
from portal.proposals.forms import MilestoneForm, NewsForm, ResponsibleForm, milestone_data
from portal.proposals.models import Milestone, Proposal
from portal.proposals.operations import Photo
from portal.proposals.views.outcomes import load_outcome, progress_page
from portal.proposals.views.section import section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to
from portal.web.uploads import accepts_upload

PICTURE_MEGABYTES = 8


@section.get("/proposals/<pid>/progress/report")
@requires("proposals.report_progress", on=load_outcome)
def report(proposal: Proposal) -> ResponseReturnValue:
    """The three forms; ?step= fills the first with a step that is there."""
    step = _step_of(proposal, request.args.get("step", ""))
    form = MilestoneForm(data=milestone_data(step), formdata=None) if step else None
    return _page(proposal, step_form=form)


def _step_of(proposal: Proposal, public_id: str) -> Milestone | None:
    if not public_id:
        return None
    step = queries.milestone_of(proposal, public_id[:12])
    if step is None:
        raise NotFound
    return step


def _page(
    proposal: Proposal,
    *,
    step_form: MilestoneForm | None = None,
    news_form: NewsForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Fresh forms, but those that were sent back."""
    language = {"language": current_language().slug}
    return render(
        "proposals/office/progress.html",
        status=status,
        step_form=step_form or MilestoneForm(data=language, formdata=None),
        news_form=news_form or NewsForm(data=language, formdata=None),
        who_form=_who_form(proposal, None),
        **progress_page(proposal),
    )


def _who_form(proposal: Proposal, formdata: Any) -> ResponsibleForm:
    outcome = queries.outcome_of(proposal)
    chosen = str(outcome.organization_id or "") if outcome else ""
    at_work = [(str(one.id), one.name) for one in organization_desk() if one.closed_at is None]
    return ResponsibleForm(at_work, formdata, data={"organization": chosen})


@section.post("/proposals/<pid>/progress/steps")
@requires("proposals.report_progress", on=load_outcome)
def save_step(proposal: Proposal) -> ResponseReturnValue:
    """A new step, or one that changed."""
    form = MilestoneForm()
    step = _step_of(proposal, form.step.data or "")
    if form.validate_on_submit() and form.attempt(lambda: _save(proposal, form, step)):
        flash_success(_("Saved. Those who follow are told."))
        return redirect_to("proposals.report", pid=proposal.public_id)
    return _page(proposal, step_form=form, status=form.status)


def _save(proposal: Proposal, form: MilestoneForm, step: Milestone | None) -> Milestone:
    return operations.save_milestone(proposal, form.filled_in(), actor=current_actor(), milestone=step)


@section.post("/proposals/<pid>/progress/steps/remove")
@requires("proposals.report_progress", on=load_outcome)
def remove_step(proposal: Proposal) -> ResponseReturnValue:
    """Take a step out that was a mistake; a second click finds nothing and changes nothing."""
    step = queries.milestone_of(proposal, request.form.get("step", "")[:12])
    if step is not None:
        operations.remove_milestone(proposal, step, actor=current_actor())
        flash_success(_("The step was taken out."))
    return redirect_to("proposals.report", pid=proposal.public_id)


@section.post("/proposals/<pid>/progress/news")
@requires("proposals.report_progress", on=load_outcome)
@accepts_upload(PICTURE_MEGABYTES, photos=True)
def tell_news(proposal: Proposal) -> ResponseReturnValue:
    """News, with a photo if there is one."""
    form = NewsForm()
    if form.validate_on_submit() and form.attempt(lambda: _tell(proposal, form)):
        flash_success(_("Published. Those who follow are told."))
        return redirect_to("proposals.progress", pid=proposal.public_id)
    return _page(proposal, news_form=form, status=form.status)


def _tell(proposal: Proposal, form: NewsForm) -> object:
    photo = Photo(form.picture.data.read(), form.alt.data or "") if form.picture.data else None
    return operations.tell_news(
        proposal,
        form.text.data or "",
        actor=current_actor(),
        language=form.language.data,
        photo=photo,
    )


@section.post("/proposals/<pid>/progress/news/remove")
@requires("proposals.report_progress", on=load_outcome)
def remove_news(proposal: Proposal) -> ResponseReturnValue:
    """Take back news of this proposal."""
    news = queries.news_by_public_id(request.form.get("news", "")[:12])
    if news is not None and news.proposal_id == proposal.id:
        operations.remove_news(proposal, news, actor=current_actor())
        flash_success(_("The news was taken back."))
    return redirect_to("proposals.report", pid=proposal.public_id)


@section.post("/proposals/<pid>/progress/responsible")
@requires("proposals.set_responsible", on=load_outcome)
def set_responsible(proposal: Proposal) -> ResponseReturnValue:
    """Who carries it out."""
    form = _who_form(proposal, request.form)
    if form.validate_on_submit():
        chosen = int(form.organization.data) if form.organization.data else None
        operations.set_responsible(proposal, chosen, actor=current_actor())
        flash_success(_("Saved."))
    return redirect_to("proposals.report", pid=proposal.public_id)
