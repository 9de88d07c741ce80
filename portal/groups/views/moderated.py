"""What members see when moderation has decided something about their group."""

from __future__ import annotations

from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.groups.models import Group
from portal.groups.permissions import is_member
from portal.groups.queries.moderated import decisions_to_read
from portal.groups.queries.parts import Part, Place, register_part
from portal.moderation.settings import MEASURE_LABELS


def decided_about_us(group: Group, actor: Actor) -> Part | None:
    """The decision that holds now, with its reasons; urgent as long as something is hidden or stopped."""
    decisions = decisions_to_read(group) if is_member(actor, group) and not group.is_discreet else []
    if not decisions:
        return None
    holds = group.hidden_on is not None or group.suspended_until is not None
    context = {"decisions": decisions, "measures": MEASURE_LABELS}
    return Part(_("Moderation has decided something"), "groups/_decided.html", context, urgent=holds)


register_part(Place.OVERVIEW, "moderated", decided_about_us, order=3)
