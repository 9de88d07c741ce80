"""Roles: who does what until when, who trusts whom, who takes on what is empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.errors import NoSuchMember
from portal.groups.forms.sharing import MemberForm, RightsForm, RoleForm
from portal.groups.models import Group, Membership
from portal.groups.models.role_labels import RIGHT_LABELS, WAY_LABELS, role_name
from portal.groups.operations import offers
from portal.groups.operations import roles as operations
from portal.groups.operations.reshaping import drop_role, save_role, set_member_rights
from portal.groups.queries import trust_needed
from portal.groups.queries.shared_out import (
    names_of,
    offers_to,
    others_of,
    own_trust,
    role_sheets,
    trust_counts,
)
from portal.groups.queries.standing import member_by_alias, member_by_public_id
from portal.groups.views.doing import (
    claim_in,
    link,
    load_claim,
    load_offer,
    load_role,
    offer_in,
    role_in,
    tried,
)
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.members import own_membership
from portal.groups.views.section import InGroup, load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to

register_tool("groups.roles", _pl("group", "Roles"), permission="groups.leave", icon="star", order=20)


@section.get("/groups/<pid>/roles")
@requires("groups.leave", on=load_group)
def roles(group: Group) -> ResponseReturnValue:
    """All roles, who holds them, what is empty."""
    return group_page(
        "groups/roles.html",
        group,
        tab="members",
        subject=_("Roles"),
        sheets=role_sheets(group),
        own=own_membership(group),
        offers=offers_to(own_membership(group)),
        rights=[RIGHT_LABELS[right] for right in RIGHT_LABELS if str(right) in group.member_rights],
    )


@section.get("/groups/<pid>/roles/<key>")
@requires("groups.leave", on=load_role)
def role(place: InGroup) -> ResponseReturnValue:
    """One role: what it may do, who holds it, whom one trusts with it."""
    return _role_page(place)


def _role_page(place: InGroup, form: MemberForm | None = None) -> ResponseReturnValue:
    group, shown, own = place.group, role_in(place), own_membership(place.group)
    form = form or MemberForm.of(group, others_of(group, own), formdata=None)
    trust, counts = own_trust(shown, own), trust_counts(shown)
    sheet = next(one for one in role_sheets(group) if one.role.id == shown.id)
    return group_page(
        "groups/role.html",
        group,
        tab="members",
        subject=role_name(shown),
        status=form.status,
        form=form,
        sheet=sheet,
        own=own,
        needed=trust_needed(group),
        names=names_of(group, [*trust, *([] if group.is_discreet else counts)]),
        trust=trust,
        counts=counts,
        rights=[RIGHT_LABELS[right] for right in RIGHT_LABELS if str(right) in shown.rights],
        way=WAY_LABELS[shown.how],
        decide_url=link("groups.decide", pid=group.public_id),
    )


# ---- shaping roles


@section.route("/groups/<pid>/roles/new", methods=["GET", "POST"])
@requires("groups.assign_roles", on=load_group)
def new_role(group: Group) -> ResponseReturnValue:
    """A role under the group's own name."""
    return _shape(group, RoleForm(), None)


@section.route("/groups/<pid>/roles/<key>/change", methods=["GET", "POST"])
@requires("groups.assign_roles", on=load_role)
def change_role(place: InGroup) -> ResponseReturnValue:
    """Another name, other rights, another term."""
    return _shape(place.group, RoleForm.of(role_in(place), role_name(role_in(place))), place)


def _shape(group: Group, form: RoleForm, place: InGroup | None) -> ResponseReturnValue:
    known = role_in(place) if place else None
    if form.validate_on_submit():
        saved = form.attempt(lambda: save_role(known, form.wish(), group=group, actor=current_actor()))
        if saved is not None:
            flash_success(_("Saved."))
            return redirect_to("groups.role", pid=group.public_id, key=saved.key)
    return group_page(
        "groups/role_form.html",
        group,
        tab="members",
        subject=_("Roles"),
        status=form.status,
        form=form,
        role=known,
    )


@section.post("/groups/<pid>/roles/<key>/drop")
@requires("groups.assign_roles", on=load_role)
def end_role(place: InGroup) -> ResponseReturnValue:
    """The role is no more."""
    return _answered(
        drop_role, role_in(place), place, _("The role is no more. Who held it is a member like all.")
    )


@section.route("/groups/<pid>/rights", methods=["GET", "POST"])
@requires("groups.assign_roles", on=load_group)
def rights(group: Group) -> ResponseReturnValue:
    """What every member may do."""
    form = RightsForm(rights=group.member_rights)
    if form.validate_on_submit() and form.attempt(lambda: _save_rights(group, form)):
        flash_success(_("Saved."))
        return redirect_to("groups.roles", pid=group.public_id)
    return group_page(
        "groups/rights.html", group, tab="members", subject=_("Roles"), status=form.status, form=form
    )


def _save_rights(group: Group, form: RightsForm) -> bool:
    set_member_rights(group, actor=current_actor(), rights=form.chosen())
    return True


