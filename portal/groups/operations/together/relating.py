"""Relations between groups: one asks, the other agrees, either ends it."""

from __future__ import annotations

from sqlalchemy import or_, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.groups.errors.peace import NotNow, OnlyWithoutSecrets, RelationThere
from portal.groups.events import RelationAsked
from portal.groups.models import Group, GroupRelation, RelationKind, RelationState, Right, Seen
from portal.groups.operations.telling import tell
from portal.groups.permissions import may
from portal.groups.queries.together import lasting_relation


def ask_relation(
    group: Group, other: Group, kind: RelationKind, *, actor: Actor, we_are_part: bool = True
) -> GroupRelation:
    """Ask another group whether they belong together. `we_are_part`: for "part of", which of the two is.

    A discreet group can only share a room; the other side does not learn its name. Raises OnlyWithoutSecrets,
    RelationThere, NotNow for oneself, NotFound for a group the actor may not see.
    """
    ensure(actor, "groups.relate", group)
    ensure(actor, "groups.see", other)
    if group.id == other.id or not other.is_living:
        raise NotNow
    if (group.is_discreet or other.is_discreet) and kind is not RelationKind.SHARES_ROOM:
        raise OnlyWithoutSecrets
    if lasting_relation(group.id, other.id, kind) is not None:
        raise RelationThere
    low, high = sorted((group, other), key=lambda one: one.id)
    part = (group if we_are_part else other) if kind is RelationKind.PART_OF else None
    relation = GroupRelation(
        low_id=low.id,
        low_discreet=low.is_discreet,
        high_id=high.id,
        high_discreet=high.is_discreet,
        kind=kind,
        asked_by_id=group.id,
        part_id=part.id if part else None,
    )
    session.add(relation)
    session.flush()
    emit(RelationAsked(other.id, relation.id))
    return relation


def accept_relation(relation: GroupRelation, *, actor: Actor) -> None:
    """The group that was asked agrees. Twice is once. Raises NotNow for the group that asked."""
    ensure(actor, "groups.change_relation", relation)
    asked = session.get(Group, relation.other_than(relation.asked_by_id))
    if relation.state is RelationState.ACCEPTED:
        return
    if asked is None or relation.state is not RelationState.ASKED:
        raise NotNow
    if not (asked.is_living and may(Right.EDIT_PROFILE)(actor, asked)):
        raise NotNow
    relation.state, relation.changed_on = RelationState.ACCEPTED, clock.today()
    _tell_both(relation, "relation_accepted")


def end_relation(relation: GroupRelation, *, actor: Actor) -> None:
    """Either side ends it or says no, at any time, without a reason. Twice is once."""
    ensure(actor, "groups.change_relation", relation)
    if relation.state is RelationState.ENDED:
        return
    was = relation.state
    relation.state, relation.changed_on = RelationState.ENDED, clock.today()
    if was is RelationState.ACCEPTED:
        _tell_both(relation, "relation_ended")


def _tell_both(relation: GroupRelation, name: str) -> None:
    seen = Seen.MEMBERS if relation.is_hidden else Seen.PUBLIC
    for group_id in (relation.low_id, relation.high_id):
        group = session.get(Group, group_id)
        if group is not None:
            tell(group, name, seen=seen, kind=str(relation.kind))
    session.flush()


def hide_relations(group: Group) -> None:
    """The group is discreet from now on: what it shared with others ends, but for a shared room, unseen."""
    query = select(GroupRelation).where(
        or_(GroupRelation.low_id == group.id, GroupRelation.high_id == group.id)
    )
    for relation in session.scalars(query).all():
        if relation.kind is not RelationKind.SHARES_ROOM:
            relation.state = RelationState.ENDED
        relation.low_discreet = relation.low_discreet or relation.low_id == group.id
        relation.high_discreet = relation.high_discreet or relation.high_id == group.id
    session.flush()
