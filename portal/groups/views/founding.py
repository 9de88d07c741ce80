"""From a wish to a running group, in small steps. Nobody but the founders approves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.core.actors import Actor
from portal.core.errors import NotFound
from portal.core.i18n import format_date
from portal.core.i18n import gettext as _
from portal.core.subjects import SubjectRef, resolve, resolve_public
from portal.groups import queries
from portal.groups.errors import TooFewWouldCome
from portal.groups.forms.founding import (
    CHARTER_STEPS,
    BeginForm,
    ContactWayForm,
    KindForm,
    PlanForm,
    PrivacyForm,
    charter_form,
)
from portal.groups.models import Group, GroupKind, Preset, Privacy
from portal.groups.models.accompanying_labels import ACCOMPANIMENT_LOOKS
from portal.groups.models.labels import PRIVACY_LOOKS
from portal.groups.operations import founding
from portal.groups.permissions import membership_of
from portal.groups.queries.accompanying import open_agreement
from portal.groups.queries.parts import Place, parts_of
from portal.groups.queries.texts import CharterText
from portal.groups.views.framing import exit_url, group_page
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to


def origin_of(words: str) -> SubjectRef | None:
    """The proposal or idea a circle grows out of, from "kind:public id"; None for nonsense."""
    kind, _colon, pid = words.partition(":")
    found = resolve_public(kind, pid) if kind in ("proposal", "group_idea") else None
    return SubjectRef(kind, found.id) if found and found.visible_to(current_actor()) else None


@section.get("/groups/new")
@requires("groups.begin")
def new() -> ResponseReturnValue:
    """The first step: what kind, and who may learn of it."""
    origin = request.args.get("origin", "")
    form = KindForm(is_staff=current_actor().is_staff, formdata=None)
    return _kind_page(form, origin)


def _kind_page(form: KindForm, origin: str) -> ResponseReturnValue:
    ref = origin_of(origin)
    grown = resolve(ref) if ref else None
    return render(
        "groups/new_kind.html", status=form.status, form=form, origin=origin if ref else "", grown=grown
    )


@section.post("/groups/new")
@requires("groups.begin")
def new_words() -> ResponseReturnValue:
    """The second step, shown as the answer to the first: nothing of a discreet group stands in an address."""
    kind = KindForm(is_staff=current_actor().is_staff)
    if not kind.validate():
        return _kind_page(kind, request.form.get("origin", ""))
    given = {name: request.form.get(name, "") for name in ("kind", "privacy", "origin")}
    return _words_page(BeginForm(formdata=None, data=given))


def _words_page(form: BeginForm) -> ResponseReturnValue:
    hidden = form.privacy.data == Privacy.DISCREET
    return render(
        "groups/new_words.html",
        status=form.status,
        form=form,
        leave_url=exit_url() if hidden else "",
    )


@section.post("/groups/new/begin")
@requires("groups.begin")
def begin() -> ResponseReturnValue:
    """Open the founding circle; sent twice it is one."""
    form = BeginForm()
    group = form.attempt(lambda: _begin(form)) if form.validate() else None
    if group is None:
        return _words_page(form)
    return redirect_to("groups.checklist", pid=group.public_id)


def _begin(form: BeginForm) -> Group:
    if form.kind.data not in set(GroupKind) or form.privacy.data not in set(Privacy):
        raise NotFound
    origin = origin_of(form.origin.data or "")
    if form.origin.data and origin is None:
        raise TooFewWouldCome
    return founding.begin_group(
        current_actor(),
        name=form.name.data or "",
        aim=form.aim.data or "",
        kind=GroupKind(form.kind.data),
        privacy=Privacy(form.privacy.data),
        alias=form.alias.data or "",
        preset=Preset(form.preset.data),
        origin=origin,
        district_id=form.district_id,
        form_key=(form.key.data or "")[:40],
    )


# ---- the checklist


@dataclass(frozen=True)
class Task:
    """One line of the checklist: what, whether it is done, where, and what is there already, in parts."""

    words: str
    is_done: bool
    url: str
    now: tuple[str, ...]
    is_needed: bool = True


def plan_of(group: Group) -> dict[str, str]:
    """Where, when, and the first day."""
    plan: dict[str, str] = json.loads(group.plan)
    return plan


def _first_words(plan: dict[str, str]) -> str:
    """The first day and its time, as the reader's language writes them."""
    if not plan.get("first_on"):
        return ""
    words = format_date(date.fromisoformat(plan["first_on"]))
    return f"{words}, {plan['starts']}" if plan.get("starts") else words


