"""The rules of a draft, and whom it asks where not everybody is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from portal.core.i18n import gettext as _
from portal.groups.forms.decision_rules import AskedForm, RulesForm, rules_form
from portal.groups.models import (
    DecisionState,
    Electorate,
    Group,
    GroupDecision,
    Method,
    QuorumKind,
    Reasons,
    ResultsShown,
)
from portal.groups.operations.deciding import asking, drafting
from portal.groups.permissions import membership_of
from portal.groups.queries.electors import asked_keys, candidates
from portal.groups.queries.method_words import METHODS
from portal.groups.views.decision_drafts import draft_page
from portal.groups.views.decision_pages import group_of, load_decision, place
from portal.groups.views.section import section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import redirect_to


@section.route("/groups/<pid>/decisions/<did>/rules", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def decision_rules(decision: GroupDecision) -> ResponseReturnValue:
    """How it is decided: secret or not, how many have to take part, what happens when it is equal."""
    group = group_of(decision)
    if decision.state is not DecisionState.DRAFT:
        return redirect_to("groups.decision", **place(decision))
    form = rules_form(decision.method, decision.target, data=_rules(decision))
    if form.validate_on_submit() and form.attempt(lambda: _keep_rules(decision, group, form)):
        return redirect_to(_next(decision), **place(decision))
    words = METHODS[decision.method]
    heading = _("How do you decide it?")
    return draft_page(group, form, heading, words.rule, decision, "groups/decisions/rules.html")


def _rules(decision: GroupDecision) -> dict[str, Any]:
    return {
        "secret": decision.secret,
        "results_shown": decision.results_shown.value,
        "quorum_kind": decision.quorum_kind.value,
        "quorum": decision.quorum or None,
        "majority": decision.majority,
        "max_choices": decision.max_choices or 1,
        "run_off": decision.run_off_below_half,
        "points_total": decision.points_total,
        "points_each": decision.points_each,
        "lots": decision.lots_on_tie,
        "fallback": decision.fallback_method.value if decision.fallback_method else "",
        "electorate": decision.electorate.value,
        "reasons": decision.reasons.value,
    }


def _keep_rules(decision: GroupDecision, group: Group, form: RulesForm) -> bool:
    def said(name: str) -> Any:
        return form[name].data if name in form else None

    kind = QuorumKind(said("quorum_kind") or QuorumKind.NONE)
    fallback = said("fallback")
    wish = replace(
        drafting.wish_of(decision),
        secret=bool(said("secret")),
        results_shown=ResultsShown(said("results_shown") or ResultsShown.AT_CLOSING),
        quorum_kind=kind,
        quorum=said("quorum") or (50 if kind is QuorumKind.PERCENT else 1),
        majority=said("majority") or "simple",
        max_choices=said("max_choices"),
        run_off_below_half=bool(said("run_off")),
        points_total=said("points_total"),
        points_each=said("points_each"),
        lots_on_tie=bool(said("lots")),
        fallback_method=Method(fallback) if fallback else None,
        electorate=Electorate(said("electorate") or Electorate.AT_OPENING),
        reasons=Reasons(said("reasons") or Reasons.OPTIONAL),
    )
    drafting.redraft(decision, wish, group=group, actor=current_actor())
    return True


def _next(decision: GroupDecision) -> str:
    """Where some are asked, they are chosen first."""
    is_list = decision.electorate is Electorate.NAMED_LIST
    return "groups.decision_asked" if is_list else "groups.open_decision"


@section.route("/groups/<pid>/decisions/<did>/asked", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def decision_asked(decision: GroupDecision) -> ResponseReturnValue:
    """Whom it asks, by name. In a discreet group only names that everybody there knows from the board."""
    group = group_of(decision)
    if decision.state is not DecisionState.DRAFT or decision.electorate is not Electorate.NAMED_LIST:
        return redirect_to("groups.decision", **place(decision))
    form = _asked_form(decision, group)
    if form.validate_on_submit() and form.attempt(lambda: _keep_asked(decision, group, form)):
        return redirect_to("groups.open_decision", **place(decision))
    lead = _("Here stand you and those who have written on the board.") if group.is_discreet else None
    return draft_page(group, form, _("Who is asked?"), lead, decision)


def _asked_form(decision: GroupDecision, group: Group) -> AskedForm:
    found = candidates(group, membership_of(current_actor(), group))
    form = AskedForm(data={"asked": asked_keys(decision, found)})
    form.asked.choices = [SelectChoice(one.key, one.name) for one in found]
    return form


def _keep_asked(decision: GroupDecision, group: Group, form: AskedForm) -> bool:
    asking.name_asked(decision, form.asked.data or (), group=group, actor=current_actor())
    return True
