"""What is missing: the authors keep the list, neighbours pledge, and when nothing is missing it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.proposals import operations, queries
from portal.proposals.forms import NeedForm, PledgeForm, scale_of
from portal.proposals.models import Proposal, ProposalNeed
from portal.proposals.views.beside import need_view, needs_view
from portal.proposals.views.section import load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


@dataclass(frozen=True)
class NeedOf:
    """A need with its proposal; permissions ask the proposal."""

    need: ProposalNeed
    proposal: Proposal

    def __getattr__(self, name: str) -> Any:
        return getattr(self.proposal, name)


def load_need(pid: str, nid: str) -> NeedOf | None:
    """The need of the URL."""
    proposal = load_proposal(pid)
    need = queries.need_by_public_id(proposal, nid) if proposal else None
    return NeedOf(need, proposal) if need and proposal else None


@section.route("/proposals/<pid>/needs", methods=["GET", "POST"])
@requires("proposals.manage_needs", on=load_proposal)
def needs(proposal: Proposal) -> ResponseReturnValue:
    """The list as its authors see it: with the names and notes of those who help."""
    form = NeedForm()
    if form.validate_on_submit() and _list(proposal, form):
        flash_success(_("It stands on the list now."))
        return redirect_to("proposals.needs", pid=proposal.public_id)
    return _needs_page(proposal, form)


def _needs_page(proposal: Proposal, form: NeedForm) -> ResponseReturnValue:
    return render(
        "proposals/needs.html",
        status=form.status,
        form=form,
        proposal=proposal,
        needs=needs_view(proposal),
        pledges=[_pledge_row(one) for one in queries.pledges_of(proposal)],
        is_open=operations.is_pledgeable(proposal),
    )


def _list(proposal: Proposal, form: NeedForm) -> ProposalNeed | None:
    values = form.need_values()
    return form.attempt(lambda: operations.list_need(proposal, actor=current_actor(), **values))


def _pledge_row(one: queries.PledgeView) -> dict[str, Any]:
    return {
        "name": one.card.name,
        "what": need_view(one.need)["text"],
        "amount": one.pledge.quantity // scale_of(one.need),
        "is_money": scale_of(one.need) == 100,
        "words": one.pledge.words,
        "at": one.pledge.created_at,
    }


@section.post("/proposals/<pid>/needs/<nid>/remove")
@requires("proposals.manage_needs", on=load_need)
def drop_need(found: NeedOf) -> ResponseReturnValue:
    """Take something off the list."""
    if operations.drop_need(found.proposal, actor=current_actor(), public_id=found.need.public_id):
        flash_info(_("It is off the list. Those who pledged for it are told."))
    return redirect_to("proposals.needs", pid=found.proposal.public_id)


@section.route("/proposals/<pid>/needs/<nid>/pledge", methods=["GET", "POST"])
@requires("proposals.pledge", on=load_need)
def pledge(found: NeedOf) -> ResponseReturnValue:
    """Promise a part of it."""
    mine = queries.pledge_of(found.need, current_actor().account_id)
    form = PledgeForm(found.need, data=_pledge_data(found, mine))
    if form.validate_on_submit():
        form.attempt(lambda: _promise(found, form))
    if form.is_submitted() and form.status == 200:
        flash_success(_("Thank you. The authors know that you help."))
        return redirect_to("proposals.detail", pid=found.proposal.public_id, anchor="needs")
    return _pledge_page(found, form, mine is not None)


def _pledge_page(found: NeedOf, form: Form, is_mine: bool) -> ResponseReturnValue:
    return render(
        "proposals/pledge.html",
        status=form.status,
        form=form,
        proposal=found.proposal,
        need=need_view(found.need),
        nid=found.need.public_id,
        is_mine=is_mine,
        is_open=operations.is_pledgeable(found.proposal),
    )


def _pledge_data(found: NeedOf, mine: Any) -> dict[str, Any]:
    if mine is None:
        left = max(1, (found.need.quantity - found.need.pledged) // scale_of(found.need))
        return {"quantity": 1 if scale_of(found.need) == 1 else min(left, 20)}
    return {
        "quantity": mine.quantity // scale_of(found.need),
        "words": mine.words,
        "is_named": mine.is_named,
    }


def _promise(found: NeedOf, form: PledgeForm) -> None:
    operations.pledge(
        found.proposal,
        found.need,
        actor=current_actor(),
        quantity=form.amount,
        words=form.words.data or "",
        is_named=bool(form.is_named.data),
    )


@section.post("/proposals/<pid>/needs/<nid>/pledge/withdraw")
@requires("proposals.pledge", on=load_need)
def withdraw_pledge(found: NeedOf) -> ResponseReturnValue:
    """Take a pledge back."""
    if operations.withdraw_pledge(found.need, actor=current_actor()):
        flash_info(_("Your pledge is taken back. Nobody is told why."))
    return redirect_to("proposals.detail", pid=found.proposal.public_id, anchor="needs")


@section.post("/proposals/<pid>/begin")
@requires("proposals.begin", on=load_proposal)
def begin(proposal: Proposal) -> ResponseReturnValue:
    """Nothing is missing: it is under way without any vote."""
    if operations.begin_without_vote(proposal, actor=current_actor()):
        flash_success(_("It is under way. Everybody who supports it is told."))
    return redirect_to("proposals.detail", pid=proposal.public_id, anchor="status-title")
