"""Groups behind proposals: who is asked, and what a group that becomes discreet leaves behind: nothing."""

from __future__ import annotations

from portal.core.db import session
from portal.core.events import subscribe
from portal.groups.events import GroupTightened
from portal.groups.models import Group, Right
from portal.groups.operations.reaching import tell_those_who_may
from portal.proposals.events import GroupAskedAboutProposal
from portal.proposals.operations.grouping import drop_group


@subscribe(GroupAskedAboutProposal)
def group_asked(event: GroupAskedAboutProposal) -> None:
    """Those who speak for the group are told; its page says what it is about."""
    group = session.get(Group, event.group_id)
    if group is not None:
        once = f"proposal-{event.proposal_id}"
        tell_those_who_may(group, Right.EDIT_PROFILE, "groups.together", "proposal", once=once)


@subscribe(GroupTightened)
def group_tightened(event: GroupTightened) -> None:
    """Nothing public names a discreet group."""
    group = session.get(Group, event.group_id)
    if group is not None and group.is_discreet:
        drop_group(group.id)