def _said(*words: str | None) -> tuple[str, ...]:
    """What there is of it; each part is written in its own direction."""
    return tuple(one for one in words if one)


def tasks_of(group: Group) -> list[Task]:
    """What a founding circle does before it decides to be a group."""
    charter, plan = queries.current_charter(group), plan_of(group)
    texts = charter.texts if charter else {}

    def step(number: int) -> str:
        return url_for("groups.founding_charter", pid=group.public_id, number=number)

    pid = group.public_id
    return [
        Task(_("What we want to reach, and for whom"), bool(texts), step(1), _said(texts.get("goal"))),
        Task(
            _("Who may learn of us"),
            True,
            url_for("groups.founding_privacy", pid=pid),
            _said(str(PRIVACY_LOOKS[group.privacy].label)),
        ),
        Task(
            _("How people reach us"),
            bool(group.contact_way),
            url_for("groups.founding_contact", pid=pid),
            _said(group.contact_way),
        ),
        Task(
            _("Where and when we meet, and when first"),
            any(plan.values()),
            url_for("groups.founding_plan", pid=pid),
            _said(plan.get("place"), plan.get("time"), _first_words(plan)),
            is_needed=False,
        ),
        Task(
            _("What we agree on: what we do, what stays with us, how we decide"),
            any(texts.get(name) for fields in CHARTER_STEPS[1:] for name in fields),
            step(2),
            _said(texts.get("what_we_do")),
            is_needed=False,
        ),
        _companion_task(group),
    ]


def _companion_task(group: Group) -> Task:
    found = open_agreement(group)
    return Task(
        _("Somebody stands by us for some months"),
        found is not None,
        url_for("groups.accompaniment", pid=group.public_id),
        _said(found.name, str(ACCOMPANIMENT_LOOKS[found.state].label)) if found else (),
        is_needed=False,
    )


@section.get("/groups/<pid>/founding")
@requires("groups.gather", on=load_group)
def checklist(group: Group) -> ResponseReturnValue:
    """What is done, what is missing, and the button with which the founders decide."""
    charter, actor = queries.current_charter(group), current_actor()
    return group_page(
        "groups/checklist.html",
        group,
        subject=_("Founding"),
        tasks=tasks_of(group),
        charter=charter,
        has_agreed=_has_agreed(group, actor, charter),
        people=queries.active_count(group),
        missing=founding.missing_to_found(group),
        parts=parts_of(Place.FOUNDING, group, actor),
    )


def _has_agreed(group: Group, actor: Actor, charter: CharterText | None) -> bool:
    membership = membership_of(actor, group)
    return bool(charter and membership and membership.charter_version == charter.version)


def _step(group: Group, template: str, form: Form, save: Any, **context: Any) -> ResponseReturnValue:
    """One small step: saved it leads back to the checklist, else the form again."""
    if form.validate_on_submit():
        form.attempt(save)
        if form.status == 200:
            flash_success(_("Saved."))
            return redirect_to("groups.checklist", pid=group.public_id)
    return group_page(template, group, status=form.status, subject=_("Founding"), form=form, **context)


@section.route("/groups/<pid>/founding/privacy", methods=["GET", "POST"])
@requires("groups.gather", on=load_group)
def founding_privacy(group: Group) -> ResponseReturnValue:
    """Who may learn of the group: anything while alone, later only tighter."""
    alone = queries.active_count(group) == 1
    order = tuple(Privacy)
    offered = order if alone else order[order.index(group.privacy) :]
    form = PrivacyForm(offered=offered, data={"privacy": str(group.privacy)})
    actor = current_actor()
    return _step(
        group,
        "groups/founding_step.html",
        form,
        lambda: founding.choose_privacy(group, Privacy(form.privacy.data), actor=actor),
        heading=_("Who may learn of us"),
    )


