"""The moderators' desk: queue, cases, decisions, objections."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.site_settings import site
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.moderation import operations, queries
from portal.moderation.forms import AnswerForm, DecisionForm, NoteForm
from portal.moderation.models import BY_TWO, Appeal, Case, Decision, Outcome, Reason, StopProposal
from portal.moderation.operations.fitting import fitting_measures
from portal.moderation.permissions import open_proposal
from portal.moderation.settings import CATEGORY_LABELS, MEASURE_LABELS, rule_sentence
from portal.moderation.views.section import load_subject, section
from portal.places.queries import district_names
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, fragment_or_redirect, redirect_to


def load_case(pid: str) -> Case | None:
    """The case of the URL."""
    return queries.case_by_public_id(pid)


def load_appeal(pid: str) -> Appeal | None:
    """The objection of the URL."""
    return queries.appeal_by_public_id(pid)


def desk() -> dict[str, Any]:
    """What the queue shows."""
    actor = current_actor()
    return {
        "rows": queries.queue_for(actor),
        "objections": queries.objections_for(actor),
        "severe": queries.severe_today(actor),
        "pause_after": site("moderation.pause_after"),
        "categories": CATEGORY_LABELS,
        "districts": district_names(),
    }


@section.get("/moderation")
@requires("moderation.queue")
def queue() -> ResponseReturnValue:
    """What waits in the moderator's districts, by urgency."""
    return render("moderation/queue.html", fragment="waiting", **desk())


@section.post("/moderation/open/<kind>/<pid>")
@requires("moderation.open_case", on=load_subject)
def open_case(subject: Subject) -> ResponseReturnValue:
    """Take up something nobody has reported."""
    found = operations.open_own_case(subject, actor=current_actor())
    return redirect_to("moderation.case", pid=found.public_id)


@section.post("/moderation/cases/<pid>/claim")
@requires("moderation.decide", on=load_case)
def claim(found: Case) -> ResponseReturnValue:
    """Take a case and look at it."""
    operations.claim_case(found, actor=current_actor())
    return redirect_to("moderation.case", pid=found.public_id)


@section.post("/moderation/cases/<pid>/hand-over")
@requires("moderation.decide", on=load_case)
def hand_over(found: Case) -> ResponseReturnValue:
    """Ask the colleagues to take it."""
    operations.hand_over_case(found, actor=current_actor())
    flash_info(_("Your colleagues are told."))
    return fragment_or_redirect("moderation/queue.html", "waiting", ("moderation.queue", {}), desk)


@section.post("/moderation/cases/<pid>/aside")
@requires("moderation.decide", on=load_case)
def aside(found: Case) -> ResponseReturnValue:
    """Leave it to others, without a reason."""
    operations.put_aside(found, actor=current_actor())
    return fragment_or_redirect("moderation/queue.html", "waiting", ("moderation.queue", {}), desk)


@section.post("/moderation/cases/<pid>/notes")
@requires("moderation.decide", on=load_case)
def note(found: Case) -> ResponseReturnValue:
    """Write a note for the colleagues."""
    form = NoteForm()
    if form.validate_on_submit():
        operations.add_note(found, actor=current_actor(), words=form.words.data or "")
        return redirect_to("moderation.case", pid=found.public_id, anchor="notes")
    return _case_page(found, _decision_form(found), form)


@section.route("/moderation/cases/<pid>", methods=["GET", "POST"])
@requires("moderation.see_case", on=load_case)
def case(found: Case) -> ResponseReturnValue:
    """One case: the text first, then what was said about it, then the decision."""
    form = _decision_form(found)
    if form.is_submitted() and queries.has_decided(found, current_actor()):
        flash_info(_("You have decided this already."))
        return redirect_to("moderation.queue")
    done = form.attempt(lambda: _decide(found, form)) if form.validate_on_submit() else None
    if done is None:
        return _case_page(found, form, NoteForm(formdata=None))
    return _after_deciding(found, done)


