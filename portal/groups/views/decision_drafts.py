"""Beginning a decision in small steps: what, by which rules, a last look, then people are asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.core.public_id import new_id
from portal.core.text import clean_line
from portal.groups.errors.deciding import PauseEndMissing, RoleMissing, WhomMissing
from portal.groups.forms.decisions import (
    CharterForm,
    DatesForm,
    DraftForm,
    LotsForm,
    OpenForm,
    PauseForm,
    RoleForm,
    StartersForm,
    draft_form,
)
from portal.groups.models import (
    CHARTER_FIELDS,
    DecisionState,
    Group,
    GroupDecision,
    GroupState,
    Method,
    Target,
)
from portal.groups.models.role_labels import role_name
from portal.groups.operations.deciding import collecting, drafting
from portal.groups.operations.deciding.drafting import BEGUN_BY_A_ROLE, CHOOSING, NAMED_ONLY, Wish
from portal.groups.permissions import membership_of
from portal.groups.permissions.holding import starting_role
from portal.groups.queries import current_charter, member_lines, role_lines
from portal.groups.queries.method_words import ADVISER, BEGINNINGS, METHODS, Beginning, advised
from portal.groups.queries.result_words import option_text
from portal.groups.views.decision_about import target_of
from portal.groups.views.decision_pages import (
    group_of,
    load_decision,
    names_asked,
    place,
    rules_words,
)
from portal.groups.views.framing import group_page
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to


def load_group_to_begin(pid: str, start: str) -> Group | None:
    """The group of an address that also names a method or a ready beginning."""
    return load_group(pid)


@section.get("/groups/<pid>/decisions/which")
@requires("groups.take_part", on=load_group)
def decision_adviser(group: Group) -> ResponseReturnValue:
    """Four questions, one recommendation. Nothing is kept: the answers stand in the address."""
    given = request.args.to_dict()
    return group_page(
        "groups/decisions/adviser.html",
        group,
        tab="decisions",
        questions=ADVISER,
        given=given,
        advice=advised(given),
        methods=METHODS,
    )


@section.get("/groups/<pid>/decisions/new")
@requires("groups.take_part", on=load_group)
def begin_decision(group: Group) -> ResponseReturnValue:
    """Ready beginnings in plain words and the ten methods; where a role begins, what stays everybody's."""
    may, found = can(current_actor(), "groups.start_decision", group), _beginnings(group)
    return group_page(
        "groups/decisions/begin.html",
        group,
        tab="decisions",
        beginnings=found,
        methods=METHODS,
        may_begin=may,
        role=starting_role(group),
        role_name=role_name,
    )


@section.route("/groups/<pid>/decisions/new/<start>", methods=["GET", "POST"])
@requires("groups.take_part", on=load_group_to_begin)
def write_decision(group: Group) -> ResponseReturnValue:
    """What is to be decided. Afterwards it is a draft; nobody is asked yet."""
    beginning = _beginning(group, str((request.view_args or {})["start"]))
    if not _may_begin(group, beginning):
        return redirect_to("groups.begin_decision", pid=group.public_id)
    form = _form_for(group, beginning.method, beginning.target, data=_begun(beginning))
    made = form.attempt(lambda: _drafted(group, form, beginning)) if form.validate_on_submit() else None
    if made is not None:
        return _after_draft(made)
    words = METHODS[beginning.method]
    return draft_page(group, form, words.name, words.what, None)


def _begun(beginning: Beginning) -> dict[str, str]:
    """The first words of the form, with the key that makes two clicks one draft."""
    return {"title": str(beginning.title), "form_key": new_id(24)}


def _drafted(group: Group, form: DraftForm, beginning: Beginning) -> GroupDecision:
    wish = _wished(group, form, _fresh(beginning))
    return drafting.draft_decision(group, wish, actor=current_actor())


def _beginnings(group: Group) -> dict[str, Beginning]:
    found = {key: _beginning(group, key) for key in BEGINNINGS}
    return {key: one for key, one in found.items() if _may_begin(group, one)}


def _may_begin(group: Group, beginning: Beginning) -> bool:
    """A circle that is only being founded has no end to decide; some things a group leaves to a role."""
    if beginning.target is Target.END and group.state is GroupState.FOUNDING:
        return False
    begun_by_all = beginning.target not in BEGUN_BY_A_ROLE
    return begun_by_all or can(current_actor(), "groups.start_decision", group)


