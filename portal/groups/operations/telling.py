"""The group's own history: what happened, in words of roles and never of persons."""

from __future__ import annotations

from typing import Any

from portal.core import clock
from portal.core.db import session
from portal.groups.models import Group, GroupHistory, Seen


def tell(group: Group, name: str, *, who: str = "member", seen: Seen = Seen.MEMBERS, **data: Any) -> None:
    """Write one line of history. A discreet group has no public lines: they become members' lines."""
    if group.is_discreet:
        seen = Seen.MEMBERS
    session.add(GroupHistory(group_id=group.id, name=name, who=who, seen=seen, data=data, on=clock.today()))


def sign_of_life(group: Group) -> None:
    """Something real happened: a post, a meeting, a decision. Looking at pages is none."""
    group.last_sign_on = clock.today()
    group.checkin_sent_on, group.checkins_unanswered = None, 0
