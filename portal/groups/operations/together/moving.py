"""Two groups become one, or one becomes two: a text, a decision in each, then every member chooses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.limits import hit
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.groups.errors import AliasTaken, CodeNotValid, NoCharter, OptionsMissing, TooLong
from portal.groups.errors.peace import NotNow
from portal.groups.events import GroupBegun, GroupChangedState, GroupsMoved
from portal.groups.models import (
    CHARTER_FIELD_LENGTH,
    CHARTER_FIELDS,
    MOST_THINGS,
    THING_LENGTH,
    Charter,
    Group,
    GroupMove,
    GroupState,
    JoinWay,
    Membership,
    MemberState,
    MoveAnswer,
    MoveChoice,
    MoveKind,
    MoveSide,
    MoveState,
    MoveThing,
    Preset,
    Privacy,
    SideState,
    ThingGoes,
)
from portal.groups.operations.codewords import code_words
from portal.groups.operations.founding import checked_aim, checked_name, fewest_founders
from portal.groups.operations.joining import code_hash
from portal.groups.operations.leaving import end_membership
from portal.groups.operations.membership import make_member
from portal.groups.operations.roles import set_preset
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.operations.turns import all_at_once, one_at_a_time
from portal.groups.permissions import membership_of
from portal.groups.queries.together import how_many_come, running_move

# After both have decided, members have so long to choose.
CHOOSE = timedelta(days=28)
# A text nobody decides on is forgotten after so long.
UNDECIDED = timedelta(days=120)
KEPT = timedelta(days=30)
_STRICT = (Privacy.OPEN, Privacy.CLOSED, Privacy.DISCREET)


@dataclass(frozen=True)
class MoveText:
    """The one text both decide on. `things`: (words, where it goes)."""

    name: str
    aim: str
    charter: dict[str, str] = field(default_factory=dict)
    things: Sequence[tuple[str, ThingGoes]] = ()


def write_split(group: Group, text: MoveText, *, actor: Actor) -> GroupMove:
    """A member writes how the group could part: the new group, and where its things go.

    Raises NameMissing, AimMissing, NoCharter, TooLong, OptionsMissing, NotNow while another move runs.
    """
    return _write(MoveKind.SPLIT, group, text, actor)


def write_merge(group: Group, text: MoveText, *, actor: Actor) -> tuple[GroupMove, str]:
    """A member writes how the group could come together with another; returns three words to hand over.

    Nobody looks another group up here: somebody of the other group types the words. Raises as `write_split`.
    """
    move = _write(MoveKind.MERGE, group, text, actor)
    words = " ".join(code_words())
    move.code_hash = code_hash(words)
    return move, words


def _write(kind: MoveKind, group: Group, text: MoveText, actor: Actor) -> GroupMove:
    ensure(actor, "groups.take_part", group)
    if group.state is not GroupState.ACTIVE or running_move(group) is not None:
        raise NotNow
    charter = {name: text.charter.get(name, "").strip() for name in CHARTER_FIELDS}
    if not charter["goal"]:
        raise NoCharter(field="goal")
    if any(len(words) > CHARTER_FIELD_LENGTH for words in charter.values()):
        raise TooLong(field="goal")
    things = [(clean_line(words), goes) for words, goes in text.things if clean_line(words)]
    if len(things) > MOST_THINGS:
        raise OptionsMissing(field="things")
    move = GroupMove(
        kind=kind,
        name=checked_name(text.name),
        aim=checked_aim(text.aim),
        privacy=group.privacy,
        charter=json.dumps(charter, ensure_ascii=False),
        state=MoveState.ASKED if kind is MoveKind.SPLIT else MoveState.DRAFTED,
    )
    session.add(move)
    session.flush()
    session.add(MoveSide(move_id=move.id, group_id=group.id))
    for number, (words, goes) in enumerate(things, 1):
        session.add(MoveThing(move_id=move.id, number=number, words=words[:THING_LENGTH], goes=goes))
    session.flush()
    tell(group, "move_written", kind=str(kind))
    return move


def goal_of(move: GroupMove) -> str:
    """What the new group agrees on."""
    return str(json.loads(move.charter).get("goal", ""))


def join_merge(group: Group, words: str, *, actor: Actor) -> GroupMove:
    """Somebody of the other group types the three words: now both can decide on the text.

    The new group will be as private as the more private of the two. Raises CodeNotValid, NotNow, RateLimited.
    """
    ensure(actor, "groups.take_part", group)
    hit("groups.code", str(actor.account_id))
    move = session.scalar(select(GroupMove).where(GroupMove.code_hash == code_hash(words)))
    if move is None or move.state is not MoveState.DRAFTED:
        raise CodeNotValid
    if any(side.group_id == group.id for side in move.sides) or group.state is not GroupState.ACTIVE:
        raise NotNow
    if running_move(group) is not None:
        raise NotNow
    session.add(MoveSide(move_id=move.id, group_id=group.id))
    move.state, move.code_hash = MoveState.ASKED, None
    move.privacy = max(move.privacy, group.privacy, key=_STRICT.index)
    session.flush()
    session.expire(move, ["sides"])
    tell(group, "move_written", kind=str(move.kind))
    return move


def side_decided(move: GroupMove, group: Group, adopted: bool) -> bool:
    """A group has decided on the text; once all have adopted it the new group opens. Twice is once.

    Returns whether the new group is open now. Declined by one, it is off.
    """
    # Both groups may decide at the same second: the later one has to see the earlier.
    session.flush()
    session.refresh(move, with_for_update=True)
    query = select(MoveSide).where(MoveSide.move_id == move.id).execution_options(populate_existing=True)
    sides = session.scalars(query).all()
    side = next((one for one in sides if one.group_id == group.id), None)
    if side is None or move.state is not MoveState.ASKED:
        return False
    side.state = SideState.ADOPTED if adopted else SideState.DECLINED
    session.flush()
    if not adopted:
        _off(move)
        return False
    wanted = 2 if move.kind is MoveKind.MERGE else 1
    if len(sides) < wanted or any(one.state is not SideState.ADOPTED for one in sides):
        return False
    _open(move)
    return True


def _sources(move: GroupMove) -> list[Group]:
    groups = [session.get(Group, side.group_id) for side in move.sides]
    return [group for group in groups if group is not None]


def _open(move: GroupMove) -> None:
    """The new group is there, empty; members come one by one."""
    first, now = _sources(move)[0], clock.now()
    target = Group(
        kind=first.kind,
        state=GroupState.ACTIVE,
        founded_at=now,
        privacy=move.privacy,
        is_discreet=move.privacy is Privacy.DISCREET,
        join_way=JoinWay.CODE if move.privacy is Privacy.DISCREET else JoinWay.REQUEST,
        name=move.name,
        aim=move.aim,
        contact_way=first.contact_way,
        preset=Preset.EVERYONE,
        member_rights=[],
        district_id=first.district_id,
        language=first.language,
        languages=list(first.languages),
        min_size=fewest_founders(move.privacy),
    )
    session.add(target)
    session.flush()
    session.add(Charter(group_id=target.id, version=1, texts=move.charter, adopted_at=now))
    move.target_id, move.state, move.until_on = target.id, MoveState.OPEN, clock.today() + CHOOSE
    session.flush()
    tell(target, "begun", who="system")
    emit(GroupBegun(target.id, "", None))
    for group in _sources(move):
        sign_of_life(group)
        tell(group, "move_open", who="system")
    emit(GroupsMoved(move.id, "open"))


def choose(move: GroupMove, group: Group, choice: MoveChoice, *, actor: Actor) -> None:
    """A member says what they want; changed until the last day. Whoever comes is a member there at once.

    In a merge "both" means the same as "goes": the old groups end. Raises NotNow.
    """
    ensure(actor, "groups.leave", group)
    own = membership_of(actor, group)
    side = next((one for one in move.sides if one.group_id == group.id), None)
    target = session.get(Group, move.target_id) if move.target_id else None
    over = move.until_on is None or clock.today() > move.until_on
    if own is None or side is None or target is None or move.state is not MoveState.OPEN or over:
        raise NotNow
    one_at_a_time(target)
    statement = upsert(MoveAnswer).values(side_id=side.id, ref=own.ref, choice=choice)
    session.execute(
        statement.on_conflict_do_update(index_elements=["side_id", "ref"], set_={"choice": choice})
    )
    if choice is MoveChoice.STAYS:
        _out_again(target, actor)
    else:
        _come_over(target, actor, own)
    session.flush()


def _come_over(target: Group, actor: Actor, own: Membership) -> None:
    there = membership_of(actor, target)
    if there is not None and there.state in (MemberState.MEMBER, MemberState.PAUSED):
        return
    try:
        came = make_member(target, actor, alias=own.alias)
    except AliasTaken:
        came = make_member(target, actor, alias=f"{own.alias} {own.public_id[:4]}")
    came.charter_version = 1
    if not target.member_rights:
        set_preset(target, Preset.EVERYONE, first=came)


def _out_again(target: Group, actor: Actor) -> None:
    there = membership_of(actor, target)
    if there is not None and there.state in (MemberState.MEMBER, MemberState.PAUSED):
        end_membership(target, there, MemberState.LEFT)
        target.purge_on = None


def call_off(move: GroupMove, group: Group) -> None:
    """A group undoes it while members still choose: all stays as it was. Raises NotNow."""
    if move.state not in (MoveState.DRAFTED, MoveState.ASKED, MoveState.OPEN) or not any(
        side.group_id == group.id for side in move.sides
    ):
        raise NotNow
    _off(move)


def _off(move: GroupMove) -> None:
    target = session.get(Group, move.target_id) if move.target_id else None
    move.state, move.delete_on, move.code_hash = MoveState.OFF, clock.today() + KEPT, None
    session.flush()
    if target is not None:
        _end_group(target, GroupState.ARCHIVED)
    for group in _sources(move):
        tell(group, "move_off", who="system")
    emit(GroupsMoved(move.id, "off"))


def _end_group(group: Group, state: GroupState, into: Group | None = None) -> None:
    before, group.state = group.state, state
    group.archived_at = clock.now()
    group.merged_into_id = into.id if into else None
    group.purge_on = clock.today() + (timedelta(days=30) if group.is_discreet else timedelta(days=365))
    session.flush()
    tell(group, f"state_{state}", who="system")
    emit(GroupChangedState(group.id, before, state))


# ---- dates


def settle_moves(today: date) -> int:
    """Close what members have chosen, forget what was never decided; returns how many moved."""
    due = select(GroupMove).where(GroupMove.state == MoveState.OPEN, GroupMove.until_on < today)
    moves = session.scalars(due).all()
    for move in moves:
        _settle(move)
    stale = select(GroupMove).where(
        GroupMove.state.in_((MoveState.DRAFTED, MoveState.ASKED)), GroupMove.created_on <= today - UNDECIDED
    )
    forgotten = session.scalars(stale).all()
    for move in forgotten:
        _off(move)
    gone = session.scalars(select(GroupMove).where(GroupMove.delete_on <= today)).all()
    for move in gone:
        session.delete(move)
    return len(moves) + len(forgotten) + len(gone)


def _settle(move: GroupMove) -> None:
    """With enough members the new group stays; a split takes those who go out, a merge ends both."""
    target = session.get(Group, move.target_id) if move.target_id else None
    if target is None or how_many_come(move) < target.min_size:
        _off(move)
        return
    groups = {one.id: one for one in all_at_once(side.group_id for side in move.sides)}
    for side in move.sides:
        group = groups.get(side.group_id)
        if group is None:
            continue
        if move.kind is MoveKind.SPLIT:
            _take_out(group, side)
        else:
            _end_group(group, GroupState.MERGED, target)
        tell(group, "move_done", who="system")
    move.state, move.delete_on = MoveState.DONE, clock.today() + KEPT
    session.flush()
    emit(GroupsMoved(move.id, "done"))


def _take_out(group: Group, side: MoveSide) -> None:
    """Those who said that they go leave the old group; whoever wanted both, or said nothing, stays."""
    query = (
        select(Membership)
        .join(MoveAnswer, MoveAnswer.ref == Membership.ref)
        .where(Membership.group_id == group.id, MoveAnswer.side_id == side.id)
        .where(MoveAnswer.choice == MoveChoice.GOES)
        .where(Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)))
    )
    for membership in session.scalars(query).all():
        end_membership(group, membership, MemberState.LEFT)
