"""Support, follow, "still with it?", and writing together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.content.queries import html_language
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.settings import current_settings
from portal.proposals import operations, queries
from portal.proposals.models import Proposal
from portal.proposals.queries import Relation
from portal.proposals.views.detail import changes_of, support_context
from portal.proposals.views.section import Invited, load_invitation, load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, fragment_or_redirect, redirect_to


def _toggled(proposal: Proposal, change: Callable[..., bool]) -> ResponseReturnValue:
    """Do it and show the box again: alone for scripts, on the page for everybody else."""
    change(proposal, actor=current_actor())
    place = ("proposals.detail", {"pid": proposal.public_id, "_anchor": "support"})
    return fragment_or_redirect("proposals/_support.html", "support", place, lambda: _box(proposal))


def _box(proposal: Proposal) -> dict[str, Any]:
    context = support_context(proposal)
    return {**context, "say": _in_words(context["relation"], proposal)}


def _in_words(relation: Relation, proposal: Proposal) -> str:
    """How things stand after the click, for people who hear the page."""
    count = ngettext("%(num)s supporter", "%(num)s supporters", proposal.support_count)
    mine = _("You support this proposal.") if relation.supports else _("You do not support this proposal.")
    follow = _("You follow it.") if relation.follows else _("You do not follow it.")
    return f"{mine} {follow} {count}."


@section.get("/proposals/<pid>/support")
@requires("proposals.support", on=load_proposal)
def support_page(proposal: Proposal) -> ResponseReturnValue:
    """Where somebody comes back to after signing in: one button, no change by GET."""
    lang = html_language(proposal.language)
    return render("proposals/support_page.html", html_lang=lang, **support_context(proposal))


@section.post("/proposals/<pid>/support")
@requires("proposals.support", on=load_proposal)
def support(proposal: Proposal) -> ResponseReturnValue:
    """ "I am with it"; a second click changes nothing."""
    return _toggled(proposal, operations.support_proposal)


@section.post("/proposals/<pid>/support/revoke")
@requires("proposals.support", on=load_proposal)
def revoke(proposal: Proposal) -> ResponseReturnValue:
    """Not with it any more."""
    return _toggled(proposal, operations.revoke_support)


@section.post("/proposals/<pid>/follow")
@requires("proposals.follow", on=load_proposal)
def follow(proposal: Proposal) -> ResponseReturnValue:
    """Hear what becomes of it."""
    return _toggled(proposal, operations.follow_proposal)


@section.post("/proposals/<pid>/unfollow")
@requires("proposals.follow", on=load_proposal)
def unfollow(proposal: Proposal) -> ResponseReturnValue:
    """Hear no more of it."""
    return _toggled(proposal, operations.unfollow_proposal)


@section.get("/proposals/<pid>/still-with-it")
@requires("proposals.support", on=load_proposal)
def still_with_it(proposal: Proposal) -> ResponseReturnValue:
    """What has changed since a supporter said yes, and two buttons."""
    relation = queries.relation_of(current_actor().account_id, proposal)
    before = queries.confirmed_version_of(current_actor().account_id, proposal)
    after = queries.version_of(proposal, proposal.version_count)
    return render(
        "proposals/still_with_it.html",
        proposal=proposal,
        relation=relation,
        changes=changes_of(before, after) if relation.supports else [],
        html_lang=html_language(proposal.language),
    )


@section.post("/proposals/<pid>/still-with-it")
@requires("proposals.support", on=load_proposal)
def confirm(proposal: Proposal) -> ResponseReturnValue:
    """Keep the support, or take it back."""
    if request.form.get("answer") == "revoke":
        operations.revoke_support(proposal, actor=current_actor())
        flash_info(_("You do not support this proposal any more."))
    elif operations.confirm_support(proposal, actor=current_actor()):
        flash_success(_("Thank you. You still support this proposal."))
    return redirect_to("proposals.detail", pid=proposal.public_id)


@section.get("/proposals/<pid>/authors")
@requires("proposals.invite", on=load_proposal)
def authors(proposal: Proposal) -> ResponseReturnValue:
    """Who writes, and how to invite somebody."""
    return _authors_page(proposal, link=None)


@section.post("/proposals/<pid>/authors")
@requires("proposals.invite", on=load_proposal)
def invite(proposal: Proposal) -> ResponseReturnValue:
    """Make a link to hand over; it is shown this once."""
    token = operations.invite_coauthor(proposal, actor=current_actor())
    link = current_settings().base_url + url_for("proposals.invitation", token=token)
    return _authors_page(proposal, link=link)


def _authors_page(proposal: Proposal, *, link: str | None) -> ResponseReturnValue:
    names = account_names(proposal.author_ids)
    return render(
        "proposals/authors.html",
        proposal=proposal,
        authors=[names[one] for one in proposal.author_ids],
        link=link,
        is_first=proposal.author_id == current_actor().account_id,
    )


@section.post("/proposals/<pid>/authors/leave")
@requires("proposals.invite", on=load_proposal)
def leave(proposal: Proposal) -> ResponseReturnValue:
    """A co-author steps back."""
    if operations.leave_proposal(proposal, actor=current_actor()):
        flash_info(_("You are not an author of this proposal any more."))
    return redirect_to("proposals.mine")


@section.get("/proposals/invitations/<token>")
@requires("proposals.answer_invitation", on=load_invitation)
def invitation(invited: Invited) -> ResponseReturnValue:
    """What the link leads to: who invites to what, and two buttons."""
    inviter = account_names([invited.invitation.invited_by_id])
    return render(
        "proposals/invitation.html",
        proposal=invited.proposal,
        token=invited.token,
        inviter=inviter[invited.invitation.invited_by_id],
        is_open=operations.is_open_invitation(invited.invitation),
    )


@section.post("/proposals/invitations/<token>")
@requires("proposals.answer_invitation", on=load_invitation)
def answer_invitation(invited: Invited) -> ResponseReturnValue:
    """Accept or decline."""
    if request.form.get("answer") == "decline":
        operations.decline_invitation(invited.invitation, actor=current_actor())
        flash_info(_("You have declined. Nobody is told why."))
        return redirect_to("proposals.mine")
    operations.accept_invitation(invited.invitation, invited.proposal, actor=current_actor())
    flash_success(_("You are an author of this proposal now."))
    return redirect_to("proposals.detail", pid=invited.proposal.public_id)
