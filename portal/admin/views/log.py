"""The staff log for administrators, and for everybody what staff did about them."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.accounts.views import steps
from portal.admin.forms import LogForm
from portal.admin.queries.log import CSV_HEADER, log_about, log_cells, log_page
from portal.admin.views.section import section
from portal.core import audit
from portal.core.csvsafe import csv_rows
from portal.web.access import own, requires
from portal.web.context import current_actor
from portal.web.render import Page, page_number, render

PER_PAGE = 50


@section.get("/staff/log")
@requires("admin.read_log")
def staff_log() -> Response:
    """What staff and the system did: names, ids, roles; never content."""
    form = LogForm(request.args)
    rows, total = log_page(form.chosen(), page_number(), PER_PAGE)
    page = Page(page_number(), PER_PAGE, total)
    return render("admin/log.html", form=form, rows=rows, page=page)


@section.post("/staff/log.csv")
@requires("admin.read_log")
@steps.fresh
def export_log() -> ResponseReturnValue:
    """The chosen rows as a table for a spreadsheet; that it was taken is a row itself."""
    rows = list(log_cells(LogForm(request.args).chosen()))
    audit.record("admin.log_exported", actor=current_actor(), subject=("log", 0), rows=len(rows))
    response = Response("".join(csv_rows(CSV_HEADER, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response


@section.get("/account/log")
@own
def own_log() -> Response:
    """What people who work here did about me and about what I wrote."""
    account_id = current_actor().account_id or 0
    rows, total = log_about(account_id, page_number(), PER_PAGE)
    return render("admin/own_log.html", rows=rows, page=Page(page_number(), PER_PAGE, total))
