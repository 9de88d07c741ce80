"""Suggesting another wording, and what an author says to it."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.content.queries import html_language, source_hash
from portal.core.i18n import gettext as _
from portal.proposals import operations, queries
from portal.proposals.forms import TextForm
from portal.proposals.models import ConsentState, Proposal, TextOffer
from portal.proposals.views.detail import FIELD_LABELS
from portal.proposals.views.section import load_proposal, section
from portal.proposals.views.texts import Offered
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to

LABELS = {"title": "title", "what": "what_md", "why": "why_md", "for_whom": "for_whom_md"}


def load_change(pid: str, oid: str) -> Offered | None:
    """The suggested change of the URL."""
    proposal, offer = load_proposal(pid), queries.offer_by_public_id(oid)
    if proposal is None or offer is None or offer.proposal_id != proposal.id or not offer.is_change:
        return None
    return Offered(offer, proposal)


@section.route("/proposals/<pid>/suggest", methods=["GET", "POST"])
@requires("proposals.suggest_change", on=load_proposal)
def suggest(proposal: Proposal) -> ResponseReturnValue:
    """The text as it is, to be changed and sent to the authors."""
    form = TextForm(proposal, data=_words(proposal))
    if form.validate_on_submit() and form.attempt(
        lambda: operations.suggest_change(proposal, form.fields(), actor=current_actor())
    ):
        flash_success(_("Thank you. The authors look at it."))
        return redirect_to("proposals.detail", pid=proposal.public_id)
    lang = html_language(proposal.language)
    return render("proposals/suggest.html", status=form.status, form=form, proposal=proposal, html_lang=lang)


def _words(proposal: Proposal) -> dict[str, str]:
    mine = queries.my_offer(proposal, proposal.language, current_actor().account_id)
    if mine is not None and mine.is_change and mine.state is ConsentState.ASKED:
        return dict(mine.fields)
    return queries.texts_of(proposal)


@section.route("/proposals/<pid>/changes/<oid>", methods=["GET", "POST"])
@requires("proposals.edit", on=load_change)
def change(found: Offered) -> ResponseReturnValue:
    """What would change, word by word; take it over, or not."""
    form = Form()
    accept = request.form.get("answer") == "accept"
    if form.validate_on_submit() and _answer(found, form, accept=accept):
        if accept:
            flash_success(_("Your change is public."))
        else:
            flash_info(_("The text stays as it is."))
        return redirect_to("proposals.detail", pid=found.proposal.public_id)
    return _change_page(found, form)


def _answer(found: Offered, form: Form, *, accept: bool) -> bool:
    """Answering twice (a double click) ends on the same page as answering once."""
    done = form.attempt(
        lambda: operations.answer_change(
            found.offer,
            found.proposal,
            actor=current_actor(),
            accept=accept,
            seen=request.form.get("seen", ""),
        )
    )
    return done is not None


def _change_page(found: Offered, form: Form) -> ResponseReturnValue:
    proposal, offer = found.proposal, found.offer
    source = queries.texts_of(proposal)
    return render(
        "proposals/change.html",
        status=form.status,
        form=form,
        offer=offer,
        proposal=proposal,
        author=account_names([offer.account_id])[offer.account_id],
        seen=source_hash(source),
        html_lang=html_language(proposal.language),
        changes=_differences(source, offer),
        is_waiting=offer.state is ConsentState.ASKED,
    )


def _differences(source: dict[str, str], offer: TextOffer) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    pairs = [(name, before, str(offer.fields.get(name, ""))) for name, before in source.items()]
    return [
        (FIELD_LABELS[LABELS[name]](), queries.word_diff(before, after))
        for name, before, after in pairs
        if before != after
    ]