def _beginning(group: Group, start: str) -> Beginning:
    """What an address begins. About its own end a group decides in its usual way."""
    known = BEGINNINGS.get(start)
    if known is not None:
        return replace(known, method=drafting.own_method(group)) if known.target is Target.END else known
    if start not in set(Method):
        raise NotFound
    words = METHODS[Method(start)]
    target = Target.DATE if start == Method.DATE else Target.FREE
    return Beginning(words.name, words.what, Method(start), target=target)


def _fresh(beginning: Beginning) -> Wish:
    secret = request.args.get("secret") == "1" and beginning.method not in NAMED_ONLY
    return Wish(title="", method=beginning.method, target=beginning.target, secret=secret)


def _form_for(group: Group, method: Method, target: Target, **kwargs: Any) -> DraftForm:
    form = draft_form(method, target.value, **kwargs)
    if isinstance(form, RoleForm | StartersForm):
        form.role.choices = role_choices(group)
    if isinstance(form, StartersForm):
        form.role.choices = [SelectChoice("", _("Every member")), *role_choices(group)]
    if isinstance(form, RoleForm | LotsForm):
        form.members.choices = [SelectChoice(*pair) for pair in _candidates(group).items()]
    return form


def role_choices(group: Group) -> list[SelectChoice]:
    """The group's roles by name."""
    return [SelectChoice(line.role.key, role_name(line.role)) for line in role_lines(group)]


def _candidates(group: Group) -> dict[str, str]:
    """Members by name; in a discreet group, which has no list, only oneself."""
    if group.is_discreet:
        me = membership_of(current_actor(), group)
        return {me.public_id: me.alias} if me else {}
    return {line.public_id: line.alias for line in member_lines(group)}


def _wished(group: Group, form: DraftForm, before: Wish) -> Wish:
    """What the form says, over what was there before."""
    wish = replace(
        before,
        title=form.title.data or "",
        question=form.question.data or "",
        form_key=form.form_key.data or None,
    )
    if isinstance(form, DatesForm):
        asked = bool(form.collecting.data)
        return replace(wish, local_starts=form.starts(), options=(), collecting=asked)
    if isinstance(form, PauseForm):
        until = form.until.data
        if until is None or until <= clock.today():
            raise PauseEndMissing
        return replace(wish, target_data={"until": until.isoformat()})
    if isinstance(form, RoleForm):
        return _wished_role(group, wish, form)
    if isinstance(form, StartersForm):
        return replace(wish, target_data={"role": form.role.data or ""})
    if isinstance(form, LotsForm):
        return _wished_lots(group, wish, form)
    if wish.method in CHOOSING:
        return replace(wish, options=form.lines(), collecting=bool(form.collecting.data))
    return wish


def _wished_role(group: Group, wish: Wish, form: RoleForm) -> Wish:
    names = _candidates(group)
    chosen = [one for one in form.members.data or [] if one in names]
    if not form.role.data:
        raise RoleMissing
    if not chosen:
        raise WhomMissing
    data = {"role": form.role.data, "members": {str(at): one for at, one in enumerate(chosen, 1)}}
    if len(chosen) == 1:
        method = wish.method if wish.method not in CHOOSING else Method.CONSENT
        return replace(wish, method=method, options=(), target_data=data)
    return replace(
        wish, method=Method.LOTS, secret=False, options=tuple(names[one] for one in chosen), target_data=data
    )


def _wished_lots(group: Group, wish: Wish, form: LotsForm) -> Wish:
    """What is typed, and then the members who were ticked, who can take themselves out."""
    names = _candidates(group)
    chosen = {names[one]: one for one in form.members.data or [] if one in names}
    texts = list(dict.fromkeys([clean_line(line) for line in form.lines()] + list(chosen)))
    members = {str(at): chosen[text] for at, text in enumerate(texts, 1) if text in chosen}
    asked = bool(form.collecting.data)
    return replace(wish, options=tuple(texts), target_data={"members": members}, collecting=asked)


def _after_draft(decision: GroupDecision) -> ResponseReturnValue:
    flash_success(_("Kept as a draft. Nobody has been asked yet."))
    if decision.target is Target.CHARTER and decision.undoes_id is None:
        return redirect_to("groups.decision_charter", **place(decision))
    return redirect_to("groups.decision_rules", **place(decision))


def draft_page(
    group: Group,
    form: Any,
    heading: Any,
    lead: Any,
    decision: GroupDecision | None,
    template: str = "groups/decisions/form.html",
) -> ResponseReturnValue:
    return group_page(
        template,
        group,
        tab="decisions",
        subject=_("Decide something"),
        status=form.status,
        form=form,
        heading=heading,
        lead=lead,
        decision=decision,
        submit=_("Go on"),
    )


