"""Coming into a group: at once, by asking, by a code, from a shared wish; and how the group answers."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups import queries
from portal.groups.errors import CannotJoinSo
from portal.groups.forms.joining import CodeForm, CodeNameForm, JoinForm, join_form
from portal.groups.models import Group, JoinWay, Membership, MemberState
from portal.groups.operations import joining, pairs, wishing
from portal.groups.permissions import membership_of
from portal.groups.queries.finding import similar_groups
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.views.doing import tried
from portal.groups.views.framing import exit_url, group_page, neutral_title, private, register_tool
from portal.groups.views.presenting import cards
from portal.groups.views.section import InGroup, load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to

JOINABLE = (JoinWay.FREE, JoinWay.REQUEST)


@section.get("/groups/<pid>/join")
@requires("groups.join", on=load_group)
def join(group: Group) -> ResponseReturnValue:
    """How one comes into this group, and the form where there is one."""
    membership = membership_of(current_actor(), group)
    if membership is not None and membership.state in (MemberState.MEMBER, MemberState.PAUSED):
        return redirect_to("groups.detail", pid=group.public_id)
    return _join_page(group, _form_for(group))


def _form_for(group: Group) -> JoinForm:
    by_wish = wishing.may_join_circle(group, current_actor())
    asks = group.join_way is JoinWay.REQUEST and not by_wish
    return join_form(list(group.questions) if asks else [])


def _join_page(group: Group, form: Form) -> ResponseReturnValue:
    actor = current_actor()
    by_wish = wishing.may_join_circle(group, actor)
    return group_page(
        "groups/join.html",
        group,
        status=form.status,
        subject=_("Join"),
        form=form,
        membership=membership_of(actor, group),
        by_wish=by_wish,
        again=not group.is_living,
        has_form=by_wish or group.join_way in JOINABLE,
        is_full=joining.is_full(group),
        ways=JoinWay,
    )


@section.post("/groups/<pid>/join")
@requires("groups.join", on=load_group)
def join_now(group: Group) -> ResponseReturnValue:
    """Join, ask, or come onto the waiting list; asked twice it is once."""
    form = _form_for(group)
    membership = form.attempt(lambda: _join(group, form)) if form.validate() else None
    if membership is None:
        return _join_page(group, form)
    _say_what_happened(membership)
    return redirect_to("groups.detail", pid=group.public_id)


def _join(group: Group, form: JoinForm) -> Membership:
    actor, alias = current_actor(), form.alias.data or ""
    known = membership_of(actor, group)
    if wishing.may_join_circle(group, actor):
        return wishing.join_circle(group, actor=actor, alias=alias)
    if known is not None and known.state in (MemberState.MEMBER, MemberState.REQUESTED, MemberState.WAITING):
        return known
    if group.join_way is JoinWay.FREE:
        return joining.join_freely(group, actor=actor, alias=alias)
    if group.join_way is JoinWay.REQUEST:
        return joining.ask_to_join(group, actor=actor, alias=alias, answers=form.answers)
    raise CannotJoinSo


def _say_what_happened(membership: Membership) -> None:
    if membership.state is MemberState.REQUESTED:
        flash_success(_("You have asked. The group answers within 14 days; we remind them."))
    elif membership.state is MemberState.WAITING:
        flash_info(_("The group is full. You are on the waiting list."))
    else:
        flash_success(_("Welcome! You are in the group now."))


@section.post("/groups/<pid>/take-back")
@requires("groups.take_back", on=load_group)
def take_back(group: Group) -> ResponseReturnValue:
    """Whoever asked no longer wants to."""
    joining.take_back(group, actor=current_actor())
    flash_info(_("You have taken it back. Nothing of it is kept."))
    return redirect_to("groups.index")


# ---- by a code


@section.get("/groups/code")
@requires("groups.use_code")
def code() -> ResponseReturnValue:
    """Type the three words of a slip of paper."""
    return _code_page(CodeForm(formdata=None))


def _code_page(form: Form) -> ResponseReturnValue:
    page = render(
        "groups/code.html",
        status=form.status,
        form=form,
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
    )
    return private(page)


@section.post("/groups/code")
@requires("groups.use_code")
def use_code() -> ResponseReturnValue:
    """The code fits: the group's name, and a name for oneself. Nothing is used up yet."""
    form = CodeForm()
    group = form.attempt(lambda: _group_of(form)) if form.validate() else None
    if group is None:
        return _code_page(form)
    return _name_page(group, CodeNameForm(formdata=None, data={"code": form.code.data}))


