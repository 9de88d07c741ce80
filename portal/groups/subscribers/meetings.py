"""What meetings make of what happens in a group: whoever leaves takes answers and calendar address along."""

from __future__ import annotations

from portal.core.events import subscribe
from portal.groups.events import MemberGone
from portal.groups.operations.meetings.due import leave_meetings


@subscribe(MemberGone)
def gone(event: MemberGone) -> None:
    """Nobody waits for somebody who left, and their phone fetches nothing any more."""
    leave_meetings(event.membership_id)