@section.route("/groups/<pid>/founding/contact", methods=["GET", "POST"])
@requires("groups.gather", on=load_group)
def founding_contact(group: Group) -> ResponseReturnValue:
    """How people reach the group."""
    form, actor = ContactWayForm(data={"contact_way": group.contact_way}), current_actor()
    return _step(
        group,
        "groups/founding_step.html",
        form,
        lambda: founding.set_contact_way(group, actor=actor, words=form.contact_way.data or ""),
        heading=_("How people reach us"),
    )


@section.route("/groups/<pid>/founding/plan", methods=["GET", "POST"])
@requires("groups.gather", on=load_group)
def founding_plan(group: Group) -> ResponseReturnValue:
    """Where and when the circle meets, and when first."""
    plan = plan_of(group)
    first = date.fromisoformat(plan["first_on"]) if plan.get("first_on") else None
    form = PlanForm(data={**plan, "first_on": first})
    return _step(
        group,
        "groups/founding_step.html",
        form,
        lambda: _save_plan(group, form),
        heading=_("Where and when we meet"),
    )


def _save_plan(group: Group, form: PlanForm) -> None:
    founding.set_plan(
        group,
        actor=current_actor(),
        place=form.place.data or "",
        time=form.time.data or "",
        first_on=form.first_on.data,
        starts=form.starts.data or "",
    )


@section.route("/groups/<pid>/founding/charter/<int:number>", methods=["GET", "POST"])
@requires(
    "groups.gather", on=lambda pid, number: load_group(pid) if 0 < number <= len(CHARTER_STEPS) else None
)
def founding_charter(group: Group) -> ResponseReturnValue:
    """Two questions of the charter; then the next two."""
    number = int((request.view_args or {})["number"])
    known, fields = queries.current_charter(group), CHARTER_STEPS[number - 1]
    form = charter_form(fields, known.texts if known else {})
    if form.validate_on_submit():
        form.attempt(lambda: _save_charter(group, form, fields))
        if form.status == 200:
            return _after_charter(group, number)
    return charter_page(group, form, number)


def charter_page(group: Group, form: Form, number: int) -> ResponseReturnValue:
    """A step of the charter."""
    return group_page(
        "groups/founding_charter.html",
        group,
        status=form.status,
        subject=_("Founding"),
        form=form,
        number=number,
        steps=len(CHARTER_STEPS),
    )


def _save_charter(group: Group, form: Form, fields: tuple[str, ...]) -> None:
    texts = {name: form[name].data or "" for name in fields}
    founding.write_charter_part(group, actor=current_actor(), texts=texts)


def _after_charter(group: Group, number: int) -> ResponseReturnValue:
    if number == len(CHARTER_STEPS) or "stop" in request.form:
        flash_success(_("Saved."))
        return redirect_to("groups.checklist", pid=group.public_id)
    return redirect_to("groups.founding_charter", pid=group.public_id, number=number + 1)


@section.post("/groups/<pid>/founding/agree")
@requires("groups.gather", on=load_group)
def founding_agree(group: Group) -> ResponseReturnValue:
    """I agree to the charter as it stands."""
    founding.acknowledge_charter(group, actor=current_actor())
    flash_success(_("You have agreed. Thank you."))
    return redirect_to("groups.checklist", pid=group.public_id)


@section.post("/groups/<pid>/found")
@requires("groups.found", on=load_group)
def found(group: Group) -> ResponseReturnValue:
    """The founders decide: this is a group. A second tap changes nothing."""
    if founding.found_once(group, actor=current_actor()):
        flash_success(_("From now on you are a group. Good luck!"))
    return redirect_to("groups.detail", pid=group.public_id)
