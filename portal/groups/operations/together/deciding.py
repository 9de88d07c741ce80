"""A merge or a split is decided like everything else: one text, the own method, undone the same way."""

from __future__ import annotations

from typing import Any

from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.errors import NothingToDecide
from portal.groups.errors.peace import NotNow
from portal.groups.models import Group, GroupDecision, GroupMove, MoveState, Target
from portal.groups.operations.deciding.adopting import adopts
from portal.groups.operations.deciding.drafting import Wish, draft_decision, own_method
from portal.groups.operations.together.moving import call_off, side_decided
from portal.groups.queries.together import move_by_public_id


def draft_move_decision(move: GroupMove, group: Group, *, actor: Actor, title: str) -> GroupDecision:
    """The decision about the text, in the group's own method, as a draft; asked twice it is the same one.

    A method that chooses between several things cannot ask about one text: then it is consent. Raises
    NotNow before the other group has joined, and after both have decided.
    """
    side = next((one for one in move.sides if one.group_id == group.id), None)
    if side is None:
        raise NothingToDecide
    known = session.get(GroupDecision, side.decision_id) if side.decision_id else None
    if known is not None:
        return known
    if move.state is not MoveState.ASKED:
        raise NotNow
    wish = Wish(
        title=title,
        method=own_method(group),
        question=move.aim,
        target=Target.MERGE,
        target_data={"move": move.public_id},
        form_key=f"move-{move.public_id}",
    )
    decision = draft_decision(group, wish, actor=actor)
    side.decision_id = decision.id
    session.flush()
    return decision


def _adopt(group: Group, data: dict[str, Any], chosen: int | None, actor: Actor) -> dict[str, Any]:
    move = _move_in(data)
    side_decided(move, group, True)
    return {"move": move.public_id}


def _take_back(group: Group, data: dict[str, Any], actor: Actor) -> None:
    call_off(_move_in(data), group)


def _move_in(data: dict[str, Any]) -> GroupMove:
    move = move_by_public_id(str(data.get("move", "")))
    if move is None:
        raise NothingToDecide
    return move


adopts(Target.MERGE, do=_adopt, undo=_take_back)
