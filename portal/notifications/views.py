"""Pages: my notices, my switches, and the link that ends a kind of mail."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, url_for

from portal.core.actors import Actor
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.notifications.forms import SwitchesForm
from portal.notifications.models import Notice
from portal.notifications.operations import (
    mark_all_read,
    mark_read,
    set_switches,
    stop_mails,
)
from portal.notifications.queries import (
    Switches,
    notice_of,
    notice_page,
    read_unsubscribe_token,
    shown_subject,
    switches_of,
    unread_count,
)
from portal.web.access import public, requires
from portal.web.blueprints import Section
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.render import Page, page_number, provide_context, render
from portal.web.responses import flash_success, redirect_to

section = Section("notifications", __name__)
PER_PAGE = 20

register_nav("notifications.notices", _l("Notices"), icon="bell", order=20, area="account")
register_nav("notifications.settings", _l("Mails and notices"), icon="mail", order=30, area="account")


def count_context(actor: Actor) -> dict[str, Any]:
    """The bell in the top bar; visitors cost no query."""
    if actor.is_visitor or actor.needs_second_factor:
        return {"notices": None}
    return {"notices": {"url": url_for("notifications.notices"), "count": unread_count(actor.account_id)}}


provide_context(count_context)


def own_id() -> int:
    """The signed-in account."""
    account_id = current_actor().account_id
    if account_id is None:
        raise NotFound
    return account_id


def own_notice(public_id: str) -> Notice:
    """One of the person's own notices; another's answers like an unknown one."""
    notice = notice_of(own_id(), public_id)
    if notice is None:
        raise NotFound
    return notice


@section.get("/notices")
@requires("notifications.read_own")
def notices() -> Response:
    """What there is to know, latest first."""
    rows, total = notice_page(own_id(), page_number(), PER_PAGE)
    page = Page(page_number(), PER_PAGE, total)
    return render("notifications/notices.html", rows=rows, page=page)


@section.post("/notices/<public_id>/open")
@requires("notifications.read_own", on=own_notice)
def open_notice(notice: Notice) -> Response:
    """Mark it read and go there. (A POST, since reading a page must change nothing.)"""
    mark_read(current_actor(), notice)
    subject = shown_subject(notice)
    if subject is None:
        return redirect_to("notifications.notices")
    endpoint, values = subject.endpoint
    return redirect_to(endpoint, **values)


@section.post("/notices/read")
@requires("notifications.read_own")
def read_all() -> Response:
    """All seen."""
    mark_all_read(current_actor())
    flash_success(_("All notices are marked as read."))
    return redirect_to("notifications.notices")


def _switches() -> list[Switches]:
    return switches_of(own_id(), staff=current_actor().is_staff)


@section.route("/account/notifications", methods=["GET", "POST"])
@requires("notifications.read_own")
def settings() -> Response:
    """Which notices come, and how."""
    switches = _switches()
    form = SwitchesForm.for_kinds(switches)
    if form.validate_on_submit():
        for name, (in_portal, by_mail) in form.wishes(switches).items():
            set_switches(own_id(), name, in_portal=in_portal, by_mail=by_mail)
        flash_success(_("Saved."))
        return redirect_to("notifications.settings")
    return render("notifications/settings.html", status=form.status, form=form, switches=switches)


@section.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> Response:
    """A button only: mail programs and scanners follow links."""
    found = read_unsubscribe_token(token)
    if found is None:
        raise NotFound
    return render("notifications/unsubscribe.html", kind=found[1], token=token, done=False)


@section.post("/unsubscribe/<token>")
@public
def unsubscribe_now(token: str) -> Response:
    """The button, or the mail program's own (RFC 8058). The token in the address is the proof."""
    found = read_unsubscribe_token(token)
    if found is None:
        raise NotFound
    stop_mails(found[0], found[1].name)
    return render("notifications/unsubscribe.html", kind=found[1], token=token, done=True)


def init_app(app: Flask) -> None:
    """Mail programs post without our token."""
    app.extensions["csrf"].exempt(unsubscribe_now)
