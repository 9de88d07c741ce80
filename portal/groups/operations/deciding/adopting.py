"""What was adopted comes into force through the group's normal services, and is taken back by the same way.

Packages and modules that carry something out register it here; a decision names its target, and what the
target needs stands in `target_data`. Taking back is a decision, too: it names the one it undoes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.groups.errors import NotAMember
from portal.groups.errors.deciding import DateMissing, NothingToCarryOut
from portal.groups.events import CarriedOut
from portal.groups.models import (
    CHARTER_FIELDS,
    DecisionState,
    Group,
    GroupDecision,
    GroupRole,
    GroupState,
    MeetingDate,
    Membership,
    RoleHolder,
    RoleWay,
    Status,
    Target,
)
from portal.groups.models.decisions import ONE_TEXT
from portal.groups.operations.deciding.drafting import Wish, draft_decision, own_method
from portal.groups.operations.founding import adopt_charter
from portal.groups.operations.living import archive, go_on_after_all, rest, wake
from portal.groups.operations.meetings.changing import cancel_date
from portal.groups.operations.meetings.planning import Plan, first_date, plan_meeting
from portal.groups.operations.roles import give, notice_empty_roles
from portal.groups.operations.telling import tell
from portal.groups.permissions import ended_by_decision
from portal.groups.permissions.holding import starting_role
from portal.groups.queries import current_charter, holders_of

Data = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """How one kind of decision is carried out, and taken back. `do` gives what `undo` will need.

    do(group, what was decided, the number of the chosen option, the facilitator).
    """

    do: Callable[[Group, Data, int | None, Actor], Data]
    undo: Callable[[Group, Data, Actor], None]


ACTS: dict[Target, Act] = {}


def adopts(
    target: Target,
    *,
    do: Callable[[Group, Data, int | None, Actor], Data],
    undo: Callable[[Group, Data, Actor], None],
) -> None:
    """Say how decisions with this target are carried out."""
    ACTS[target] = Act(do, undo)


def can_carry_out(decision: GroupDecision) -> bool:
    """Adopted, not in force yet, and with something to do besides words."""
    return (
        decision.state is DecisionState.CLOSED
        and decision.status is Status.ADOPTED
        and decision.carried_out_on is None
        and decision.target in ACTS
    )


def can_take_back(decision: GroupDecision) -> bool:
    """In force, and not itself the taking back of something."""
    return decision.carried_out_on is not None and decision.undo_data is not None


def carry_out(decision: GroupDecision, *, group: Group, actor: Actor, number: int | None = None) -> None:
    """Put what was adopted into force, once; of two at once one does. `number`: the option people chose.

    Raises NothingToCarryOut, and what the group's own services refuse.
    """
    ensure(actor, "groups.facilitate", decision)
    if not can_carry_out(decision):
        raise NothingToCarryOut
    won = session.execute(
        update(GroupDecision)
        .where(GroupDecision.id == decision.id, GroupDecision.carried_out_on.is_(None))
        .values(carried_out_on=clock.today())
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        raise NothingToCarryOut
    session.refresh(decision)
    act, undone = ACTS[decision.target], _undone_by(decision)
    if undone is not None:
        act.undo(group, json.loads(undone.undo_data or "{}"), actor)
        undone.undo_data = None
    else:
        chosen = number if number is not None else _winner(decision)
        left = act.do(group, _decided(decision, chosen), chosen, actor)
        decision.undo_data = json.dumps(left, ensure_ascii=False)
    session.flush()
    tell(group, "decision_carried_out", decision=decision.public_id, target=str(decision.target))
    emit(CarriedOut(group.id, decision.id, str(decision.target)))


def _decided(decision: GroupDecision, number: int | None) -> Data:
    """What the target needs, with the words of the decision and the date of the chosen option."""
    start = next((one.local_start for one in decision.options if one.number == number), None)
    told = {"decision": decision.public_id, "title": decision.title, "start": start}
    return {**json.loads(decision.target_data), **told}


def _undone_by(decision: GroupDecision) -> GroupDecision | None:
    if decision.undoes_id is None:
        return None
    undone = session.get(GroupDecision, decision.undoes_id)
    if undone is None or not can_take_back(undone):
        raise NothingToCarryOut
    return undone


def _winner(decision: GroupDecision) -> int | None:
    winners = json.loads(decision.result or "{}").get("winners", [])
    return int(winners[0]) if winners else None


def take_back(decision: GroupDecision, *, group: Group, actor: Actor, title: str) -> GroupDecision:
    """Draft the decision that undoes this one, in the same way; asked twice it is one draft.

    Any member may. Raises NothingToCarryOut.
    """
    ensure(actor, "groups.take_end_back" if decision.target is Target.END else "groups.take_part", group)
    if not can_take_back(decision):
        raise NothingToCarryOut
    query = select(GroupDecision).where(
        GroupDecision.undoes_id == decision.id, GroupDecision.state != DecisionState.CANCELLED
    )
    known = session.scalars(query.where(GroupDecision.status.is_(None)).limit(1)).first()
    if known is not None:
        return known
    method = decision.method if decision.method in ONE_TEXT else own_method(group)
    wish = Wish(
        title=title,
        method=method,
        quorum_kind=decision.quorum_kind,
        quorum=decision.quorum,
        majority=decision.majority,
        secret=decision.secret,
        fallback_method=decision.fallback_method,
        target=decision.target,
        undoes_id=decision.id,
    )
    return draft_decision(group, wish, actor=actor)


# ---- the group's own: charter, role, pause


def _change_charter(group: Group, data: Data, number: int | None, actor: Actor) -> Data:
    before, method = current_charter(group), group.default_method
    plain = data.get("plain", {})
    adopt_charter(group, texts=_texts(data["texts"]), plain=_texts(plain) if plain else {})
    group.default_method = str(data.get("method", method))
    words = {"texts": before.texts if before else {}, "plain": before.plain if before else {}}
    return {**words, "method": method}


def _texts(given: Mapping[str, str]) -> dict[str, str]:
    return {name: str(given.get(name, "")) for name in CHARTER_FIELDS}


def _old_charter(group: Group, data: Data, actor: Actor) -> None:
    if not data.get("texts"):
        raise NothingToCarryOut
    _change_charter(group, data, None, actor)


def _give_role(group: Group, data: Data, number: int | None, actor: Actor) -> Data:
    role = _role(group, data["role"])
    members: Mapping[str, str] = data["members"]
    public_id = members.get(str(number)) or next(iter(members.values()))
    member = session.scalar(
        select(Membership).where(Membership.group_id == group.id, Membership.public_id == public_id)
    )
    if member is None:
        raise NotAMember
    held = member in holders_of(role)
    give(role, member, group=group, how=RoleWay.DECISION)
    return {"role": role.key, "member": member.public_id, "held": held}


def _end_role(group: Group, data: Data, actor: Actor) -> None:
    role = _role(group, data["role"])
    member = select(Membership.id).where(
        Membership.group_id == group.id, Membership.public_id == data["member"]
    )
    session.execute(
        delete(RoleHolder).where(RoleHolder.role_id == role.id, RoleHolder.membership_id.in_(member))
    )
    session.flush()
    tell(group, "role_taken_back", role=role.key)
    notice_empty_roles(group)


def _role(group: Group, key: str) -> GroupRole:
    role = session.scalar(select(GroupRole).where(GroupRole.group_id == group.id, GroupRole.key == key))
    if role is None:
        raise NothingToCarryOut
    return role


def _pause(group: Group, data: Data, number: int | None, actor: Actor) -> Data:
    until = date.fromisoformat(data["until"])
    if group.state is not GroupState.ACTIVE or until <= clock.today():
        raise NothingToCarryOut
    rest(group, until=until)
    return {}


def _end_pause(group: Group, data: Data, actor: Actor) -> None:
    if group.state is GroupState.DORMANT:
        wake(group)


def _end(group: Group, data: Data, number: int | None, actor: Actor) -> Data:
    if group.state not in (GroupState.ACTIVE, GroupState.DORMANT):
        raise NothingToCarryOut
    archive(group)
    return {}


def _go_on(group: Group, data: Data, actor: Actor) -> None:
    if not ended_by_decision(actor, group):
        raise NothingToCarryOut
    go_on_after_all(group)


def _plan_date(group: Group, data: Data, number: int | None, actor: Actor) -> Data:
    if not data["start"]:
        raise DateMissing
    begins = datetime.fromisoformat(data["start"])
    plan = Plan(
        day=begins.date(),
        starts=f"{begins:%H:%M}",
        title=data["title"],
        form_key=f"decision-{data['decision']}",
    )
    return {"date": first_date(plan_meeting(group, plan, actor=actor)).id}


def _cancel_date(group: Group, data: Data, actor: Actor) -> None:
    row = session.get(MeetingDate, data["date"])
    if row is None or row.group_id != group.id:
        raise NothingToCarryOut
    cancel_date(row, actor=actor)


def _leave_to_a_role(group: Group, data: Data, number: int | None, actor: Actor) -> Data:
    """From now on this role begins decisions; "" gives it back to everybody."""
    before = starting_role(group)
    after = _role(group, data["role"]) if data["role"] else None
    # The database holds that it is one role at most: the old one goes first.
    for role in (before, after):
        if role is not None:
            role.starts_decisions = role is after
            session.flush()
    return {"role": before.key if before else ""}


def _undo_leaving(group: Group, data: Data, actor: Actor) -> None:
    _leave_to_a_role(group, data, None, actor)


adopts(Target.STARTERS, do=_leave_to_a_role, undo=_undo_leaving)
adopts(Target.DATE, do=_plan_date, undo=_cancel_date)
adopts(Target.CHARTER, do=_change_charter, undo=_old_charter)
adopts(Target.ROLE, do=_give_role, undo=_end_role)
adopts(Target.PAUSE, do=_pause, undo=_end_pause)
adopts(Target.END, do=_end, undo=_go_on)
