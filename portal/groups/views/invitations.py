"""Invitations: three words on a slip of paper, shown once, for one person each."""

from __future__ import annotations

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.forms.shaping import InviteForm
from portal.groups.models import Group
from portal.groups.operations.joining import make_sheet, revoke_codes
from portal.groups.operations.telling import tell
from portal.groups.queries.shared_out import open_codes
from portal.groups.views.framing import group_page, private, register_tool
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.links import absolute_url
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to

register_tool(
    "groups.invitations", _pl("group", "Invite somebody"), permission="groups.invite", icon="key", order=10
)


@section.route("/groups/<pid>/invitations", methods=["GET", "POST"])
@requires("groups.invite", on=load_group)
def invitations(group: Group) -> ResponseReturnValue:
    """How many codes are open; a sheet of slips to print."""
    form, actor = InviteForm(), current_actor()
    made = None
    if form.validate_on_submit():
        slips, key = form.slips.data or 1, form.form_key.data or ""
        made = form.attempt(lambda: make_sheet(group, actor=actor, slips=slips, form_key=key))
    return _form_page(group, form) if made is None else _sheet(group, made)


def _form_page(group: Group, form: InviteForm) -> ResponseReturnValue:
    opened = open_codes(group)
    return group_page(
        "groups/invitations.html",
        group,
        tab="members",
        subject=_("Invite somebody"),
        status=form.status,
        form=form,
        opened=opened,
        people=sum(many for _made, _until, many in opened),
    )


def _sheet(group: Group, made: list[str]) -> ResponseReturnValue:
    """The codes are shown this once: on the sheet. A discreet group's slips do not say what they are for."""
    return private(
        render(
            "groups/slips.html",
            group=group,
            codes=made,
            address=absolute_url("groups.code"),
            back_url="",
        )
    )


def as_day(words: str) -> date | None:
    """The day of the button; None for none or nonsense."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


@section.post("/groups/<pid>/invitations/void")
@requires("groups.invite", on=load_group)
def void_codes(group: Group) -> ResponseReturnValue:
    """All open codes are void, at once; or only those of one day."""
    made_on = as_day(request.form.get("made_on", ""))
    revoke_codes(group, actor=current_actor(), made_on=made_on)
    tell(group, "codes_revoked")
    flash_success(_("These invitations are void.") if made_on else _("All open invitations are void."))
    return redirect_to("groups.invitations", pid=group.public_id)
