"""How the portal is doing, jobs that gave up, reports of barriers, what data is kept."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from portal.admin import operations
from portal.admin.forms import AnswerForm
from portal.admin.queries import data_kept as kept
from portal.admin.queries.operation import barrier_page, dead_job, state
from portal.admin.queries.retention import overdue_counts
from portal.admin.views.section import section
from portal.content.models import BarrierReport
from portal.content.operations import answer_barrier_report
from portal.content.queries import barrier_report
from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.jobs import Job
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import Page, page_number, render
from portal.web.responses import flash_success, redirect_to

PER_PAGE = 30


@section.get("/staff/operation")
@requires("admin.operate")
def operation() -> Response:
    """Versions, jobs, mails, search: counts only."""
    return render("admin/operation.html", state=state())


@section.post("/staff/operation/jobs/<int:job_id>/retry")
@requires("admin.operate", on=dead_job)
def retry_job(job: Job) -> Response:
    """Once more."""
    operations.retry_job(current_actor(), job)
    flash_success(_("The job is tried again."))
    return redirect_to("admin.operation")


@section.post("/staff/operation/jobs/<int:job_id>/drop")
@requires("admin.operate", on=dead_job)
def drop_job(job: Job) -> Response:
    """Never mind."""
    operations.drop_job(current_actor(), job)
    flash_success(_("The job is gone."))
    return redirect_to("admin.operation")


@section.post("/staff/operation/search")
@requires("admin.operate")
def rebuild_search() -> Response:
    """The search index anew, in the background."""
    operations.ask_for_rebuild(current_actor())
    flash_success(_("The search index is being made anew. That takes a while; search goes on meanwhile."))
    return redirect_to("admin.operation")


@section.get("/staff/barriers")
@requires("content.handle_barriers")
def barriers() -> Response:
    """Reports of barriers: those that wait by their deadline, then the answered ones."""
    rows, total = barrier_page(page_number(), PER_PAGE)
    page = Page(page_number(), PER_PAGE, total)
    return render("admin/barriers.html", reports=rows, page=page, today=clock.today())


def _barrier_page(report: BarrierReport, form: AnswerForm) -> Response:
    return render("admin/barrier.html", status=form.status, report=report, form=form, today=clock.today())


@section.get("/staff/barriers/<public_id>")
@requires("content.handle_barriers", on=barrier_report)
def barrier(report: BarrierReport) -> Response:
    """One report."""
    return _barrier_page(report, AnswerForm(formdata=None, answer=report.answer))


@section.post("/staff/barriers/<public_id>")
@requires("content.handle_barriers", on=barrier_report)
def answer_barrier(report: BarrierReport) -> ResponseReturnValue:
    """Say what was done."""
    form = AnswerForm()
    if form.validate_on_submit() and form.attempt(lambda: _answer(report, form)):
        flash_success(_("Saved."))
        return redirect_to("admin.barriers")
    return _barrier_page(report, form)


def _answer(report: BarrierReport, form: AnswerForm) -> bool:
    answer_barrier_report(current_actor(), report, str(form.answer.data))
    return True


@section.get("/staff/data")
@requires("admin.see_data_kept")
def data_kept() -> Response:
    """Every table and column: what for, how long, who sees it."""
    return render(
        "admin/data_kept.html", tables=kept.data_kept(), classes=kept.CLASS_WORDS, overdue=overdue_counts()
    )
