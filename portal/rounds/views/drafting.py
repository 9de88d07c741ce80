"""A draft in small steps, each saved on its own; the last page shows everything once more and opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.core.i18n import LazyString
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.rounds.errors import RoundFrozen
from portal.rounds.forms import drafting as forms
from portal.rounds.forms.options import OpenForm
from portal.rounds.models import Round
from portal.rounds.operations import drafting, opening
from portal.rounds.queries import showing
from portal.rounds.queries.opening import gaps, overlaps, rules_text, sha256
from portal.rounds.views.presenting import cards, option_cards, rules_context
from portal.rounds.views.section import load_round, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to

STEPS: dict[str, LazyString] = {
    "words": _l("Question"),
    "ballot": _l("Ballot"),
    "options": _l("Options"),
    "counting": _l("Counting"),
    "voters": _l("Voters"),
    "dates": _l("Dates"),
    "check": _l("Check"),
}


def step_url(vote: Round, step: str) -> str:
    """The page of one step."""
    return url_for(f"rounds.draft_{step}", pid=vote.public_id)


def step_context(vote: Round, step: str) -> dict[str, Any]:
    """Where the moderator is, with links to every other step."""
    if not vote.is_draft:
        raise RoundFrozen
    names = list(STEPS)
    return {
        "vote": vote,
        "step": names.index(step) + 1,
        "steps": [str(label) for label in STEPS.values()],
        "step_title": STEPS[step],
        "action": step_url(vote, step),
        "step_links": [(str(STEPS[one]), step_url(vote, one), one == step) for one in names],
    }


def _step(vote: Round, step: str, form: Form, save: Callable[[], Any]) -> ResponseReturnValue:
    context = step_context(vote, step)
    if form.validate_on_submit():
        form.attempt(save)
        if form.status == 200:
            return redirect_to(f"rounds.draft_{list(STEPS)[context['step']]}", pid=vote.public_id)
    return render("rounds/office/step.html", status=form.status, form=form, **context)


@section.route("/office/votes/new", methods=["GET", "POST"])
@requires("rounds.create")
def new() -> ResponseReturnValue:
    """Begin a draft: from a template or as a copy."""
    form = forms.NewForm(showing.copyable_rounds(current_actor()))
    if form.validate_on_submit() and (vote := form.attempt(lambda: _begin(form))) is not None:
        return redirect_to("rounds.draft_words", pid=vote.public_id)
    return render("rounds/office/new.html", status=form.status, form=form)


def _begin(form: forms.NewForm) -> Round:
    start, actor = form.start.data, current_actor()
    earlier = None if start in drafting.TEMPLATES else showing.round_by_public_id(start)
    template = start if earlier is None else "budget"
    key = (form.draft_key.data or "")[:40] or None
    return drafting.create_round(
        actor=actor, title=form.title.data or "", template=template, copy_of=earlier, draft_key=key
    )


@section.route("/office/votes/<pid>/words", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round)
def draft_words(vote: Round) -> ResponseReturnValue:
    """What it is about and what the result is worth."""
    form = forms.WordsForm(data=forms.words_data(vote))
    return _step(
        vote, "words", form, lambda: drafting.save_words(vote, actor=current_actor(), **form.values())
    )


@section.route("/office/votes/<pid>/ballot", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round)
def draft_ballot(vote: Round) -> ResponseReturnValue:
    """What people write down."""
    form = forms.BallotForm(data=forms.ballot_data(vote))
    return _step(
        vote, "ballot", form, lambda: drafting.save_ballot(vote, actor=current_actor(), **form.values())
    )


@section.route("/office/votes/<pid>/counting", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round)
def draft_counting(vote: Round) -> ResponseReturnValue:
    """How it is counted."""
    form = forms.CountingForm(vote, data=forms.counting_data(vote))
    return _step(
        vote, "counting", form, lambda: drafting.save_counting(vote, actor=current_actor(), **form.values())
    )


@section.route("/office/votes/<pid>/voters", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round)
def draft_voters(vote: Round) -> ResponseReturnValue:
    """Who may take part."""
    form = forms.VotersForm(data=forms.voters_data(vote))
    return _step(
        vote, "voters", form, lambda: drafting.save_voters(vote, actor=current_actor(), **form.values())
    )


@section.route("/office/votes/<pid>/dates", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round)
def draft_dates(vote: Round) -> ResponseReturnValue:
    """When ballots are taken."""
    form = forms.DatesForm(data=forms.dates_data(vote))
    return _step(
        vote, "dates", form, lambda: drafting.save_dates(vote, actor=current_actor(), **form.values())
    )


@section.route("/office/votes/<pid>/check", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round)
def draft_check(vote: Round) -> ResponseReturnValue:
    """Everything in plain words, what is missing, and the button that opens."""
    if not vote.is_draft:
        return redirect_to("rounds.workplace", pid=vote.public_id)
    form = OpenForm()
    if form.validate_on_submit() and form.attempt(lambda: _open(vote, form)) is not None:
        flash_success(_("The vote is open. Ballots are taken from the start date on."))
        return redirect_to("rounds.workplace", pid=vote.public_id)
    return render("rounds/office/check.html", status=form.status, form=form, **_check(vote))


def _open(vote: Round, form: OpenForm) -> bool:
    return opening.open_round(vote, actor=current_actor(), seen_sha256=form.seen.data or "")


def _check(vote: Round) -> dict[str, Any]:
    text = rules_text(vote)
    return {
        **step_context(vote, "check"),
        **rules_context(vote),
        "gaps": [(one.words, step_url(vote, one.step)) for one in gaps(vote)],
        "others": cards(overlaps(vote)),
        "options": option_cards(vote),
        "seen": sha256(text),
    }


@section.route("/office/votes/<pid>/delete", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round)
def delete(vote: Round) -> ResponseReturnValue:
    """Throw a draft away."""
    context = step_context(vote, "check")
    form = Form()
    if form.validate_on_submit():
        drafting.delete_draft(vote, actor=current_actor())
        flash_info(_("The draft is deleted."))
        return redirect_to("rounds.desk")
    return render("rounds/office/delete.html", form=form, **context)
