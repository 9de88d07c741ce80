"""The group's own history: what happened, in words of roles and never of persons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.groups.models import Group, GroupHistory, Seen

# Lines of history whose day would tell on which weekday a group meets.
OF_MEETINGS = frozenset({"meeting_held"})


def last_day_of_week(day: date) -> date:
    """Its Sunday: of a discreet group not even the weekday of its last sign of life is kept."""
    return day + timedelta(days=6 - day.weekday())


def tell(group: Group, name: str, *, who: str = "member", seen: Seen = Seen.MEMBERS, **data: Any) -> None:
    """Write one line of history. A discreet group has no public lines: they become members' lines."""
    on = clock.today()
    if group.is_discreet:
        seen = Seen.MEMBERS
        # The day somebody says that they met is mostly the day they met: only the month is written down.
        on = on.replace(day=1) if name in OF_MEETINGS else on
    session.add(GroupHistory(group_id=group.id, name=name, who=who, seen=seen, data=data, on=on))


def hide_days(group: Group) -> None:
    """The group is discreet from now on: what its history says about days of meetings becomes a month."""
    group.last_sign_on = last_day_of_week(group.last_sign_on)
    query = select(GroupHistory).where(GroupHistory.group_id == group.id, GroupHistory.name.in_(OF_MEETINGS))
    for line in session.scalars(query):
        line.on = line.on.replace(day=1)


def sign_of_life(group: Group) -> None:
    """Something real happened: a post, a meeting, a decision. Looking at pages is none."""
    group.last_sign_on = last_day_of_week(clock.today()) if group.is_discreet else clock.today()
    group.checkin_sent_on, group.checkins_unanswered = None, 0
