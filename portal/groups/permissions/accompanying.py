"""What somebody who accompanies a group may see of it: what was agreed, on the day they said that they look.

Stands on the tables alone, because the rules of the group ask here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock, crypto
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.permissions import Predicate
from portal.groups.models import (
    GRANTS_DISCREET,
    Accompaniment,
    AccompanimentState,
    CompanionKind,
    Grant,
    Group,
    GroupLook,
    Side,
    Substitute,
)

OPEN = (AccompanimentState.PROPOSED, AccompanimentState.AGREED, AccompanimentState.ENDING)
RUNNING = (AccompanimentState.AGREED, AccompanimentState.ENDING)
_OVER = (AccompanimentState.ENDED, AccompanimentState.TERMINATED)
# So long after the end both sides can still write and read the closing report.
LOOK_BACK = timedelta(days=30)


def companion_ref(account_id: int, group_id: int) -> str:
    """The reference under which a group knows who accompanies it; another one than a member's."""
    return crypto.keyed_hash("groups.companion", f"{account_id}|{group_id}")


def wears_hat(actor: Actor, accompaniment: Accompaniment) -> bool:
    """Professionals as long as they are; peers with their own account."""
    if actor.suspended:
        return False
    if accompaniment.kind is CompanionKind.PROFESSIONAL:
        return actor.has_role(StaffRole.PROFESSIONAL)
    return actor.is_resident


def stands_by(actor: Actor, accompaniment: Accompaniment) -> bool:
    """Accompanies by this agreement (proposed to them, or in force), or stands in today.

    When it is over they know no more of the group than everybody: a discreet one does not exist for them.
    """
    if actor.account_id is None or accompaniment.state not in OPEN or not wears_hat(actor, accompaniment):
        return False
    ref = companion_ref(actor.account_id, accompaniment.group_id)
    return accompaniment.ref == ref or stands_in(ref, accompaniment)


def is_just_over(accompaniment: Accompaniment) -> bool:
    """It was agreed and ended some days or weeks ago."""
    ended = accompaniment.ended_on
    return accompaniment.state in _OVER and ended is not None and clock.today() <= ended + LOOK_BACK


def looks_back(actor: Actor, accompaniment: Accompaniment) -> bool:
    """Accompanies by this agreement, or did so until lately: what they signed, and the closing report.

    Nothing of the group opens by it; a discreet group does not exist for them from the last day on.
    """
    if stands_by(actor, accompaniment):
        return True
    if actor.account_id is None or not wears_hat(actor, accompaniment) or not is_just_over(accompaniment):
        return False
    group = session.get(Group, accompaniment.group_id)
    is_theirs = accompaniment.ref == companion_ref(actor.account_id, accompaniment.group_id)
    return is_theirs and group is not None and not group.is_discreet


def ended_today(actor: Actor, accompaniment: Accompaniment) -> bool:
    """Ended it today, or a group everybody may know of did: a button pressed late is answered in words."""
    if actor.account_id is None or accompaniment.state in OPEN or not wears_hat(actor, accompaniment):
        return False
    if accompaniment.ref != companion_ref(actor.account_id, accompaniment.group_id):
        return False
    group = session.get(Group, accompaniment.group_id)
    is_known = group is not None and not group.is_discreet
    return accompaniment.ended_on == clock.today() and (accompaniment.ended_by is Side.COMPANION or is_known)


def stands_in(ref: str, accompaniment: Accompaniment) -> bool:
    """Is an accepted substitute today, while the agreement is in force."""
    today = clock.today()
    query = select(Substitute.id).where(
        Substitute.accompaniment_id == accompaniment.id,
        Substitute.ref == ref,
        Substitute.accepted_on.is_not(None),
        Substitute.from_on <= today,
        Substitute.until_on >= today,
    )
    return accompaniment.is_in_force(today) and session.scalar(query) is not None


def grants_of(accompaniment: Accompaniment, group: Group) -> frozenset[Grant]:
    """What was agreed, as far as the group's privacy allows it today; nothing when it is not in force."""
    if not accompaniment.is_in_force(clock.today()):
        return frozenset()
    agreed = frozenset(Grant(one) for one in accompaniment.grants)
    return agreed & GRANTS_DISCREET if group.is_discreet else agreed


def looks(grant: Grant) -> Predicate:
    """Accompanies the group, was granted this, and has said today that they look."""

    def allowed(actor: Actor, group: Any) -> bool:
        if actor.account_id is None or group.is_discreet or not (actor.is_staff or actor.is_resident):
            return False
        ref = companion_ref(actor.account_id, group.id)
        query = (
            select(Accompaniment)
            .join(GroupLook, GroupLook.accompaniment_id == Accompaniment.id)
            .where(GroupLook.group_id == group.id, GroupLook.ref == ref, GroupLook.on == clock.today())
            .where(GroupLook.what == grant)
            .where(Accompaniment.state.in_((AccompanimentState.AGREED, AccompanimentState.ENDING)))
        )
        found = session.scalars(query).all()
        return any(stands_by(actor, one) and grant in grants_of(one, group) for one in found)

    return Predicate(allowed, f"has said today that they look at {grant}")


# Whoever may come to meetings has to know when they are.
looks_at_dates = looks(Grant.EVENTS) | looks(Grant.ATTEND)
