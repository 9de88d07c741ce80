"""The section of URLs, and how views load what a URL names."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.proposals.models import CoAuthorInvitation, Proposal
from portal.proposals.queries import (
    invitation_by_token,
    proposal_by_id,
    proposal_by_public_id,
    proposal_with_thread,
)
from portal.web.blueprints import Section
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.responses import redirect_to

section = Section("proposals", __name__)

register_nav("proposals.index", _l("Proposals"), icon="bulb", order=20)
register_nav("proposals.mine", _l("My proposals"), icon="bulb", order=20, area="account")


def load_proposal(pid: str) -> Proposal | None:
    """The proposal of the URL, in whatever state; the permission decides who gets it."""
    return proposal_by_public_id(pid)


def load_draft(pid: str) -> Proposal | None:
    """The same to go on writing. Who comes back to it after publishing goes to the proposal."""
    proposal = load_proposal(pid)
    if request.method != "POST" and proposal and can(current_actor(), "proposals.edit", proposal):
        abort(redirect_to("proposals.detail", pid=pid))
    return proposal


def load_page(pid: str) -> Proposal | None:
    """The same with its conversation."""
    return proposal_with_thread(pid)


@dataclass(frozen=True)
class Invited:
    """An invitation with its proposal."""

    invitation: CoAuthorInvitation
    proposal: Proposal
    token: str


def load_invitation(token: str) -> Invited | None:
    """The invitation of the URL, used or not."""
    invitation = invitation_by_token(token)
    proposal = proposal_by_id(invitation.proposal_id) if invitation else None
    return Invited(invitation, proposal, token) if invitation and proposal else None
