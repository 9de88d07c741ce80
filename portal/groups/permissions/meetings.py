"""Who sees, plans and attends meetings. The object of groups.see_date, change_date and attend is the date."""

from __future__ import annotations

from typing import Any

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import Deny, declare, not_suspended, participant, predicate, signed_in
from portal.groups.models import DateWish, Group, MeetingSeen, MemberState, Privacy, Right
from portal.groups.permissions import (
    gathers,
    is_discreet,
    is_living,
    is_member,
    is_open,
    is_shown,
    may,
    membership_of,
    takes_part,
)
from portal.groups.permissions.accompanying import looks_at_dates

# Who may be told the dates of a group without being in it.
DATE_WISHERS = (MemberState.INTERESTED, MemberState.REQUESTED, MemberState.WAITING)


def _group_of(thing: Any) -> Group | None:
    return session.get(Group, thing.group_id)


@predicate
def sees_date(actor: Actor, date: Any) -> bool:
    """Members see all dates; others what the group shows them, and never one of a discreet group."""
    group = _group_of(date)
    if group is None:
        return False
    if is_member(actor, group):
        return True
    if group.is_discreet or not (is_shown(actor, group) or gathers(actor, group)):
        return False
    if date.meeting.seen is MeetingSeen.EVERYBODY and group.privacy is Privacy.OPEN:
        return True
    if looks_at_dates(actor, group):
        return True
    return date.meeting.seen is not MeetingSeen.MEMBERS and gets_dates(actor, group)


def gets_dates(actor: Actor, group: Group) -> bool:
    """Is no member, but asked to be told the dates."""
    membership = membership_of(actor, group)
    if membership is None or group.is_discreet or membership.state not in DATE_WISHERS:
        return False
    return session.get(DateWish, membership.id) is not None


@predicate
def attends(actor: Actor, date: Any) -> bool:
    """Belongs to the group of the date and does not pause."""
    group = _group_of(date)
    return group is not None and group.is_living and takes_part(actor, group)


@predicate
def plans_date(actor: Actor, date: Any) -> bool:
    """May plan meetings in the group of the date."""
    group = _group_of(date)
    return group is not None and group.is_living and may(Right.START_EVENTS)(actor, group)


@predicate
def told_dates(actor: Actor, group: Group) -> bool:
    """Is no member, but asked to be told the dates of a group whose card is public."""
    return gets_dates(actor, group) and (is_shown(actor, group) or gathers(actor, group))


declare(
    "groups.read_dates",
    is_member | (is_open & is_shown) | told_dates | looks_at_dates,
    visitors=True,
)
declare("groups.plan_meeting", may(Right.START_EVENTS) & is_living & not_suspended)
declare("groups.see_date", sees_date, visitors=True)
declare("groups.change_date", plans_date & not_suspended)
declare("groups.attend", attends)
declare("groups.own_dates", is_member)
declare("groups.own_calendar", participant)
declare(
    "groups.ask_for_dates",
    participant & is_living & ~is_discreet & ~is_member,
    deny=Deny.FORBIDDEN,
    sees="groups.see",
)
declare("groups.stop_dates", signed_in, sees="groups.see")