# ---- holding roles: asked, trusted, laid down


def _with_member(place: InGroup, act: str) -> ResponseReturnValue:
    """Do something about the member the form names, and say what came of it."""
    group = place.group
    form = MemberForm.of(group, others_of(group, own_membership(group)))
    if not form.validate_on_submit() or form.attempt(lambda: _about(place, _named(group, form), act)) is None:
        return _role_page(place, form)
    return redirect_to("groups.role", pid=group.public_id, key=role_in(place).key)


def _named(group: Group, form: MemberForm) -> Membership:
    found = member_by_alias if group.is_discreet else member_by_public_id
    member = found(group, form.key)
    if member is None:
        raise NoSuchMember
    return member


def _about(place: InGroup, member: Membership, act: str) -> bool:
    group, shown, actor = place.group, role_in(place), current_actor()
    if act == "offer":
        offers.offer(shown, member, group=group, actor=actor)
        flash_success(_("The person is asked now, and can say yes or no within two weeks."))
    elif act == "trust":
        enough = operations.give_trust(shown, member, group=group, actor=actor)
        flash_success(_("Enough of you trust the person: the role is theirs.") if enough else _("Noted."))
    else:
        ended = operations.take_trust_back(shown, member, group=group, actor=actor)
        flash_success(_("Enough of you say so: the role has ended.") if ended else _("Noted."))
    return True


@section.post("/groups/<pid>/roles/<key>/trust")
@requires("groups.take_part", on=load_role)
def trust(place: InGroup) -> ResponseReturnValue:
    """I trust somebody with this role."""
    return _with_member(place, "trust")


@section.post("/groups/<pid>/roles/<key>/distrust")
@requires("groups.take_part", on=load_role)
def distrust(place: InGroup) -> ResponseReturnValue:
    """I no longer trust somebody with this role."""
    return _with_member(place, "distrust")


@section.post("/groups/<pid>/roles/<key>/offer")
@requires("groups.take_part", on=load_role)
def offer_role(place: InGroup) -> ResponseReturnValue:
    """Ask somebody: handing over what one holds, or sharing roles out."""
    return _with_member(place, "offer")


@section.post("/groups/<pid>/roles/<key>/lay-down")
@requires("groups.take_part", on=load_role)
def lay_down(place: InGroup) -> ResponseReturnValue:
    """I no longer do it."""
    operations.lay_down(role_in(place), group=place.group, actor=current_actor())
    flash_success(_("You no longer hold this role."))
    return redirect_to("groups.role", pid=place.group.public_id, key=role_in(place).key)


def _answered(act: Callable[..., Any], thing: Any, place: InGroup, said: str) -> ResponseReturnValue:
    """One tap about a role: done, or said why not; then back to who does what."""
    tried(lambda: act(thing, group=place.group, actor=current_actor()), said)
    return redirect_to("groups.roles", pid=place.group.public_id)


@section.post("/groups/<pid>/offers/<oid>/yes")
@requires("groups.take_part", on=load_offer)
def accept_offer(place: InGroup) -> ResponseReturnValue:
    """Yes, I will do it."""
    return _answered(
        offers.accept_offer, offer_in(place), place, _("Thank you. The role is yours from now on.")
    )


@section.post("/groups/<pid>/offers/<oid>/no")
@requires("groups.take_part", on=load_offer)
def decline_offer(place: InGroup) -> ResponseReturnValue:
    """No, without a reason."""
    return _answered(offers.decline_offer, offer_in(place), place, _("All right. Nobody is told why."))


# ---- taking on what is empty


@section.post("/groups/<pid>/roles/<key>/claim")
@requires("groups.take_part", on=load_role)
def claim_role(place: InGroup) -> ResponseReturnValue:
    """ "I will do it"."""
    tried(
        lambda: operations.claim(role_in(place), group=place.group, actor=current_actor()),
        _("The others are told. It counts once somebody agrees, or after some days without objection."),
    )
    return redirect_to("groups.role", pid=place.group.public_id, key=role_in(place).key)


@section.post("/groups/<pid>/claims/<int:cid>/agree")
@requires("groups.take_part", on=load_claim)
def agree_to_claim(place: InGroup) -> ResponseReturnValue:
    """Another member says yes: it counts now."""
    return _answered(operations.confirm_claim, claim_in(place), place, _("It counts from now on."))


@section.post("/groups/<pid>/claims/<int:cid>/object")
@requires("groups.take_part", on=load_claim)
def object_to_claim(place: InGroup) -> ResponseReturnValue:
    """Another member objects: the group decides."""
    return _answered(
        operations.object_to_claim,
        claim_in(place),
        place,
        _("Noted. Now the group decides together who does it."),
    )


@section.post("/groups/<pid>/claims/<int:cid>/take-back")
@requires("groups.take_part", on=load_claim)
def take_claim_back(place: InGroup) -> ResponseReturnValue:
    """I would rather not."""
    return _answered(operations.take_claim_back, claim_in(place), place, _("Taken back."))
