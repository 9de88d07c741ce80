"""What comes of a decision: who does what by when, and whether it still holds on its day."""

from __future__ import annotations

from datetime import timedelta

from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from portal.core import clock
from portal.core.i18n import gettext as _
from portal.groups.forms.decisions import OutcomeForm, ReviewForm
from portal.groups.models import DecisionOutcome, DecisionState, GroupDecision
from portal.groups.operations.deciding import outcomes
from portal.groups.queries import decisions as queries
from portal.groups.views.decision_drafts import role_choices
from portal.groups.views.decision_pages import form_page, group_of, load_decision, place
from portal.groups.views.section import section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.responses import flash_info, flash_success, redirect_to


@section.route("/groups/<pid>/decisions/<did>/outcome", methods=["GET", "POST"])
@requires("groups.add_to_decision", on=load_decision)
def write_outcome(decision: GroupDecision) -> ResponseReturnValue:
    """Who does what by when. After a week any member may write it, and another one confirms."""
    if decision.state is not DecisionState.CLOSED:
        return redirect_to("groups.decision", **place(decision))
    form = _outcome_form(decision)
    made = form.attempt(lambda: _written(decision, form)) if form.validate_on_submit() else None
    if made is not None:
        _say(made)
        return redirect_to("groups.decision", **place(decision))
    lead = _("Name who does what by when. The others can read it here.")
    return _page(decision, form, _("What do you do now?"), lead)


def _page(decision: GroupDecision, form: Form, heading: str, lead: str) -> ResponseReturnValue:
    return form_page(decision, form, heading, _("Save"), lead=lead)


def _outcome_form(decision: GroupDecision) -> OutcomeForm:
    form = OutcomeForm(data=_last(decision))
    form.role.choices = [SelectChoice("", _("To nobody in particular")), *role_choices(group_of(decision))]
    return form


def _last(decision: GroupDecision) -> dict[str, object]:
    found = queries.outcomes_of(decision)
    if found:
        one = found[0]
        kept = ("statement", "who", "due_on", "review_on", "limit_on")
        money = one.limit_cents // 100 if one.limit_cents else None
        return {name: getattr(one, name) for name in kept} | {"role": one.role_key, "limit_euros": money}
    today = clock.today()
    return {"due_on": today + timedelta(days=14), "review_on": today + timedelta(days=90)}


def _written(decision: GroupDecision, form: OutcomeForm) -> DecisionOutcome:
    agreed = outcomes.Agreed(
        statement=form.statement.data or "",
        who=form.who.data or "",
        due_on=form.due_on.data or clock.today(),
        review_on=form.review_on.data,
        role_key=form.role.data or None,
        limit_cents=form.limit_euros.data * 100 if form.limit_euros.data else None,
        limit_on=form.limit_on.data,
    )
    group = group_of(decision)
    return outcomes.write_outcome(decision, agreed, group=group, actor=current_actor())


def _say(made: DecisionOutcome) -> None:
    if made.needs_confirmation:
        flash_info(_("Kept. It counts when somebody else in the group confirms it."))
    else:
        flash_success(_("It stands there for everybody now."))


@section.route("/groups/<pid>/decisions/<did>/review", methods=["GET", "POST"])
@requires("groups.add_to_decision", on=load_decision)
def review_outcome(decision: GroupDecision) -> ResponseReturnValue:
    """Does it still hold? Yes, no, or it has to be changed."""
    outcome = queries.published_outcome(decision)
    if outcome is None:
        return redirect_to("groups.decision", **place(decision))
    form = ReviewForm(data={"again_on": clock.today() + timedelta(days=180)})
    if form.validate_on_submit() and form.attempt(lambda: _reviewed(outcome, decision, form)):
        flash_success(_("Thank you. It stands in the history of the group."))
        return redirect_to("groups.decision", **place(decision))
    return _page(decision, form, _("Does it still hold?"), outcome.statement)


def _reviewed(outcome: DecisionOutcome, decision: GroupDecision, form: ReviewForm) -> bool:
    answer, again = str(form.answer.data), form.again_on.data
    group = group_of(decision)
    outcomes.review(outcome, answer, group=group, actor=current_actor(), again_on=again)
    return True
