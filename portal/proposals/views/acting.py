"""What staff do with one proposal: move it, answer, assess, name a contact person."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.content.queries import html_language
from portal.core.i18n import gettext as _
from portal.proposals import operations, queries
from portal.proposals.forms import (
    AnswerForm,
    AssessmentForm,
    ContactForm,
    answer_data,
    assessment_data,
    contact_data,
)
from portal.proposals.models import Answer, Proposal, Stage
from portal.proposals.views.beside import answer_view
from portal.proposals.views.presenting import badge_of, place_of
from portal.proposals.views.section import load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


def office_page(
    template: str, proposal: Proposal, form: Form | None = None, **context: Any
) -> ResponseReturnValue:
    """A page of the office about one proposal."""
    return render(
        f"proposals/office/{template}.html",
        status=form.status if form else 200,
        form=form,
        proposal=proposal,
        badge=badge_of(proposal),
        place=place_of(proposal),
        html_lang=html_language(proposal.language),
        **context,
    )


def _back(proposal: Proposal, anchor: str | None = None) -> ResponseReturnValue:
    return redirect_to("proposals.detail", pid=proposal.public_id, anchor=anchor)


@section.post("/proposals/<pid>/stage")
@requires("proposals.change_stage", on=load_proposal)
def move(proposal: Proposal) -> ResponseReturnValue:
    """Move it on; a second click changes nothing."""
    wanted = request.form.get("target", "")
    if wanted in set(Stage) and operations.move_stage(proposal, Stage(wanted), actor=current_actor()):
        flash_success(_("It has moved on. Everybody can see the step in its history."))
    return _back(proposal, "status-title")


@section.route("/proposals/<pid>/answer", methods=["GET", "POST"])
@requires("proposals.prepare_answer", on=load_proposal)
def answer(proposal: Proposal) -> ResponseReturnValue:
    """Write the answer: kept for later, or on to the page where it is published."""
    known = queries.answer_of(proposal)
    form = AnswerForm(data=answer_data(known, current_actor().language or "de"))
    if form.validate_on_submit():
        form.attempt(lambda: _save_answer(proposal, known, form))
    if form.is_submitted() and form.status == 200:
        return _after_answer(proposal, known)
    shown = answer_view(known) if known else None
    return office_page("answer", proposal, form, known=known, shown=shown)


def _save_answer(proposal: Proposal, known: Answer | None, form: AnswerForm) -> None:
    if known is not None and known.published_at is not None:
        operations.change_answer(proposal, form.words(), actor=current_actor())
    else:
        operations.prepare_answer(proposal, form.words(), actor=current_actor())


def _after_answer(proposal: Proposal, known: Answer | None) -> ResponseReturnValue:
    if known is not None and known.is_published:
        flash_success(_("The new text is public. The former one stays readable."))
        return _back(proposal, "answer")
    if "publish" in request.form:
        return redirect_to("proposals.confirm_answers", answer=proposal.public_id)
    flash_success(_("Saved. Nobody outside the office sees it yet."))
    return redirect_to("proposals.answer", pid=proposal.public_id)


@section.post("/proposals/<pid>/answer/discard")
@requires("proposals.prepare_answer", on=load_proposal)
def discard_answer(proposal: Proposal) -> ResponseReturnValue:
    """Throw a prepared answer away."""
    if operations.discard_answer(proposal, actor=current_actor()):
        flash_info(_("The prepared answer is gone."))
    return _back(proposal)


@section.route("/proposals/<pid>/assessment", methods=["GET", "POST"])
@requires("proposals.assess", on=load_proposal)
def assess(proposal: Proposal) -> ResponseReturnValue:
    """Write an assessment: kept for later, or public at once."""
    draft, current = queries.draft_assessment(proposal), queries.current_assessment(proposal)
    form = AssessmentForm(data=assessment_data(draft, current, current_actor().language or "de"))
    if form.validate_on_submit():
        form.attempt(lambda: operations.prepare_assessment(proposal, form.judgement(), actor=current_actor()))
    if form.is_submitted() and form.status == 200:
        return _after_assessment(proposal)
    return office_page("assessment", proposal, form, draft=draft, current=current)


def _after_assessment(proposal: Proposal) -> ResponseReturnValue:
    if "publish" not in request.form:
        flash_success(_("Saved. Nobody outside the office sees it yet."))
        return redirect_to("proposals.assess", pid=proposal.public_id)
    operations.publish_assessment(proposal, actor=current_actor())
    flash_success(_("The assessment is public."))
    return _back(proposal, "assessment")


@section.post("/proposals/<pid>/assessment/discard")
@requires("proposals.assess", on=load_proposal)
def discard_assessment(proposal: Proposal) -> ResponseReturnValue:
    """Throw a prepared assessment away."""
    if operations.discard_assessment(proposal, actor=current_actor()):
        flash_info(_("The prepared assessment is gone."))
    return _back(proposal)


@section.route("/proposals/<pid>/contact", methods=["GET", "POST"])
@requires("proposals.set_contact", on=load_proposal)
def contact(proposal: Proposal) -> ResponseReturnValue:
    """Name the contact person and a substitute."""
    candidates = queries.contact_candidates(proposal)
    form = ContactForm(candidates, data=contact_data(proposal))
    if form.validate_on_submit():
        form.attempt(lambda: _save_contact(proposal, form))
    if form.is_submitted() and form.status == 200:
        flash_success(_("Saved. The page of the proposal shows it."))
        return _back(proposal)
    offers = [one for one in candidates if one.offered]
    return office_page("contact", proposal, form, offers=offers)


def _save_contact(proposal: Proposal, form: ContactForm) -> None:
    operations.set_contact(
        proposal,
        actor=current_actor(),
        contact_id=form.contact.data or None,
        substitute_id=form.substitute.data or None,
    )


@section.post("/proposals/<pid>/contact/refuse")
@requires("proposals.set_contact", on=load_proposal)
def refuse_contact(proposal: Proposal) -> ResponseReturnValue:
    """Say no to somebody who offered it."""
    raw = request.form.get("account", "")
    if raw.isascii() and raw.isdigit() and len(raw) < 15:
        operations.refuse_offer(proposal, actor=current_actor(), account_id=int(raw))
    return redirect_to("proposals.contact", pid=proposal.public_id)


@section.post("/proposals/<pid>/contact/offer")
@requires("proposals.offer_contact", on=load_proposal)
def offer_contact(proposal: Proposal) -> ResponseReturnValue:
    """A resident would do it, or would no longer."""
    if "take_back" in request.form:
        operations.take_back_offer(proposal, actor=current_actor())
        flash_info(_("Your offer is taken back."))
    elif operations.offer_contact(proposal, actor=current_actor()):
        flash_success(_("Thank you. A moderator will decide and you will hear of it."))
    return _back(proposal, "contact")


@section.post("/proposals/<pid>/contact/leave")
@requires("proposals.step_back", on=load_proposal)
def leave_contact(proposal: Proposal) -> ResponseReturnValue:
    """Contact person no more."""
    operations.step_back(proposal, actor=current_actor())
    flash_info(_("You are not a contact person of this proposal any more."))
    return _back(proposal)
