"""What follows from meetings and for them: who is told, and what people who leave take along."""

from __future__ import annotations

from portal.accounts.events import AccountErased
from portal.accounts.operations.own_data import register_export_section
from portal.core.db import session
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.groups.events import (
    GroupFounded,
    GroupTightened,
    MeetingAsked,
    MeetingChanged,
    MeetingPlanned,
    MeetingTomorrow,
    MemberGone,
)
from portal.groups.models import Group, MeetingDate, MeetingSeen
from portal.groups.operations.meetings.due import (
    forget_own_address,
    grow_quiet,
    leave_meetings,
)
from portal.groups.operations.meetings.first import plan_first_meeting
from portal.groups.operations.news import line_of
from portal.groups.operations.reaching import tell_members
from portal.groups.queries.meetings import likely_comers, own_meetings, wishers
from portal.notifications.operations import notification_kind

MAIL = "groups/mail/news"
notification_kind(
    "groups.meeting",
    label=_l("My group meets: planned, moved, cancelled, tomorrow"),
    text=line_of,
    template=MAIL,
)
notification_kind(
    "groups.meeting_held",
    label=_l("Questions whether a meeting of my group took place"),
    text=line_of,
    template=MAIL,
    default_mail=False,
)


def _thing(group_id: int, date_id: int) -> tuple[Group, MeetingDate]:
    return session.get_one(Group, group_id), session.get_one(MeetingDate, date_id)


def _tell(group_id: int, date_id: int, what: str, besides: int) -> None:
    """Members, and people who asked for the dates, as far as they may see this one."""
    group, row = _thing(group_id, date_id)
    tell_members(group, "groups.meeting", what, besides=[besides])
    guests = wishers(group) if row.meeting.seen is not MeetingSeen.MEMBERS else []
    if guests:
        tell_members(group, "groups.meeting", what, to=guests)


@subscribe(GroupFounded)
def founded(event: GroupFounded) -> None:
    """The first date of the founding plan stands in the calendar, and whoever asked for dates is told."""
    plan_first_meeting(session.get_one(Group, event.group_id))


@subscribe(MeetingPlanned)
def planned(event: MeetingPlanned) -> None:
    """There is a new date."""
    _tell(event.group_id, event.date_id, "meeting_planned", event.membership_id)


@subscribe(MeetingChanged)
def changed(event: MeetingChanged) -> None:
    """Nobody shall stand before a closed door."""
    _tell(event.group_id, event.date_id, f"meeting_{event.how}", event.membership_id)


@subscribe(MeetingTomorrow)
def tomorrow(event: MeetingTomorrow) -> None:
    """Whoever said that they come, or perhaps; nobody was asked in a discreet group."""
    group, row = _thing(event.group_id, event.date_id)
    coming = likely_comers(row)
    if coming:
        tell_members(group, "groups.meeting", "meeting_tomorrow", to=coming, once=f"date-{row.id}")


@subscribe(MeetingAsked)
def asked(event: MeetingAsked) -> None:
    """One tap of anybody is enough."""
    group, row = _thing(event.group_id, event.date_id)
    tell_members(group, "groups.meeting_held", "meeting_asked", once=f"held-{row.id}")


@subscribe(MemberGone)
def gone(event: MemberGone) -> None:
    """Nobody waits for somebody who left, and their phone fetches nothing any more."""
    leave_meetings(event.membership_id)


@subscribe(GroupTightened)
def tightened(event: GroupTightened) -> None:
    """In a discreet group nobody is counted, and nobody outside is told."""
    if session.get_one(Group, event.group_id).is_discreet:
        grow_quiet(event.group_id)


@subscribe(AccountErased)
def account_erased(event: AccountErased) -> None:
    """Their phone fetches nothing any more; answers and wishes go with the memberships."""
    forget_own_address(event.account_id)


register_export_section("group_meetings", own_meetings)
