"""Relations, merges and splits: both sides agree, each member chooses, nobody is moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors import CodeNotValid
from portal.groups.errors.peace import NotNow, OnlyWithoutSecrets, RelationThere
from portal.groups.jobs import peace_by_date
from portal.groups.models import (
    Group,
    GroupDecision,
    GroupMove,
    GroupRelation,
    GroupState,
    MemberState,
    MoveChoice,
    MoveState,
    Privacy,
    RelationKind,
    RelationState,
    ThingGoes,
)
from portal.groups.operations import living
from portal.groups.operations.deciding import adopting, answering, closing, drafting
from portal.groups.operations.together import deciding as move_deciding
from portal.groups.operations.together import moving, relating
from portal.groups.queries.together import relations_of
from tests.groups.conftest import Make, group, member, settled

pytestmark = pytest.mark.logic

TEXT = moving.MoveText(
    "Näh- und Gartentreff", "Nähen und gärtnern", {"goal": "Beides"}, (("Die Nähmaschine", ThingGoes.GOES),)
)
STAYS, GOES, BOTH = MoveChoice.STAYS, MoveChoice.GOES, MoveChoice.BOTH


def relation(relation_id: int) -> GroupRelation:
    return session.get_one(GroupRelation, relation_id, populate_existing=True)


def move(move_id: int) -> GroupMove:
    return session.get_one(GroupMove, move_id, populate_existing=True)


def asked(one: int, other: int, kind: RelationKind, actor: Actor) -> int:
    with transaction():
        return relating.ask_relation(group(one), group(other), kind, actor=actor).id


def test_a_relation_needs_both_and_ends_by_either(make: Make) -> None:
    (one, ours), (other, theirs) = make(3, name="Garten"), make(3)
    made = asked(one, other, RelationKind.PARTNER, ours[0])
    with pytest.raises(RelationThere):
        asked(other, one, RelationKind.PARTNER, theirs[0])
    with transaction():
        assert relations_of(group(one), VISITOR) == []
        with pytest.raises(NotNow):
            relating.accept_relation(relation(made), actor=ours[0])
        with pytest.raises(NotFound):
            relating.accept_relation(relation(made), actor=settled_member(theirs))
        relating.accept_relation(relation(made), actor=theirs[0])
        relating.accept_relation(relation(made), actor=theirs[0])
        session.flush()
        (line,) = relations_of(group(other), VISITOR)
        assert line.name == "Garten"
        relating.end_relation(relation(made), actor=ours[0])
        session.flush()
        assert relations_of(group(other), VISITOR) == []
    assert asked(other, one, RelationKind.PARTNER, theirs[0])


def settled_member(people: list[Actor]) -> Actor:
    """A member without a role in a group whose contact person speaks for it."""
    return people[1]


def test_discreet_groups_share_a_room_and_nothing_else(make: Make) -> None:
    (hidden, ours), (other, theirs) = make(3, privacy=Privacy.DISCREET, name="Geheim"), make(3)
    with pytest.raises(OnlyWithoutSecrets):
        asked(hidden, other, RelationKind.PARTNER, ours[0])
    with pytest.raises(NotFound):
        asked(other, hidden, RelationKind.SHARES_ROOM, theirs[0])
    made = asked(hidden, other, RelationKind.SHARES_ROOM, ours[0])
    with transaction():
        relating.accept_relation(relation(made), actor=theirs[0])
        session.flush()
        (line,) = relations_of(group(other), theirs[0])
        assert (line.name, line.public_id) == ("", "")
        assert relations_of(group(other), VISITOR) == []


def test_becoming_discreet_ends_what_others_could_see(make: Make) -> None:
    (one, ours), (other, theirs) = make(3), make(3)
    made = asked(one, other, RelationKind.SAME_TOPIC, ours[0])
    with transaction():
        relating.accept_relation(relation(made), actor=theirs[0])
    with transaction():
        living.tighten(group(one), Privacy.DISCREET, actor=ours[0])
    with transaction(write=False):
        assert relation(made).state is RelationState.ENDED
        assert relations_of(group(other), VISITOR) == []


@pytest.mark.on_both
def test_the_database_refuses_relations_of_discreet_groups(make: Make) -> None:
    (one, ours), (other, _) = make(3), make(3)
    made = asked(one, other, RelationKind.PARTNER, ours[0])
    for column, value in (("low_discreet", True), ("asked_by_id", 999), ("part_id", one), ("high_id", one)):
        with pytest.raises(IntegrityError), transaction():
            setattr(relation(made), column, value)


def open_merge(make: Make, **given: object) -> tuple[int, int, list[Actor], int, list[Actor]]:
    one, ours = make(3, name="Garten")
    other, theirs = make(3, **given)
    with transaction():
        made, words = moving.write_merge(group(one), TEXT, actor=ours[0])
        move_id = made.id
    with transaction():
        with pytest.raises(CodeNotValid):
            moving.join_merge(group(other), "bala bala bala", actor=theirs[0])
        moving.join_merge(group(other), words, actor=theirs[1])
        assert not moving.side_decided(move(move_id), group(one), True)
        assert moving.side_decided(move(move_id), group(other), True)
        assert not moving.side_decided(move(move_id), group(other), True)
    return move_id, one, ours, other, theirs


@pytest.mark.on_both
@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_a_merge_takes_only_those_who_choose_it(make: Make, privacy: Privacy) -> None:
    move_id, one, ours, other, theirs = open_merge(make, privacy=privacy)
    stranger = settled()
    with transaction():
        target = group(move(move_id).target_id or 0)
        assert (target.privacy, target.is_discreet) == (privacy, privacy is Privacy.DISCREET)
        for person in ours[:2]:
            moving.choose(move(move_id), group(one), GOES, actor=person)
        moving.choose(move(move_id), group(other), GOES, actor=theirs[0])
        moving.choose(move(move_id), group(other), GOES, actor=theirs[0])
        moving.choose(move(move_id), group(other), STAYS, actor=theirs[1])
        with pytest.raises(NotFound):
            moving.choose(move(move_id), group(one), GOES, actor=stranger)
        target_id = target.id
    with transaction(write=False):
        names = {member(target_id, person).alias for person in (*ours[:2], theirs[0])}
        assert len(names) == 3, "the same name in both groups gets an addition"
        assert group(one).state is GroupState.ACTIVE
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        for _ in range(2):
            with transaction():
                peace_by_date(clock.today())
        with transaction(write=False):
            assert move(move_id).state is MoveState.DONE
            for group_id in (one, other):
                assert (group(group_id).state, group(group_id).merged_into_id) == (
                    GroupState.MERGED,
                    target_id,
                )
            with pytest.raises(NotFound):
                moving.choose(move(move_id), group(one), GOES, actor=stranger)


def test_too_few_and_all_stays_as_it_was(make: Make) -> None:
    move_id, one, ours, other, _ = open_merge(make)
    with transaction():
        moving.choose(move(move_id), group(one), GOES, actor=ours[0])
        target_id = move(move_id).target_id or 0
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        with transaction():
            peace_by_date(clock.today())
        with transaction(write=False):
            assert move(move_id).state is MoveState.OFF
            assert [group(one).state, group(other).state] == [GroupState.ACTIVE] * 2
            assert group(target_id).state is GroupState.ARCHIVED


def test_a_split_takes_those_who_go_and_leaves_those_who_want_both(make: Make) -> None:
    group_id, people = make(6)
    with transaction():
        made = moving.write_split(group(group_id), TEXT, actor=people[0])
        move_id = made.id
        with pytest.raises(NotNow):
            moving.write_split(group(group_id), TEXT, actor=people[1])
        assert [(one.words, one.goes) for one in made.things] == [("Die Nähmaschine", ThingGoes.GOES)]
        assert moving.side_decided(made, group(group_id), True)
    with transaction():
        for person, choice in zip(people, (GOES, GOES, BOTH, STAYS, GOES), strict=False):
            moving.choose(move(move_id), group(group_id), choice, actor=person)
        moving.choose(move(move_id), group(group_id), STAYS, actor=people[4])
        target_id = move(move_id).target_id or 0
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        with transaction():
            peace_by_date(clock.today())
        with transaction(write=False):
            here = [member(group_id, person).state for person in people]
            assert here == [MemberState.LEFT] * 2 + [MemberState.MEMBER] * 4
            there = [member(target_id, person).state for person in (*people[:3], people[4])]
            assert there == [MemberState.MEMBER] * 3 + [MemberState.LEFT]
            assert group(group_id).state is GroupState.ACTIVE


def test_undone_while_members_choose(make: Make) -> None:
    move_id, one, ours, other, _ = open_merge(make)
    with transaction():
        moving.choose(move(move_id), group(one), GOES, actor=ours[0])
        moving.call_off(move(move_id), group(other))
        assert move(move_id).state is MoveState.OFF
        with pytest.raises(NotNow):
            moving.call_off(move(move_id), group(other))
        with pytest.raises(NotNow):
            moving.choose(move(move_id), group(one), GOES, actor=ours[1])
    with transaction(write=False):
        assert session.get_one(Group, one).state is GroupState.ACTIVE


def test_decided_like_everything_else_and_undone_the_same_way(make: Make) -> None:
    group_id, people = make(4)
    with transaction():
        found = group(group_id)
        found.default_method = "majority"
        made = moving.write_split(found, TEXT, actor=people[0])
        drafted = move_deciding.draft_move_decision(made, found, actor=people[0], title="Teilen wir uns?")
        again = move_deciding.draft_move_decision(made, found, actor=people[1], title="Nochmal?")
        assert drafted.id == again.id
        closes_at = clock.now() + timedelta(days=7)
        drafting.open_decision(drafted, group=found, actor=people[0], closes_at=closes_at)
        for person in people:
            answering.hand_in(drafted, {"answers": {"1": "yes"}}, group=found, actor=person)
        closing.close_early(drafted, group=found, actor=people[0])
        adopting.carry_out(drafted, group=found, actor=people[0])
        assert made.state is MoveState.OPEN
        move_id, decision_id = made.id, drafted.id
    with transaction():
        found, decided = group(group_id), session.get_one(GroupDecision, decision_id)
        undo = adopting.take_back(decided, group=found, actor=people[1], title="Doch nicht")
        drafting.open_decision(undo, group=found, actor=people[1], closes_at=clock.now() + timedelta(days=7))
        for person in people:
            answering.hand_in(undo, {"answers": {"1": "yes"}}, group=found, actor=person)
        closing.close_early(undo, group=found, actor=people[1])
        adopting.carry_out(undo, group=found, actor=people[1])
        assert move(move_id).state is MoveState.OFF