def _group_of(form: CodeForm) -> Group:
    return joining.group_of_code(form.code.data or "", actor=current_actor())


def _name_page(group: Group | None, form: CodeNameForm) -> ResponseReturnValue:
    page = render(
        "groups/code_name.html",
        status=form.status,
        form=form,
        group=group,
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
    )
    return private(page)


@section.post("/groups/code/join")
@requires("groups.use_code")
def join_by_code() -> ResponseReturnValue:
    """Become a member; one use of the code is gone. A second tap leads to the group."""
    form, actor = CodeNameForm(), current_actor()
    typed, alias = form.code.data or "", form.alias.data or ""
    joined = (
        form.attempt(lambda: joining.come_in(typed, actor=actor, alias=alias)) if form.validate() else None
    )
    group = queries.group_of(joined) if joined else None
    if group is None:
        return _name_page(None, form)
    flash_success(_("Welcome! You are in the group now."))
    return redirect_to("groups.detail", pid=group.public_id)


# ---- what the group answers


def load_request(pid: str, mid: str) -> InGroup | None:
    """Somebody who asked this group."""
    group = load_group(pid)
    membership = queries.membership_by_public_id(mid) if group else None
    if group is None or membership is None or membership.group_id != group.id:
        return None
    return InGroup(group, membership)


@section.get("/groups/<pid>/requests")
@requires("groups.see_requests", on=load_group)
def requests(group: Group) -> ResponseReturnValue:
    """Who would like to join, with their answers."""
    return group_page(
        "groups/requests.html",
        group,
        tab="members",
        subject=_("Requests"),
        requests=[queries.request_line(one, group) for one in queries.open_requests(group)],
        is_full=joining.is_full(group),
    )


@section.post("/groups/<pid>/requests/<mid>")
@requires("groups.accept_members", on=load_request)
def decide_request(asked: InGroup) -> ResponseReturnValue:
    """Take somebody in, or say no without reasons."""
    actor = current_actor()
    if request.form.get("answer") == "yes":
        tried(lambda: joining.accept(asked.thing, group=asked.group, actor=actor), _stands(asked))
    else:
        said = _("They are told in friendly words, without reasons.")
        tried(lambda: joining.decline(asked.thing, group=asked.group, actor=actor), said)
    return redirect_to("groups.requests", pid=asked.group.public_id)


def _stands(asked: InGroup) -> str:
    """What becomes of somebody who is taken in now."""
    full = joining.is_full(asked.group)
    return _("They are on the waiting list.") if full else _("They are in the group now.")


@section.post("/groups/<pid>/requests/<mid>/together")
@requires("groups.accept_together", on=load_request)
def accept_together(asked: InGroup) -> ResponseReturnValue:
    """Without a leader: one member begins to take somebody in, another confirms it."""
    group, who = asked.group, asked.thing.id
    tried(
        lambda: pairs.start_together(group, "accept", actor=current_actor(), membership_id=who),
        _("Begun. As soon as another member confirms it, they are in."),
    )
    return redirect_to("groups.together", pid=asked.group.public_id)


def requests_part(group: Group, actor: Actor) -> Part | None:
    """People wait for an answer: said on the overview to those who may give it."""
    if not can(actor, "groups.see_requests", group):
        return None
    waiting = [one for one in queries.open_requests(group) if one.state is MemberState.REQUESTED]
    if not waiting:
        return None
    url = url_for("groups.requests", pid=group.public_id)
    return Part(
        _("Somebody would like to join"),
        "groups/_requests_part.html",
        {"count": len(waiting), "url": url},
        urgent=True,
    )


def similar_part(group: Group, actor: Actor) -> Part | None:
    """Somebody waits in vain, or had a no: groups like this one."""
    membership = membership_of(actor, group)
    declined = membership is not None and membership.state is MemberState.DECLINED
    if membership is None or not (declined or joining.waits_in_vain(membership)):
        return None
    found = similar_groups(group, actor)
    no, wait = _("This group takes nobody in at the moment."), _("You have waited for four weeks.")
    context = {"groups": cards(found), "words": no if declined else wait}
    return Part(_("Similar groups"), "groups/_similar_part.html", context) if found else None


register_part(Place.OVERVIEW, "requests", requests_part, order=10)
register_part(Place.OVERVIEW, "similar", similar_part, order=15)
register_tool("groups.requests", _l("Who would like to join"), permission="groups.see_requests", icon="plus")
