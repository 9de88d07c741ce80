"""Invitations: three words on a slip of paper, shown once, for one person each."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.forms.shaping import InviteForm
from portal.groups.models import Group
from portal.groups.operations.joining import make_code, revoke_codes
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
    form = InviteForm()
    if form.validate_on_submit():
        return _sheet(group, form.slips.data or 1)
    return _form_page(group, form)


def _form_page(group: Group, form: InviteForm) -> ResponseReturnValue:
    codes, people = open_codes(group)
    return group_page(
        "groups/invitations.html",
        group,
        tab="members",
        subject=_("Invite somebody"),
        status=form.status,
        form=form,
        codes=codes,
        people=people,
    )


def _sheet(group: Group, slips: int) -> ResponseReturnValue:
    """The codes are shown this once: on the sheet. A discreet group's slips do not say what they are for."""
    made = [make_code(group, actor=current_actor()) for _slip in range(slips)]
    return private(
        render(
            "groups/slips.html",
            group=group,
            codes=made,
            address=absolute_url("groups.code"),
            back_url="",
        )
    )


@section.post("/groups/<pid>/invitations/void")
@requires("groups.invite", on=load_group)
def void_codes(group: Group) -> ResponseReturnValue:
    """All open codes are void, at once."""
    revoke_codes(group, actor=current_actor())
    tell(group, "codes_revoked")
    flash_success(_("All open invitations are void."))
    return redirect_to("groups.invitations", pid=group.public_id)
