"""Leaving, at once and without a reason; pausing; answering whether the group goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue

from portal.accounts.queries import actor_for, get_account
from portal.core.actors import Actor
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.permissions import can
from portal.groups.errors import GroupOver
from portal.groups.forms.leaving import AnswerForm, LeaveForm, PauseForm
from portal.groups.models import Group, GroupRole, Membership, MemberState
from portal.groups.operations import leaving, living
from portal.groups.operations.handing_over import leave_with_successor
from portal.groups.operations.pairs import STOP, start_together
from portal.groups.permissions import is_member
from portal.groups.queries.shared_out import others_of, own_roles
from portal.groups.queries.standing import member_by_alias, member_by_public_id, member_of_token
from portal.groups.views.doing import link, tried
from portal.groups.views.framing import group_page, private, register_tool
from portal.groups.views.members import own_membership
from portal.groups.views.section import load_group, section
from portal.web.access import public, requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_error, flash_success, redirect_to

register_tool(
    "groups.goes_on", _pl("group", "Does it go on?"), permission="groups.leave", icon="heart", order=80
)
register_tool(
    "groups.leave", _pl("group", "Leave the group"), permission="groups.leave", icon="arrow", order=90
)


@section.route("/groups/<pid>/leave", methods=["GET", "POST"])
@requires("groups.leave_again", on=load_group)
def leave(group: Group) -> ResponseReturnValue:
    """Out, now. Pressed twice it is the same answer."""
    if not is_member(current_actor(), group):
        return redirect_to("groups.mine")
    own = own_membership(group)
    held = own_roles(own)
    form = LeaveForm.of(group, others_of(group, own), has_roles=bool(held))
    if form.validate_on_submit():
        _leave(group, form)
        return redirect_to("groups.mine")
    return _leave_page(group, form, held)


def _leave_page(group: Group, form: LeaveForm, held: Sequence[tuple[GroupRole, date]]) -> ResponseReturnValue:
    return group_page(
        "groups/leave.html",
        group,
        subject=_("Leave the group"),
        status=form.status,
        form=form,
        roles=[role for role, _until in held],
    )


def _leave(group: Group, form: LeaveForm) -> None:
    found = member_by_alias if group.is_discreet else member_by_public_id
    leave_with_successor(
        group,
        actor=current_actor(),
        successor=found(group, form.named) if form.named else None,
        take_texts=form.texts.data == "take",
    )
    flash_success(_("You have left. You are out at once, and nobody is told why."))


@section.route("/groups/<pid>/pause", methods=["GET", "POST"])
@requires("groups.pause", on=load_group)
def pause(group: Group) -> ResponseReturnValue:
    """Stay a member, but rest: no notices, no roles counted. Pressed twice it is one pause."""
    form = PauseForm()
    if own_membership(group).state is MemberState.PAUSED:
        return redirect_to("groups.members", pid=group.public_id)
    if form.validate_on_submit():
        leaving.pause(group, actor=current_actor(), days=form.days.data or 1)
        flash_success(_("You are pausing. Come back whenever you like."))
        return redirect_to("groups.members", pid=group.public_id)
    return group_page("groups/pause.html", group, subject=_("Pause"), status=form.status, form=form)


@section.post("/groups/<pid>/back")
@requires("groups.leave", on=load_group)
def come_back(group: Group) -> ResponseReturnValue:
    """The pause is over."""
    leaving.come_back(group, actor=current_actor())
    flash_success(_("Welcome back."))
    return redirect_to("groups.members", pid=group.public_id)


# ---- does the group go on?


@section.route("/groups/<pid>/goes-on", methods=["GET", "POST"])
@requires("groups.leave", on=load_group)
def goes_on(group: Group) -> ResponseReturnValue:
    """Three answers: we go on, we take a break, we stop."""
    form = AnswerForm()
    if form.validate_on_submit() and _answer(group, str(form.answer.data), current_actor()):
        return redirect_to("groups.detail", pid=group.public_id)
    return _goes_on_page(group, form)


def _goes_on_page(group: Group, form: AnswerForm) -> ResponseReturnValue:
    return group_page(
        "groups/goes_on.html",
        group,
        subject=_("Does it go on?"),
        status=form.status,
        form=form,
        by_two=living.may_end_by_two(group),
        decide_url=link("groups.decide", pid=group.public_id),
    )


def _answer(group: Group, answer: str, actor: Actor) -> bool:
    if answer == "on":
        return tried(lambda: living.go_on(group, actor=actor), _("Good. The group goes on."))
    if not group.is_living:
        flash_error(GroupOver())
        return False
    if answer == "break":
        said = _("The group rests now. Any of you can wake it with one tap.")
        return tried(lambda: living.take_a_break(group, actor=actor), said)
    return tried(
        lambda: start_together(group, STOP, actor=actor),
        _("Noted. When a second member confirms it, the group ends. Nothing is lost before."),
    )


@section.route("/groups/answer/<token>", methods=["GET", "POST"])
@public
def answer_by_mail(token: str) -> ResponseReturnValue:
    """The same three answers from a mail, without signing in. Reading changes nothing."""
    found = member_of_token(token)
    if found is None:
        raise NotFound
    (membership, group), form = found, AnswerForm()
    done = form.validate_on_submit() and _answer_by_mail(group, membership, str(form.answer.data))
    given: dict[str, Any] = {"group": group, "form": form, "token": token, "done": done, "alternates": False}
    return private(render("groups/answer.html", status=form.status, **given))


def _answer_by_mail(group: Group, membership: Membership, answer: str) -> bool:
    actor = actor_for(get_account(membership.account_id or 0))
    if not can(actor, "groups.leave", group):
        raise NotFound
    return _answer(group, answer, actor)
