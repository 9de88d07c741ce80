"""Options of a draft: from proposals, or typed."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.content.queries import html_language
from portal.core.errors import DomainError, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.proposals.models import STAGE_LOOKS
from portal.proposals.queries import proposal_by_public_id
from portal.rounds.forms.options import CostForm, TypedForm, option_data
from portal.rounds.models import Round, RoundOption
from portal.rounds.operations import drafting
from portal.rounds.operations import options as optioning
from portal.rounds.queries.options import candidates, is_ready, option_of
from portal.rounds.views.drafting import step_context
from portal.rounds.views.presenting import option_cards
from portal.rounds.views.section import chosen_code, load_round, load_round_of_option, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_error, flash_success, redirect_to

MOST_AT_ONCE = 200


@section.get("/office/votes/<pid>/options")
@requires("rounds.edit", on=load_round)
def draft_options(vote: Round) -> ResponseReturnValue:
    """What stands on the ballot, and the two ways to add more."""
    return render("rounds/office/options.html", options=option_cards(vote), **step_context(vote, "options"))


@section.get("/office/votes/<pid>/options/proposals")
@requires("rounds.edit", on=load_round)
def choose_proposals(vote: Round) -> ResponseReturnValue:
    """Proposals that could be put to the vote, examined ones first."""
    rows = [_candidate(one) for one in candidates(vote)]
    return render("rounds/office/proposals.html", rows=rows, **step_context(vote, "options"))


def _candidate(proposal: Any) -> dict[str, Any]:
    look = STAGE_LOOKS[proposal.stage]
    return {
        "pid": proposal.public_id,
        "title": proposal.title,
        "html_lang": html_language(proposal.language),
        "badge": (look.label, look.icon, look.tone),
        "supports": proposal.support_count,
        "cost_cents": proposal.cost_cents,
        "is_ready": is_ready(proposal),
    }


@section.post("/office/votes/<pid>/options/proposals")
@requires("rounds.edit", on=load_round)
def add_proposals(vote: Round) -> ResponseReturnValue:
    """Put the chosen ones on the ballot; one that cannot be does not stop the others. Twice is once."""
    drafting.ensure_draft(vote, current_actor())
    added = _add_chosen(vote, request.form.getlist("proposal")[:MOST_AT_ONCE])
    if added:
        flash_success(ngettext("%(num)s option was added.", "%(num)s options were added.", added))
    return redirect_to("rounds.draft_options", pid=vote.public_id)


def _add_chosen(vote: Round, public_ids: list[str]) -> int:
    added = 0
    for public_id in dict.fromkeys(public_ids):
        proposal = proposal_by_public_id(public_id)
        if proposal is None or proposal.is_draft:
            continue
        try:
            optioning.add_proposal(vote, proposal, actor=current_actor())
            added += 1
        except DomainError as error:
            flash_error(_("“%(title)s”: %(reason)s", title=proposal.title, reason=str(error)))
    return added


@section.route("/office/votes/<pid>/options/new", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round)
def type_option(vote: Round) -> ResponseReturnValue:
    """An option that is no proposal."""
    context = step_context(vote, "options")
    form = TypedForm()
    if form.validate_on_submit() and form.attempt(lambda: _add_typed(vote, form)) is not None:
        return redirect_to("rounds.draft_options", pid=vote.public_id)
    return render("rounds/office/option.html", status=form.status, form=form, option=None, **context)


def _add_typed(vote: Round, form: TypedForm) -> RoundOption:
    return optioning.add_typed(
        vote,
        actor=current_actor(),
        title=form.title.data or "",
        text=form.text.data or "",
        plain=form.plain.data or "",
        cost_cents=form.cost.cents,
        district_id=form.district.data or None,
        is_status_quo=bool(form.is_status_quo.data),
        exclusive_group=form.exclusive_group.data or "",
    )


@section.route("/office/votes/<pid>/options/<code>", methods=["GET", "POST"])
@requires("rounds.edit", on=load_round_of_option)
def change_option(vote: Round) -> ResponseReturnValue:
    """What it costs; of a typed one the words, too."""
    context = step_context(vote, "options")
    option = _option(vote)
    form = (CostForm if option.proposal_id else TypedForm)(data=option_data(option))
    if form.validate_on_submit() and form.attempt(lambda: _change(vote, option, form)) is not None:
        return redirect_to("rounds.draft_options", pid=vote.public_id)
    return render("rounds/office/option.html", status=form.status, form=form, option=option, **context)


def _option(vote: Round) -> RoundOption:
    option = option_of(vote, chosen_code())
    if option is None:
        raise NotFound
    return option


def _change(vote: Round, option: RoundOption, form: CostForm) -> RoundOption:
    group = form.exclusive_group.data or ""
    return optioning.change_option(
        vote,
        option.code,
        actor=current_actor(),
        cost_cents=form.cost.cents,
        exclusive_group=group,
        typed=_typed(form) if isinstance(form, TypedForm) else None,
    )


def _typed(form: TypedForm) -> optioning.Typed:
    return optioning.Typed(
        title=form.title.data or "",
        text=form.text.data or "",
        plain=form.plain.data or "",
        district_id=form.district.data or None,
        is_status_quo=bool(form.is_status_quo.data),
    )


@section.post("/office/votes/<pid>/options/<code>/remove")
@requires("rounds.edit", on=load_round_of_option)
def remove_option(vote: Round) -> ResponseReturnValue:
    """Take it off the draft."""
    optioning.remove_option(vote, _option(vote).code, actor=current_actor())
    return redirect_to("rounds.draft_options", pid=vote.public_id)
