"""Less private: only when every member says yes, in secret; what was written inside stays inside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.groups.errors import OnlyTighter
from portal.groups.errors.deciding import NothingToCarryOut
from portal.groups.models import (
    DecisionState,
    Group,
    GroupDecision,
    JoinWay,
    Membership,
    Method,
    Privacy,
    QuorumKind,
    Target,
)
from portal.groups.operations.deciding.adopting import adopts
from portal.groups.operations.deciding.drafting import Wish, draft_decision, open_decision
from portal.groups.operations.living import looser_than, tighten_for_group
from portal.groups.operations.reaching import tell_members
from portal.groups.operations.telling import tell
from portal.groups.permissions import forget_standing

# Long enough for everybody: a single missing voice stops it.
ASKED_FOR = timedelta(days=21)


def ask_to_loosen(
    group: Group, privacy: Privacy, *, actor: Actor, title: str, question: str
) -> GroupDecision:
    """Ask all members whether the group may be less private: secret, and every single one has to say yes.

    It opens at once, so that nobody can change its rules. While one runs, asking again is the same question.
    In a group of fewer than five as well: only whether all agreed is ever shown. Raises OnlyTighter.
    """
    ensure(actor, "groups.take_part", group)
    if privacy not in looser_than(group):
        raise OnlyTighter
    query = select(GroupDecision).where(
        GroupDecision.group_id == group.id,
        GroupDecision.target == Target.PRIVACY,
        GroupDecision.state == DecisionState.OPEN,
    )
    running = session.scalars(query.limit(1)).first()
    if running is not None:
        return running
    wish = Wish(
        title=title,
        question=question,
        method=Method.MAJORITY,
        secret=True,
        quorum_kind=QuorumKind.PERCENT,
        quorum=100,
        majority="all",
        target=Target.PRIVACY,
        target_data={"privacy": str(privacy)},
    )
    decision = draft_decision(group, wish, actor=actor)
    open_decision(decision, group=group, actor=actor, closes_at=clock.now() + ASKED_FOR)
    return decision


def loosen(group: Group, privacy: Privacy) -> None:
    """The group is less private from now on. Its members stay known by reference only, where they were."""
    if privacy not in looser_than(group):
        raise NothingToCarryOut
    was_discreet = group.is_discreet
    group.privacy, group.is_discreet, group.loosened_on = privacy, False, clock.today()
    if was_discreet:
        group.join_way = JoinWay.REQUEST
        session.flush()
        # Whoever wanted neutral notices keeps them; nobody's account is written down by this.
        session.execute(
            update(Membership)
            .where(Membership.group_id == group.id)
            .values(is_discreet=False, quiet=Membership.reach.is_not(None))
        )
        session.expire_all()
    session.flush()
    forget_standing(group)
    tell(group, "privacy_loosened")
    tell_members(group, "groups.charter", "privacy_less")


def _do(group: Group, data: dict[str, Any], number: int | None, actor: Actor) -> dict[str, Any]:
    before = str(group.privacy)
    loosen(group, Privacy(data["privacy"]))
    return {"privacy": before}


def _undo(group: Group, data: dict[str, Any], actor: Actor) -> None:
    tighten_for_group(group, Privacy(data["privacy"]))


adopts(Target.PRIVACY, do=_do, undo=_undo)
