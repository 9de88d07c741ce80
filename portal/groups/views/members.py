"""Who is in the group, and what a member chooses for themselves."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.groups import queries
from portal.groups.forms.sharing import OwnForm
from portal.groups.models import Group, Membership
from portal.groups.operations.profile import change_own, notices_of
from portal.groups.permissions import membership_of
from portal.groups.queries.parts import Place, parts_of
from portal.groups.queries.shared_out import own_roles, role_sheets
from portal.groups.views.framing import group_page
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to


def own_membership(group: Group) -> Membership:
    """The reader's row in this group."""
    membership = membership_of(current_actor(), group)
    if membership is None:
        raise NotFound
    return membership


@section.get("/groups/<pid>/members")
@requires("groups.leave", on=load_group)
def members(group: Group) -> ResponseReturnValue:
    """The members by the names they use here; a discreet group has no list of them."""
    actor, own = current_actor(), own_membership(group)
    return group_page(
        "groups/members.html",
        group,
        tab="members",
        subject=_("Members"),
        lines=queries.member_lines(group) if can(actor, "groups.see_members", group) else [],
        own=own,
        own_roles=own_roles(own),
        sheets=role_sheets(group),
        parts=parts_of(Place.MEMBERS, group, actor),
    )


@section.route("/groups/<pid>/me", methods=["GET", "POST"])
@requires("groups.leave", on=load_group)
def me(group: Group) -> ResponseReturnValue:
    """My name here, my notices, whether people outside see me."""
    membership, actor = own_membership(group), current_actor()
    form = OwnForm.of(group, obj=membership, notices=notices_of(group, actor=actor))
    if form.validate_on_submit() and form.attempt(lambda: _save_own(group, form)) is not None:
        flash_success(_("Saved."))
        return redirect_to("groups.members", pid=group.public_id)
    return group_page(
        "groups/me.html", group, tab="members", subject=_("About me"), status=form.status, form=form
    )


def _save_own(group: Group, form: OwnForm) -> bool:
    shown = bool(form.shown_publicly and form.shown_publicly.data)
    change_own(
        group,
        actor=current_actor(),
        alias=form.alias.data or "",
        shown_publicly=shown,
        notices=form.notices.data,
    )
    return True
