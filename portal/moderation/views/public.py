"""What everybody can reach: reporting, receipts, reasons, statements, objections, figures."""

from __future__ import annotations

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import limits
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.moderation import operations, queries
from portal.moderation.errors import UnknownReceipt
from portal.moderation.forms import ObjectionForm, ReceiptForm, ReportForm
from portal.moderation.models import CRISIS, Category, Decision, Report
from portal.moderation.operations.rules import rules_for_machines
from portal.moderation.permissions import is_concerned
from portal.moderation.settings import CATEGORY_LABELS, MEASURE_LABELS
from portal.moderation.views.section import load_subject, section
from portal.web.access import public, requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to


@section.route("/report/<kind>/<pid>", methods=["GET", "POST"])
@requires("moderation.report", on=load_subject)
def report(subject: Subject) -> ResponseReturnValue:
    """Report something: a page that needs neither account nor script."""
    form = ReportForm()
    receipt = form.attempt(lambda: _send(subject, form)) if form.validate_on_submit() else None
    if receipt is not None:
        return redirect_to("moderation.receipt", code=receipt.code)
    return render("moderation/report.html", status=form.status, form=form, subject=subject)


def _send(subject: Subject, form: ReportForm) -> operations.Receipt:
    actor = current_actor()
    if actor.is_visitor:
        limits.hit("moderation.report", limits.network_key(request.remote_addr))
    return operations.report_subject(
        subject,
        actor=actor,
        category=Category(form.category.data),
        words=form.words.data or "",
        email=form.email.data or None,
        name=form.name.data or "",
        language=current_language().slug,
        code=form.code.data,
    )


@section.get("/conduct/rules.json")
@public
def rules_file() -> ResponseReturnValue:
    """The rules and the procedure for machines (Art. 14 DSA), in the language of the address."""
    return jsonify(rules_for_machines(url_for("content.page", page="conduct", _external=True)))


@section.route("/receipts", methods=["GET", "POST"])
@public
def receipts() -> ResponseReturnValue:
    """Type the number of a report to see what became of it."""
    form = ReceiptForm()
    if form.validate_on_submit() and form.attempt(lambda: _known(form.code.data or "")):
        return redirect_to("moderation.receipt", code=_plain(form.code.data or ""))
    return render("moderation/receipts.html", status=form.status, form=form)


def _plain(code: str) -> str:
    return "".join(code.lower().replace("-", " ").split())


def _known(code: str) -> bool:
    limits.hit("moderation.receipt", limits.network_key(request.remote_addr))
    if queries.report_by_code(code) is None:
        raise UnknownReceipt
    return True


@section.get("/receipts/<code>")
@public
def receipt(code: str) -> ResponseReturnValue:
    """What became of one report: only for whoever has its number."""
    found = queries.report_by_code(code)
    if found is None:
        raise NotFound
    return _answer_page(found, "-".join(code[start : start + 4] for start in range(0, len(code), 4)))


@section.get("/reports/<pid>")
@requires("moderation.own_report", on=lambda pid: queries.own_report(pid))
def own_report(found: Report) -> ResponseReturnValue:
    """What became of a report made while signed in: where the notice leads."""
    return _answer_page(found, None)


def _answer_page(found: Report, code: str | None) -> ResponseReturnValue:
    return render(
        "moderation/receipt.html",
        report=found,
        code=code,
        decision=queries.decision_by_id(found.decision_id) if found.decision_id else None,
        is_crisis=Category(found.category) in CRISIS,
        category=CATEGORY_LABELS[Category(found.category)],
    )


@section.get("/hidden/<kind>/<pid>")
@requires("moderation.reasons", on=load_subject)
def reasons(subject: Subject) -> ResponseReturnValue:
    """Why something cannot be seen: the rule, the role and the date."""
    found = queries.public_reasons(subject)
    if found is None:
        raise NotFound
    is_own = found.author_id is not None and found.author_id == current_actor().account_id
    return render("moderation/reasons.html", reasons=found, kind=subject.kind, is_own=is_own)


@section.get("/decisions/<pid>")
@requires("moderation.statement", on=lambda pid: queries.decision_by_public_id(pid))
def statement(decision: Decision) -> ResponseReturnValue:
    """The statement of reasons, for the person concerned and for those who decide."""
    actor = current_actor()
    appeal = queries.objection_to(decision)
    return render(
        "moderation/statement.html",
        decision=decision,
        title=decision.case.title,
        measure=MEASURE_LABELS[queries.measure_of(decision)],
        appeal=appeal,
        concerned=is_concerned(actor, decision),
        may_object=appeal is None and can(actor, "moderation.object", decision),
        edit_url=_edit_url(decision),
    )


def _edit_url(decision: Decision) -> str | None:
    subject = resolve(SubjectRef(decision.subject_kind, decision.subject_id))
    if subject is None or not is_concerned(current_actor(), decision):
        return None
    place = subject.kind.edit_endpoint(subject.thing)
    return url_for(place[0], **place[1]) if place else None


@section.route("/decisions/<pid>/objection", methods=["GET", "POST"])
@requires("moderation.object", on=lambda pid: queries.decision_by_public_id(pid))
def objection(decision: Decision) -> ResponseReturnValue:
    """Object to a decision."""
    form = ObjectionForm()
    words = form.words.data or ""
    if form.validate_on_submit() and form.attempt(
        lambda: operations.object_to(decision, actor=current_actor(), words=words)
    ):
        flash_success(_("Thank you. Another person looks at it and answers you."))
        return redirect_to("moderation.statement", pid=decision.public_id)
    return render("moderation/objection.html", status=form.status, form=form, decision=decision)


@section.get("/moderation/figures")
@requires("moderation.figures")
def figures() -> ResponseReturnValue:
    """How moderation works here, in numbers anybody can see."""
    return render(
        "moderation/figures.html",
        figures=queries.figures(),
        categories=CATEGORY_LABELS,
        measures=MEASURE_LABELS,
    )
