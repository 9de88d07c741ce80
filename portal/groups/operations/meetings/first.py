"""The day a founding circle wrote down for its first meeting becomes a date in the group's calendar."""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.groups.models import (
    DateStatus,
    Group,
    GroupMeeting,
    MeetingDate,
    MeetingSeen,
    Privacy,
)
from portal.groups.operations.meetings.planning import Plan, plan_by_rule
from portal.groups.queries.recurring import instant_of

# As wide as the group's privacy allows: people who asked for dates asked for this one.
_READERS = {
    Privacy.OPEN: MeetingSeen.EVERYBODY,
    Privacy.CLOSED: MeetingSeen.GUESTS,
    Privacy.DISCREET: MeetingSeen.MEMBERS,
}


def plan_first_meeting(group: Group) -> GroupMeeting | None:
    """Plan the meeting of the founding plan, once; None where no day is agreed, or it is over.

    A circle that has put a date on that day into its calendar already has its first meeting.
    """
    plan: dict[str, str] = json.loads(group.plan)
    if not (plan.get("first_on") and plan.get("starts")):
        return None
    day = date.fromisoformat(plan["first_on"])
    if instant_of(day, plan["starts"]) <= clock.now() or _meets_on(group, day):
        return None
    return plan_by_rule(
        group,
        Plan(
            day=day,
            starts=plan["starts"],
            place=plan.get("place", ""),
            seen=_READERS[group.privacy],
            form_key="founding",
        ),
    )


def _meets_on(group: Group, day: date) -> bool:
    query = select(MeetingDate).where(
        MeetingDate.group_id == group.id, MeetingDate.status == DateStatus.PLANNED
    )
    return any(row.on == day for row in session.scalars(query))
