"""Putting proposals together: staff ask, authors agree, supporters carry their support over."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.content.queries import html_language
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.proposals import operations, queries
from portal.proposals.errors import MergeNotPossible
from portal.proposals.forms import MergeForm, SplitForm
from portal.proposals.models import ConsentState, Proposal
from portal.proposals.queries import MergeCase
from portal.proposals.views.acting import office_page
from portal.proposals.views.presenting import badge_of, cards
from portal.proposals.views.section import load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


def load_merge(mid: str) -> MergeCase | None:
    """The case of the URL."""
    return queries.merge_by_public_id(mid)


@section.route("/proposals/<pid>/merge", methods=["GET", "POST"])
@requires("proposals.ask_merge", on=load_proposal)
def merge(proposal: Proposal) -> ResponseReturnValue:
    """Ask whether this one may go into another one."""
    form = MergeForm(data={"target": request.args.get("target", "")[:300]})
    case = None
    if form.validate_on_submit():
        case = form.attempt(lambda: _ask_merge(proposal, form))
    if case is not None:
        flash_success(_("The authors are asked. Nothing happens without their yes."))
        return redirect_to("proposals.merge_case", mid=case.merge.public_id)
    similar = queries.similar_proposals(proposal.title, exclude=(proposal.id,))
    return office_page("merge", proposal, form, similar=cards(similar))


def _ask_merge(proposal: Proposal, form: MergeForm) -> MergeCase:
    target = load_proposal(form.target_public_id())
    if target is None or not can(current_actor(), "proposals.ask_merge", target):
        raise MergeNotPossible
    return operations.ask_merge(proposal, target, actor=current_actor(), reason=form.reason.data or "")


@section.route("/proposals/<pid>/split", methods=["GET", "POST"])
@requires("proposals.ask_merge", on=load_proposal)
def split(proposal: Proposal) -> ResponseReturnValue:
    """Ask whether a merge may be taken apart again."""
    form = SplitForm()
    case = None
    if form.validate_on_submit():
        reason = form.reason.data or ""
        case = form.attempt(lambda: operations.ask_split(proposal, actor=current_actor(), reason=reason))
    if case is not None:
        flash_success(_("The authors are asked. Nothing happens without their yes."))
        return redirect_to("proposals.merge_case", mid=case.merge.public_id)
    return office_page("split", proposal, form)


@section.post("/proposals/<pid>/split/now")
@requires("proposals.undo_merge", on=load_proposal)
def undo_merge(proposal: Proposal) -> ResponseReturnValue:
    """A moderator takes it apart at once; the history of both says so."""
    if operations.undo_merge(proposal, actor=current_actor()):
        flash_success(_("They stand for themselves again, with the support they had."))
    return redirect_to("proposals.detail", pid=proposal.public_id)


@section.get("/proposals/merges/<mid>")
@requires("proposals.see_merge", on=load_merge)
def merge_case(case: MergeCase) -> ResponseReturnValue:
    """Both proposals, why they belong together, and what each author says."""
    return render("proposals/merge.html", **_case_context(case))


def _case_context(case: MergeCase) -> dict[str, Any]:
    actor = current_actor()
    names = account_names(case.asked_ids)
    said = {one.account_id: one.state for one in case.consents}
    return {
        "case": case,
        "proposals": [_side(case, one) for one in case.proposals],
        "answers": [(names[one], state.value) for one, state in said.items()],
        "asks_me": actor.account_id in case.waits_for and case.merge.is_open,
        "i_agreed": said.get(actor.account_id or 0) is ConsentState.AGREED,
        "can_cancel": case.merge.is_open and can(actor, "proposals.cancel_merge", case),
    }


def _side(case: MergeCase, proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal": proposal,
        "badge": badge_of(proposal),
        "html_lang": html_language(proposal.language),
        "is_target": proposal.id == case.target.id,
    }


@section.post("/proposals/merges/<mid>")
@requires("proposals.answer_merge", on=load_merge)
def answer_merge(case: MergeCase) -> ResponseReturnValue:
    """An author says yes or no."""
    agree = request.form.get("answer") == "agree"
    is_done = operations.answer_merge(case, actor=current_actor(), agree=agree)
    if is_done:
        flash_success(_("Every author has agreed: it is done."))
    elif agree:
        flash_success(_("Thank you. Now the other authors are waited for."))
    else:
        flash_info(_("You said no. Everything stays as it is."))
    return redirect_to("proposals.merge_case", mid=case.merge.public_id)


@section.post("/proposals/merges/<mid>/cancel")
@requires("proposals.cancel_merge", on=load_merge)
def cancel_merge(case: MergeCase) -> ResponseReturnValue:
    """Take the question back."""
    if operations.cancel_merge(case, actor=current_actor()):
        flash_info(_("The question is taken back."))
    return redirect_to("proposals.merge_case", mid=case.merge.public_id)


@section.post("/proposals/merges/<mid>/carry-over")
@requires("proposals.carry_over", on=load_merge)
def carry_over(case: MergeCase) -> ResponseReturnValue:
    """One tap: the support goes along, or stays where it is."""
    agree = request.form.get("answer") == "agree"
    if operations.carry_over(case, actor=current_actor(), agree=agree):
        words = _("Your support goes with it.") if agree else _("Your support stays where it is.")
        flash_success(words)
    return redirect_to("proposals.detail", pid=case.target.public_id, anchor="support")
