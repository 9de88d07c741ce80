"""Taking one's data along, and going."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Response
from flask.typing import ResponseReturnValue

from portal.accounts import operations
from portal.accounts.forms import EraseForm
from portal.accounts.models import Account
from portal.accounts.views import steps
from portal.accounts.views.section import section
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.web.access import own
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to


@section.get("/account/export")
@own
def export() -> Response:
    """What the file will hold."""
    return render("accounts/export.html")


@section.post("/account/export")
@own
@steps.fresh
def download_export() -> ResponseReturnValue:
    """The file, made now and kept nowhere."""
    content = pack(steps.own_account())
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="nachbarnetz-{clock.today()}.zip"'
    return response


def pack(account: Account) -> bytes:
    """A ZIP with the same data twice: for machines (JSON) and for people (HTML)."""
    sections = operations.export_of(account)
    page = render("accounts/export_file.html", sections=sections).get_data()
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(sections, ensure_ascii=False, indent=2, default=str))
        file.writestr("data.html", page)
    return buffer.getvalue()


@section.get("/account/delete")
@own
@steps.fresh
def erase() -> ResponseReturnValue:
    """What shall stay, what shall go."""
    return render("accounts/erase.html", account=steps.own_account(), form=EraseForm())


@section.post("/account/delete")
@own
@steps.fresh
def request_erasure() -> ResponseReturnValue:
    """Begin the 14 days."""
    form, mine = EraseForm(), steps.own_account()
    if form.validate_on_submit() and form.attempt(lambda: _request(mine, form)):
        flash_success(_("Your account will be deleted. Until then you can change your mind here."))
        return redirect_to("accounts.account")
    return render("accounts/erase.html", status=form.status, account=mine, form=form)


def _request(account: Account, form: EraseForm) -> bool:
    operations.request_erasure(
        account,
        keep_proposals=form.proposals.data == "keep",
        keep_comments=form.comments.data == "keep",
        keep_support=form.support.data == "keep",
    )
    return True


@section.post("/account/delete/undo")
@own
def cancel_erasure() -> ResponseReturnValue:
    """Stay after all."""
    mine = steps.own_account()
    if mine.erase_due_at is None:
        raise NotFound
    operations.cancel_erasure(mine)
    flash_success(_("Good that you stay. Nothing was deleted."))
    return redirect_to("accounts.account")
