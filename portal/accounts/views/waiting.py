"""When the session is over: what was typed waits for a day, and is offered again after signing in."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Flask, Response, after_this_request, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from portal.accounts import operations
from portal.accounts.operations import Parked, ParkedFile
from portal.accounts.views import steps
from portal.accounts.views.adapter import PARKED
from portal.accounts.views.section import section
from portal.core.db import transaction
from portal.core.errors import RateLimited
from portal.core.i18n import gettext as _
from portal.core.limits import hit
from portal.web.access import own, own_session
from portal.web.errors import typed_fields
from portal.web.redirects import safe_back
from portal.web.render import render
from portal.web.responses import flash_info, go_to, redirect_to

PARKED_FIELD = "parked_post"
# Fields that say nothing by themselves.
SILENT = {"next", PARKED_FIELD}


def sign_in_first() -> Response:
    """The answer to somebody who has to sign in first; nothing they typed is lost."""
    if request.method in {"GET", "HEAD"}:
        return go_to(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if _park():
        flash_info(_("Please sign in. What you typed is kept for 24 hours, only you can open it."))
    else:
        flash_info(_("Please sign in first."))
    return go_to(url_for("accounts.sign_in", next=safe_back()))


def _park() -> bool:
    fields = [pair for pair in typed_fields() if pair[0] not in SILENT]
    sent = [(name, one) for name, one in request.files.items(multi=True) if one.filename]
    # Of a video only the words beside it are kept: the file is sent again.
    fits = sum(_size(one) for _name, one in sent) <= operations.MOST_PARKED_BYTES
    files = [
        ParkedFile(name, one.filename or "", one.mimetype, one.stream.read()) for name, one in sent if fits
    ]
    if not files and not any(value.strip() for _name, value in fields):
        return False
    try:
        hit("accounts.park", steps.network())
    except RateLimited:
        return False
    with transaction():
        ticket = operations.park(request.full_path.rstrip("?"), fields, files)
    if ticket:
        cookie[PARKED] = ticket
    return ticket is not None


def _size(upload: FileStorage) -> int:
    """How long a file is, without reading it: a video never stands in memory."""
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    return size


def _waiting() -> Parked | None:
    ticket = cookie.get(PARKED)
    return operations.unpark(ticket) if isinstance(ticket, str) else None


@section.get("/sign-in/waiting")
@own
def parked() -> ResponseReturnValue:
    """What was typed before, with a button to send it now. Nothing is sent by itself."""
    waiting = _waiting()
    if waiting is None:
        cookie.pop(PARKED, None)
        return redirect_to("discovery.home")
    return render("accounts/parked.html", waiting=waiting, parked_field=PARKED_FIELD)


@section.post("/sign-in/waiting/forget")
@own_session
def forget_parked() -> Response:
    """Throw it away."""
    ticket = cookie.pop(PARKED, None)
    if isinstance(ticket, str):
        operations.forget_parked(ticket)
    return redirect_to("discovery.home")


def bring_back_files() -> None:
    """Before a post that is sent again: the parked uploads join it, as if they had been chosen anew.

    The row is deleted in the post's own transaction: if that fails, it is still there.
    """
    if request.method != "POST" or PARKED not in cookie or PARKED_FIELD not in request.form:
        return
    waiting, ticket = _waiting(), str(cookie[PARKED])
    if waiting is None:
        return
    uploads: list[tuple[str, Any]] = [
        (one.field, FileStorage(BytesIO(one.content), one.name, one.field, one.content_type))
        for one in waiting.files
    ]
    # The attribute is Werkzeug's cache of the parsed body.
    request.__dict__["files"] = ImmutableMultiDict([*request.files.items(multi=True), *uploads])
    operations.forget_parked(ticket)
    after_this_request(_forget_ticket)


def _forget_ticket(response: Response) -> Response:
    if response.status_code < 400:
        cookie.pop(PARKED, None)
    return response


def init_app(app: Flask) -> None:
    """Look for parked uploads before each post."""
    app.before_request(bring_back_files)