def _after_deciding(found: Case, done: Decision | StopProposal) -> ResponseReturnValue:
    if found.first_decider_id == current_actor().account_id and found.is_open:
        flash_info(_waits_for_another(done))
        return redirect_to("moderation.queue")
    flash_success(_("Decided. Everybody concerned is told."))
    if found.is_open:
        return redirect_to("moderation.case", pid=found.public_id)
    return redirect_to("moderation.queue")


def _waits_for_another(done: Decision | StopProposal) -> str:
    if isinstance(done, StopProposal):
        return _("Thank you. Nothing is stopped yet: another moderator looks and agrees, or not.")
    return _("Thank you. It is about a danger, so another moderator looks as well.")


def _decision_form(found: Case) -> DecisionForm:
    subject = resolve(SubjectRef(found.subject_kind, found.subject_id))
    return DecisionForm(fitting_measures(found, subject, current_actor()) if subject else [])


def _decide(found: Case, form: DecisionForm) -> Decision | StopProposal:
    ruling = form.ruling()
    if ruling.measure in BY_TWO:
        return operations.propose_stop(found, actor=current_actor(), ruling=ruling)
    return operations.decide_case(found, actor=current_actor(), ruling=ruling, is_last=not form.more.data)


@section.post("/moderation/cases/<pid>/stop")
@requires("moderation.answer_stop", on=load_case)
def agree(found: Case) -> ResponseReturnValue:
    """Agree that it is stopped: the second person."""
    operations.agree_to_stop(found, actor=current_actor())
    flash_success(_("It is stopped. Everybody concerned is told."))
    return redirect_to("moderation.queue")


@section.post("/moderation/cases/<pid>/no-stop")
@requires("moderation.answer_stop", on=load_case)
def disagree(found: Case) -> ResponseReturnValue:
    """Do not agree: the case can be decided otherwise."""
    operations.refuse_stop(found, actor=current_actor())
    flash_info(_("Nothing was stopped. Please decide what happens instead."))
    return redirect_to("moderation.case", pid=found.public_id)


def _case_page(found: Case, form: DecisionForm, note_form: NoteForm) -> ResponseReturnValue:
    subject = resolve(SubjectRef(found.subject_kind, found.subject_id))
    actor = current_actor()
    return render(
        "moderation/case.html",
        status=max(form.status, note_form.status),
        case=found,
        subject=subject,
        text=subject.kind.excerpt(subject.thing) if subject else found.excerpt,
        pictures=list(subject.kind.pictures(subject.thing)) if subject else [],
        is_hidden=subject is not None and subject.kind.is_hidden(subject.thing),
        is_taken=queries.is_claimed_by_other(found, actor),
        is_mine_no_more=found.first_decider_id is not None and found.first_decider_id == actor.account_id,
        is_overdue=queries.is_overdue(found),
        is_copy=found.reason == Reason.PATTERN,
        proposal=open_proposal(found),
        rule_sentence=rule_sentence,
        decisions=queries.decisions_about(found),
        notes=queries.notes_of(found),
        form=form,
        note_form=note_form,
        categories=CATEGORY_LABELS,
        measures=MEASURE_LABELS,
        districts=district_names(),
    )


@section.route("/moderation/objections/<pid>", methods=["GET", "POST"])
@requires("moderation.answer_objection", on=load_appeal)
def answer(appeal: Appeal) -> ResponseReturnValue:
    """Answer an objection to a colleague's decision."""
    form = AnswerForm()
    if form.validate_on_submit() and form.attempt(lambda: _answer(appeal, form)):
        flash_success(_("Answered. The person is told."))
        return redirect_to("moderation.queue")
    return _answer_page(appeal, form)


def _answer_page(appeal: Appeal, form: AnswerForm) -> ResponseReturnValue:
    return render(
        "moderation/answer.html",
        status=form.status,
        form=form,
        appeal=appeal,
        decision=appeal.decision,
        measure=MEASURE_LABELS[queries.measure_of(appeal.decision)],
        reports=appeal.decision.case.reports,
        categories=CATEGORY_LABELS,
    )


def _answer(appeal: Appeal, form: AnswerForm) -> bool:
    outcome = Outcome(form.outcome.data)
    operations.answer_objection(appeal, actor=current_actor(), outcome=outcome, reply=form.reply.data or "")
    return True
