"""Reading relations between groups, merges and splits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import can
from portal.groups.models import (
    Group,
    GroupMove,
    GroupRelation,
    GroupState,
    MoveAnswer,
    MoveChoice,
    MoveSide,
    MoveState,
    RelationKind,
    RelationState,
)
from portal.groups.permissions import is_member
from portal.groups.queries.finding import listed_groups


@dataclass(frozen=True)
class RelationLine:
    """How a group stands to another. `name` and `public_id` are empty where the other is not to be known."""

    relation: GroupRelation
    name: str
    public_id: str
    asked_by_us: bool
    is_part: bool


def relation_by_public_id(public_id: str) -> GroupRelation | None:
    """The relation, whoever asks; the permission decides who may change it."""
    return session.scalar(select(GroupRelation).where(GroupRelation.public_id == public_id))


def relations_of(group: Group, actor: Actor) -> list[RelationLine]:
    """What the reader may know of: accepted ones for all, asked and hidden ones for members. Two questions.

    A group the reader may not see stands there without its name; to strangers it does not stand there.
    """
    inside = can(actor, "groups.leave", group)
    query = select(GroupRelation).where(
        or_(GroupRelation.low_id == group.id, GroupRelation.high_id == group.id),
        GroupRelation.state != RelationState.ENDED,
    )
    if not inside:
        query = query.where(GroupRelation.state == RelationState.ACCEPTED)
    found = session.scalars(query.order_by(GroupRelation.id)).all()
    ids = {one.other_than(group.id) for one in found}
    others = {one.id: one for one in session.scalars(select(Group).where(Group.id.in_(ids)))}
    lines = []
    for one in found:
        other = others[one.other_than(group.id)]
        shown = can(actor, "groups.see", other)
        if inside or (shown and not one.is_hidden):
            lines.append(
                RelationLine(
                    one,
                    other.name if shown else "",
                    other.public_id if shown else "",
                    one.asked_by_id == group.id,
                    one.part_id == group.id,
                )
            )
    return lines


def lasting_relation(one: int, other: int, kind: RelationKind) -> GroupRelation | None:
    """The relation of this kind between two groups, asked or accepted."""
    low, high = sorted((one, other))
    query = select(GroupRelation).where(
        GroupRelation.low_id == low,
        GroupRelation.high_id == high,
        GroupRelation.kind == kind,
        GroupRelation.state != RelationState.ENDED,
    )
    return session.scalar(query)


def move_by_public_id(public_id: str) -> GroupMove | None:
    """The merge or split, whoever asks."""
    return session.scalar(select(GroupMove).where(GroupMove.public_id == public_id))


def moves_of(group: Group) -> list[GroupMove]:
    """Merges and splits the group takes part in, newest first."""
    query = (
        select(GroupMove)
        .join(MoveSide, MoveSide.move_id == GroupMove.id)
        .where(MoveSide.group_id == group.id)
        .order_by(GroupMove.id.desc())
    )
    return list(session.scalars(query))


def running_move(group: Group) -> GroupMove | None:
    """The merge or split that is not over."""
    running = (MoveState.DRAFTED, MoveState.ASKED, MoveState.OPEN)
    return next((one for one in moves_of(group) if one.state in running), None)


def answer_in(side: MoveSide, ref: str) -> MoveAnswer | None:
    """What a member wants, or None."""
    query = select(MoveAnswer).where(MoveAnswer.side_id == side.id, MoveAnswer.ref == ref)
    return session.scalar(query)


def how_many_come(move: GroupMove) -> int:
    """How many members of the old groups chose the new one; somebody in both counts once for each."""
    query = select(func.count()).where(
        MoveAnswer.side_id.in_([side.id for side in move.sides]), MoveAnswer.choice != MoveChoice.STAYS
    )
    return session.scalar(query) or 0


def target_of(move: GroupMove) -> Group | None:
    """The new group, once it is there."""
    return session.get(Group, move.target_id) if move.target_id else None


def leads_to(group: Group, actor: Actor) -> Group | None:
    """Where an old address of a merged group leads whoever was no member of it; never to a discreet group."""
    if group.state is not GroupState.MERGED or group.merged_into_id is None or is_member(actor, group):
        return None
    into = session.get(Group, group.merged_into_id)
    return into if into is not None and not into.is_discreet and can(actor, "groups.see", into) else None


def source_groups(ids: list[int]) -> list[Group]:
    """Groups by their ids."""
    return list(session.scalars(select(Group).where(Group.id.in_(ids)).order_by(Group.id)))


MOST_TO_ASK = 200


def listed_names() -> list[tuple[str, str]]:
    """(public id, name) of the groups everybody may know of, by name."""
    found = session.execute(listed_groups().limit(MOST_TO_ASK))
    return sorted(((row.public_id, row.name) for row in found), key=lambda one: one[1].casefold())


def groups_to_ask(group: Group) -> list[tuple[str, str]]:
    """(public id, name) of the groups everybody may know of, by name, without this one."""
    query = listed_groups().where(Group.id != group.id).limit(MOST_TO_ASK)
    found = [(row.public_id, row.name) for row in session.execute(query)]
    return sorted(found, key=lambda one: one[1].casefold())
