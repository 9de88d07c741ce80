"""Leading a decision: more time, suggestions, notes, new versions, run-offs, stopping, putting into force."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.permissions import ensure
from portal.groups.errors.deciding import DateMissing
from portal.groups.forms.decisions import CancelForm, DropForm, EndForm, NextForm, NoteForm, SuggestForm
from portal.groups.models import (
    TITLE_LENGTH,
    DecisionState,
    Group,
    GroupDecision,
    Method,
    ObjectionState,
    Target,
)
from portal.groups.operations.deciding import (
    adopting,
    again,
    closing,
    collecting,
    drafting,
    drawing,
    outcomes,
)
from portal.groups.queries import decisions as queries
from portal.groups.queries.counting import drawn_by
from portal.groups.queries.result_words import option_text
from portal.groups.views.decision_pages import form_page, group_of, load_decision, place
from portal.groups.views.framing import group_page
from portal.groups.views.section import section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_error, flash_success, redirect_to

Step = Callable[[GroupDecision, Group], ResponseReturnValue | None]
LONGEST_TRIED = 4000


def _longer(decision: GroupDecision, group: Group) -> None:
    if again.ask_longer(decision, group=group, actor=current_actor()):
        flash_success(_("Two of you need more time, so it runs on."))
    else:
        flash_success(_("Noted. When one more member needs more time, it runs on."))


def _step_out(decision: GroupDecision, group: Group) -> None:
    drawing.step_out(decision, group=group, actor=current_actor())
    flash_success(_("You are out of this draw."))


def _close(decision: GroupDecision, group: Group) -> None:
    # A second tap finds it closed: nothing is left to do, and the page says how it ended.
    if decision.state is DecisionState.OPEN:
        closing.close_early(decision, group=group, actor=current_actor())


def _delete(decision: GroupDecision, group: Group) -> ResponseReturnValue:
    drafting.delete_draft(decision, group=group, actor=current_actor())
    flash_success(_("The draft is deleted."))
    return redirect_to("groups.decisions", pid=group.public_id)


def _confirm(decision: GroupDecision, group: Group) -> None:
    version = request.form.get("version", "")
    outcome = queries.outcome_by_version(decision, int(version)) if version.isdecimal() else None
    if outcome is None:
        raise NotFound
    outcomes.confirm_outcome(outcome, group=group, actor=current_actor())
    flash_success(_("Confirmed. Now it holds."))


def _carry_out(decision: GroupDecision, group: Group) -> None:
    if decision.carried_out_on is not None:
        return
    number = None
    if decision.target is Target.DATE and decision.undoes_id is None:
        number = next(
            (one.number for one in decision.options if str(one.number) == request.form.get("number")), None
        )
        if number is None:
            flash_error(DateMissing.message)
            return
    adopting.carry_out(decision, group=group, actor=current_actor(), number=number)
    flash_success(_("Done: it is in force now."))


def _take_back(decision: GroupDecision, group: Group) -> ResponseReturnValue:
    title = _("We take back: %(title)s", title=decision.title)[:TITLE_LENGTH]
    made = adopting.take_back(decision, group=group, actor=current_actor(), title=title)
    return redirect_to("groups.decision", **place(made))


# The permission that decides who may see the button; the operations ask once more.
STEPS: dict[str, tuple[str, Step]] = {
    "longer": ("groups.answer", _longer),
    "step-out": ("groups.answer", _step_out),
    "confirm": ("groups.add_to_decision", _confirm),
    "take-back": ("groups.add_to_decision", _take_back),
    "close": ("groups.facilitate", _close),
    "delete": ("groups.facilitate", _delete),
    "carry-out": ("groups.facilitate", _carry_out),
}


@section.post("/groups/<pid>/decisions/<did>/steps/<step>")
@requires("groups.take_step", on=load_decision)
def step_decision(decision: GroupDecision) -> ResponseReturnValue:
    """One button: what it does stands in `STEPS`."""
    name = str((request.view_args or {})["step"])
    if name not in STEPS:
        raise NotFound
    permission, step = STEPS[name]
    ensure(current_actor(), permission, decision)
    return step(decision, group_of(decision)) or redirect_to("groups.decision", **place(decision))


@section.post("/groups/<pid>/decisions/<did>/suggestions")
@requires("groups.add_to_decision", on=load_decision)
def suggest(decision: GroupDecision) -> ResponseReturnValue:
    """One more thing to choose from."""
    form = SuggestForm()
    if form.validate_on_submit() and form.attempt(lambda: _suggested(decision, form)):
        flash_success(_("Added."))
    for words in [*form.form_errors, *(one for f in form for one in f.errors)]:
        flash_error(words)
    return redirect_to("groups.decision", **place(decision))


def _suggested(decision: GroupDecision, form: SuggestForm) -> bool:
    is_date, start = decision.method is Method.DATE, form.start.data
    operation = (
        collecting.suggest if decision.state is DecisionState.COLLECTING else collecting.add_option_late
    )
    operation(
        decision,
        "" if is_date else form.text.data or "",
        group=group_of(decision),
        actor=current_actor(),
        local_start=start.strftime("%Y-%m-%dT%H:%M") if is_date and start else None,
    )
    return True


@section.route("/groups/<pid>/decisions/<did>/dates/<int:number>/drop", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def drop_date(decision: GroupDecision) -> ResponseReturnValue:
    """Take one date out of a poll. How many answered to it is said first, and more than that stop it."""
    number = int((request.view_args or {})["number"])
    option = next((one for one in decision.options if one.number == number and not one.dropped), None)
    if option is None or not collecting.can_drop_dates(decision):
        return redirect_to("groups.decision", **place(decision))
    many = collecting.answers_to(decision, number)
    form = DropForm(data={"answers_seen": many})
    if form.validate_on_submit() and form.attempt(lambda: _did(lambda: _drop(decision, number, form))):
        return _back(decision, _("The date is taken out."))
    form.answers_seen.data = str(many)
    return form_page(decision, form, option_text(option), _("Take it out"), lead=_drop_words(many))


def _drop(decision: GroupDecision, number: int, form: DropForm) -> None:
    seen, group = form.seen(), group_of(decision)
    collecting.drop_date(decision, number, group=group, actor=current_actor(), answers_seen=seen)


def _drop_words(many: int) -> str:
    if not many:
        return _("Nobody has answered to this date yet.")
    return ngettext(
        "%(num)s of you has answered to this date. That answer is lost; answers to the other dates stay.",
        "%(num)s of you have answered to this date. These answers are lost; answers to the other dates stay.",
        many,
    )


def _back(decision: GroupDecision, words: str) -> ResponseReturnValue:
    flash_success(words)
    return redirect_to("groups.decision", **place(decision))


def _did(operation: Callable[[], object]) -> bool:
    operation()
    return True


@section.route("/groups/<pid>/decisions/<did>/cancel", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def cancel_decision(decision: GroupDecision) -> ResponseReturnValue:
    """Stop it, with a reason. A draft is deleted instead."""
    if decision.state is DecisionState.DRAFT:
        return redirect_to("groups.decision", **place(decision))
    form, group = CancelForm(), group_of(decision)
    reason, actor = form.reason.data or "", current_actor()
    if form.validate_on_submit() and form.attempt(
        lambda: _did(lambda: closing.cancel(decision, group=group, actor=actor, reason=reason))
    ):
        return _back(decision, _("It is stopped. Everybody can read why."))
    lead = _("Nothing comes of what was answered so far.")
    return form_page(decision, form, _("Stop this decision"), _("Stop it"), lead=lead)


@section.route("/groups/<pid>/decisions/<did>/note", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def note_decision(decision: GroupDecision) -> ResponseReturnValue:
    """A note under the locked text."""
    form, group = NoteForm(data={"note": decision.note}), group_of(decision)
    words, actor = form.note.data or "", current_actor()
    if form.validate_on_submit() and form.attempt(
        lambda: _did(lambda: again.write_note(decision, words, group=group, actor=actor))
    ):
        return _back(decision, _("The note stands under the text."))
    return form_page(decision, form, _("Add a note"), _("Save"))


@section.route("/groups/<pid>/decisions/<did>/next", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def next_version(decision: GroupDecision) -> ResponseReturnValue:
    """A new text that takes the objections up; only it is asked, of the same people."""
    if decision.state is not DecisionState.INTEGRATING:
        return redirect_to("groups.decision", **place(decision))
    form = NextForm(data={"title": decision.title, "question": decision.question})
    if form.validate_on_submit() and form.attempt(lambda: _did(lambda: _write_next(decision, form))):
        return _back(decision, _("The new text is asked now."))
    standing = [one for one in queries.objections_of(decision) if one.state is ObjectionState.OPEN]
    heading, lead = _("Write the next version"), _("Talk with those who object, then change the text.")
    return form_page(
        decision, form, heading, _("Ask about the new text"), lead=lead, show_objections=standing
    )


def _write_next(decision: GroupDecision, form: NextForm) -> None:
    closing.write_next_version(
        decision,
        group=group_of(decision),
        actor=current_actor(),
        title=form.title.data or "",
        question=form.question.data or "",
        closes_at=form.ends_at(),
    )


@section.route("/groups/<pid>/decisions/<did>/again", methods=["GET", "POST"])
@requires("groups.facilitate", on=load_decision)
def ask_again(decision: GroupDecision) -> ResponseReturnValue:
    """A run-off between the first ones, or the same question once more."""
    desk_can = _again_of(decision)
    if desk_can is None:
        return redirect_to("groups.decision", **place(decision))
    operation, heading = desk_can
    form, group, actor = EndForm(), group_of(decision), current_actor()
    if form.validate_on_submit() and form.attempt(
        lambda: _did(lambda: operation(decision, group=group, actor=actor, closes_at=form.ends_at()))
    ):
        return _back(decision, _("The members are asked once more."))
    return form_page(decision, form, heading, _("Ask the group"))


def _again_of(decision: GroupDecision) -> tuple[Callable[..., None], str] | None:
    if decision.status == "run_off":
        return again.begin_run_off, _("Begin the run-off")
    return (again.reopen, _("Take answers once more")) if again.can_reopen(decision) else None


@section.get("/groups/<pid>/decisions/<did>/lots")
@requires("groups.see_lots", on=load_decision)
def recount_lots(decision: GroupDecision) -> ResponseReturnValue:
    """The draw worked out again, with its own number and words or with others."""
    return group_page(
        "groups/decisions/recount.html",
        group_of(decision),
        tab="decisions",
        subject=decision.title,
        decision=decision,
        **_draw(decision),
    )


def _draw(decision: GroupDecision) -> dict[str, Any]:
    """The number and words in the address, else those of the draw, and the lots they give."""
    result = json.loads(decision.result or "{}").get("facts", {})
    facts = result.get("lots") or result
    secret = request.args.get("secret", facts.get("secret", ""))[:200]
    words = request.args.get("words", facts.get("words", "")).replace("\r\n", "\n")[:LONGEST_TRIED]
    numbers = sorted(int(number) for number in facts.get("drawn", {}))
    texts = {option.number: option_text(option) for option in decision.options}
    drawn = drawn_by(secret, words, numbers)
    fingerprint = hashlib.sha256(secret.encode()).hexdigest()
    return {
        "secret": secret,
        "words": words,
        "numbers": numbers,
        "fingerprint": fingerprint,
        "is_same": fingerprint == facts.get("commitment"),
        "lots": [(texts.get(number, "?"), drawn[number]) for number in sorted(drawn, key=lambda n: drawn[n])],
    }
