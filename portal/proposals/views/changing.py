"""Changing and withdrawing what is public."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.proposals import operations
from portal.proposals.forms import EditForm, WithdrawForm, edit_data
from portal.proposals.models import Proposal
from portal.proposals.views.section import load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


@section.route("/proposals/<pid>/edit", methods=["GET", "POST"])
@requires("proposals.edit", on=load_proposal)
def edit(proposal: Proposal) -> ResponseReturnValue:
    """Change a public text; refused with 409 while a vote about it is open."""
    operations.ensure_editable(proposal, actor=current_actor())
    form = EditForm(data=edit_data(proposal))
    if form.validate_on_submit() and _save(proposal, form):
        flash_success(_("Your change is public."))
        return redirect_to("proposals.detail", pid=proposal.public_id)
    return render("proposals/edit.html", status=form.status, form=form, proposal=proposal)


def _save(proposal: Proposal, form: EditForm) -> int | None:
    return form.attempt(
        lambda: operations.edit_proposal(
            proposal, form.texts(), actor=current_actor(), is_new_idea=bool(form.is_new_idea.data)
        )
    )


@section.route("/proposals/<pid>/withdraw", methods=["GET", "POST"])
@requires("proposals.withdraw", on=load_proposal)
def withdraw(proposal: Proposal) -> ResponseReturnValue:
    """Take it back with a reason."""
    form = WithdrawForm()
    if form.validate_on_submit():
        form.attempt(lambda: _withdraw(proposal, form))
    if form.is_submitted() and form.status == 200:
        flash_info(_("You have withdrawn your proposal. It stays readable."))
        return redirect_to("proposals.detail", pid=proposal.public_id)
    return render("proposals/withdraw.html", status=form.status, form=form, proposal=proposal)


def _withdraw(proposal: Proposal, form: WithdrawForm) -> None:
    operations.withdraw_proposal(
        proposal, actor=current_actor(), reason=form.chosen_reason, note=form.note.data or ""
    )
