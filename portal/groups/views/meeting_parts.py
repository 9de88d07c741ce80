"""What the overview of a group says about meetings: the next date, and whether the last one took place."""

from __future__ import annotations

from portal.core import clock
from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.groups.models import Group
from portal.groups.operations.meetings.due import ASKED_FOR
from portal.groups.queries.meetings import asks_for_dates, coming_dates, shown_to, unanswered
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.views.meeting_words import shown_all

NEXT = 2


def next_dates(group: Group, actor: Actor) -> Part | None:
    """The next dates the reader may see; guests can ask to be told."""
    seen = shown_to(actor, group)
    lines = coming_dates(group, seen, limit=NEXT) if seen else []
    asks = can(actor, "groups.ask_for_dates", group) and not asks_for_dates(actor, group)
    plans = can(actor, "groups.plan_meeting", group)
    if not (lines or asks or plans):
        return None
    context = {
        "group": group,
        "dates": shown_all(lines, group, actor),
        "asks": asks,
        "plans": plans,
        "reads": can(actor, "groups.read_dates", group),
    }
    return Part(_("When we meet"), "groups/meetings/_next.html", context)


def held_question(group: Group, actor: Actor) -> Part | None:
    """A member is asked whether the last meeting took place, for two weeks."""
    if not can(actor, "groups.take_part", group):
        return None
    lines = unanswered(group, clock.today() - ASKED_FOR)
    if not lines:
        return None
    context = {"group": group, "date": shown_all(lines[-1:], group, actor)[0]}
    return Part(_("Did it take place?"), "groups/meetings/_held.html", context, urgent=True)


register_part(Place.OVERVIEW, "meetings", next_dates, order=20)
register_part(Place.OVERVIEW, "held", held_question, order=10)
