"""Groups behind proposals: who is asked, and what a group that becomes discreet leaves behind: nothing."""

from __future__ import annotations

from portal.accounts.queries import get_account
from portal.core.db import session
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.subjects import SubjectRef
from portal.groups.events import GroupTightened
from portal.groups.models import Group, Right
from portal.groups.operations.reaching import tell_those_who_may
from portal.notifications.operations import notification_kind, notify
from portal.proposals.events import GroupAskedAboutProposal, GroupOffersToCarry
from portal.proposals.models import Proposal
from portal.proposals.operations.grouping import drop_group


@subscribe(GroupAskedAboutProposal)
def group_asked(event: GroupAskedAboutProposal) -> None:
    """Those who speak for the group are told; its page says what it is about."""
    group = session.get(Group, event.group_id)
    if group is not None:
        once = f"proposal-{event.proposal_id}"
        tell_those_who_may(group, Right.EDIT_PROFILE, "groups.together", "proposal", once=once)


notification_kind(
    "proposals.group_offers",
    label=_l("A group offers to carry out a proposal that I answer for"),
    text=_l("A group offers to carry out “%(title)s”. Please say yes or no."),
    template="proposals/mail/group_offers",
    grouped=True,
)


@subscribe(GroupOffersToCarry)
def group_offers(event: GroupOffersToCarry) -> None:
    """The authors and the town's contact persons are asked; the page of the proposal shows it to them."""
    proposal = session.get_one(Proposal, event.proposal_id)
    contacts = [
        get_account(one) for one in (proposal.contact_account_id, proposal.substitute_account_id) if one
    ]
    told = [*proposal.author_ids, *(one.id for one in contacts if one is not None and one.is_staff)]
    notify(
        told, "proposals.group_offers", subject=SubjectRef("proposal", proposal.id), actor_id=event.actor_id
    )


@subscribe(GroupTightened)
def group_tightened(event: GroupTightened) -> None:
    """Nothing public names a discreet group."""
    group = session.get(Group, event.group_id)
    if group is not None and group.is_discreet:
        drop_group(group.id)