@section.route("/groups/<pid>/decisions/<did>/edit", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def edit_decision(decision: GroupDecision) -> ResponseReturnValue:
    """Change what a draft asks."""
    group = group_of(decision)
    if decision.state is not DecisionState.DRAFT:
        return redirect_to("groups.decision", **place(decision))
    form = _form_for(group, decision.method, decision.target, data=_typed(decision))
    if form.validate_on_submit() and form.attempt(lambda: _redraft(decision, group, form)):
        return _after_draft(decision)
    words = METHODS[decision.method]
    return draft_page(group, form, words.name, words.what, decision)


def _redraft(decision: GroupDecision, group: Group, form: DraftForm) -> bool:
    wish = _wished(group, form, drafting.wish_of(decision))
    drafting.redraft(decision, wish, group=group, actor=current_actor())
    return True


def _shown(local_start: str) -> datetime:
    """A local day and time for its field, without a zone like the field."""
    return datetime.fromisoformat(local_start)


def _typed(decision: GroupDecision) -> dict[str, Any]:
    """A draft as form data."""
    wish = drafting.wish_of(decision)
    people = wish.target_data.get("members", {})
    typed = [text for at, text in enumerate(wish.options, 1) if str(at) not in people]
    data = {"title": wish.title, "question": wish.question, "options": "\n".join(typed)}
    starts = {f"start_{at}": _shown(one) for at, one in enumerate(wish.local_starts, 1)}
    until = wish.target_data.get("until")
    return {
        **data,
        **starts,
        "until": date.fromisoformat(until) if until else None,
        "role": wish.target_data.get("role"),
        "members": list(people.values()),
    }


@section.route("/groups/<pid>/decisions/<did>/charter", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def decision_charter(decision: GroupDecision) -> ResponseReturnValue:
    """The new text of what the group agreed on, beginning with the one that holds."""
    group = group_of(decision)
    if decision.state is not DecisionState.DRAFT or decision.target is not Target.CHARTER:
        return redirect_to("groups.decision", **place(decision))
    charter = current_charter(group)
    known = json.loads(decision.target_data)
    texts = known.get("texts") or (charter.texts if charter else {})
    form = CharterForm(data={**texts, "usual": known.get("method", drafting.own_method(group))})
    if form.validate_on_submit() and form.attempt(lambda: _keep_charter(decision, group, form)):
        return redirect_to("groups.decision_rules", **place(decision))
    lead = _("Change what you want to change. The others see what would be new.")
    return draft_page(group, form, _("What you agree on"), lead, decision)


def _keep_charter(decision: GroupDecision, group: Group, form: CharterForm) -> bool:
    texts = {name: form[name].data or "" for name in CHARTER_FIELDS}
    wish = replace(drafting.wish_of(decision), target_data={"texts": texts})
    if form.usual.data:
        wish.target_data["method"] = form.usual.data
    drafting.redraft(decision, wish, group=group, actor=current_actor())
    return True


@section.route("/groups/<pid>/decisions/<did>/open", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def open_decision(decision: GroupDecision) -> ResponseReturnValue:
    """The last look; then people are asked, or suggestions are collected first."""
    if decision.state not in (DecisionState.DRAFT, DecisionState.COLLECTING):
        return redirect_to("groups.decision", **place(decision))
    form, group = _open_form(decision), group_of(decision)
    if form.validate_on_submit() and form.attempt(lambda: _ask(decision, group, form)):
        flash_success(_("The members are asked now."))
        return redirect_to("groups.decision", **place(decision))
    return _open_page(decision, group, form)


def _open_form(decision: GroupDecision) -> OpenForm:
    form = OpenForm()
    if decision.method not in collecting.COLLECTED or decision.state is DecisionState.COLLECTING:
        del form.collect_on
    return form


def _open_page(decision: GroupDecision, group: Group, form: OpenForm) -> ResponseReturnValue:
    return group_page(
        "groups/decisions/open.html",
        group,
        tab="decisions",
        status=form.status,
        form=form,
        decision=decision,
        method=METHODS[decision.method],
        rules=rules_words(decision, shows_size=False),
        options=[one for one in decision.options if not one.dropped],
        option_text=option_text,
        about=target_of(group, decision),
        asked=names_asked(decision, group),
    )


def _ask(decision: GroupDecision, group: Group, form: OpenForm) -> bool:
    actor, ends = current_actor(), form.ends_at()
    until = form.collects_until() if "collect_on" in form else None
    if until is not None:
        collecting.begin_collecting(decision, group=group, actor=actor, until=until, closes_at=ends)
    else:
        drafting.open_decision(decision, group=group, actor=actor, closes_at=ends)
    return True
