"""Putting proposals together by consent, carrying support over, and taking them apart again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core import audit, clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound, SignInRequired
from portal.discussions.models import Thread
from portal.proposals import operations
from portal.proposals.errors import (
    MergeAlreadyAsked,
    MergeNotPossible,
    MergeOver,
    NobodyToAsk,
    NotSupportable,
)
from portal.proposals.models import CarryOver, ConsentState, Merge, Stage, Support
from portal.proposals.queries import MergeCase, case_of, find_proposals, waiting_carry_over
from portal.proposals.queries.listing import ListFilter
from tests.proposals.office import Office, get, make_office, publish, told
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_proposals import make_support


class Pair:
    """Two proposals with their authors and supporters."""

    def __init__(self, only_a: int = 2, only_b: int = 1, common: int = 1, **columns: object) -> None:
        self.office = make_office()
        self.anna, self.bela = make_resident(), make_resident()
        self.a = publish(self.office, author=self.anna, title="Bank am Tor", **columns)
        self.b = publish(self.office, author=self.bela, title="Bänke im Park", **columns)
        self.only_a = [make_resident() for _ in range(only_a)]
        self.only_b = [make_resident() for _ in range(only_b)]
        self.common = [make_resident() for _ in range(common)]
        with transaction():
            for proposal_id, people in ((self.a, self.only_a), (self.b, self.only_b)):
                for one in (*people, *self.common):
                    make_support(get(proposal_id), one)
        self.actors = {one.id: actor_of(one) for one in (self.anna, self.bela, *self.only_a, *self.common)}

    def ask(self, actor: Actor | None = None) -> int:
        """The moderator asks; the id of the merge."""
        with transaction():
            case = operations.ask_merge(get(self.a), get(self.b), actor=actor or self.office.moderating)
            return case.merge.id

    def say(self, merge_id: int, account: Account, agree: bool = True) -> bool:
        with transaction():
            return operations.answer_merge(case(merge_id), actor=self.actors[account.id], agree=agree)

    def merge(self) -> int:
        """Asked and agreed by both."""
        merge_id = self.ask()
        assert not self.say(merge_id, self.anna)
        assert self.say(merge_id, self.bela)
        return merge_id

    def carry(self, merge_id: int, account: Account, agree: bool = True) -> bool:
        with transaction():
            return operations.carry_over(case(merge_id), actor=self.actors[account.id], agree=agree)


def case(merge_id: int) -> MergeCase:
    return case_of(session.get_one(Merge, merge_id, populate_existing=True))


def count(proposal_id: int) -> tuple[int, int]:
    """(the stored number, the rows)."""
    with transaction(write=False):
        rows = select(func.count()).select_from(Support).where(Support.proposal_id == proposal_id)
        return get(proposal_id).support_count, session.scalar(rows) or 0


def test_twelve_and_seven_with_three_in_common_are_sixteen(both: Flask) -> None:
    """Scenario 6 of the design notes, on both databases."""
    pair = Pair(only_a=9, only_b=4, common=3)
    assert (count(pair.a), count(pair.b)) == ((12, 12), (7, 7))
    merge_id = pair.merge()
    assert told("proposals.carry_over", pair.b) == sorted(one.id for one in pair.only_a)
    for supporter in (*pair.only_a, *pair.common):
        pair.carry(merge_id, supporter)
        assert not pair.carry(merge_id, supporter)
    assert count(pair.b) == (16, 16)
    assert count(pair.a) == (12, 12)
    with transaction():
        assert operations.undo_merge(get(pair.a), actor=pair.office.moderating)
        assert not operations.undo_merge(get(pair.a), actor=pair.office.moderating)
    assert (count(pair.a), count(pair.b)) == ((12, 12), (7, 7))


def test_nothing_happens_before_every_author_agreed(app: Flask) -> None:
    pair = Pair()
    merge_id = pair.ask()
    assert told("proposals.merge_asked") == sorted([pair.anna.id, pair.bela.id])
    assert not pair.say(merge_id, pair.anna)
    assert not pair.say(merge_id, pair.anna)
    with transaction(write=False):
        assert get(pair.a).merged_into_id is None
    assert told("proposals.carry_over") == []
    assert pair.say(merge_id, pair.bela)
    assert not pair.say(merge_id, pair.bela)
    with transaction(write=False):
        assert get(pair.a).merged_into_id == pair.b
        assert get(pair.b).source_count == 1


def test_one_no_is_a_no(app: Flask) -> None:
    pair = Pair()
    merge_id = pair.ask()
    assert not pair.say(merge_id, pair.anna, agree=False)
    with pytest.raises(MergeOver):
        pair.say(merge_id, pair.bela)
    with transaction(write=False):
        assert get(pair.a).merged_into_id is None
    assert pair.ask() != merge_id


def test_the_source_stays_readable_and_leaves_lists(app: Flask) -> None:
    pair = Pair()
    pair.merge()
    with transaction(write=False):
        assert [row.id for row in find_proposals(ListFilter()).rows] == [pair.b]
        source = get(pair.a)
        assert source.what_md
        thread = session.get_one(Thread, source.thread_id)
        assert not thread.is_open
        assert [entry.name for entry in audit.entries_for("proposal", pair.a)] == ["proposals.merged"]
        assert [entry.name for entry in audit.entries_for("proposal", pair.b)] == ["proposals.took_in"]
    with transaction():
        operations.undo_merge(get(pair.a), actor=pair.office.moderating)
    with transaction(write=False):
        assert {row.id for row in find_proposals(ListFilter()).rows} == {pair.a, pair.b}
        assert session.get_one(Thread, get(pair.a).thread_id).is_open
        assert get(pair.b).source_count == 0


def test_each_supporter_is_asked_once_and_may_say_no(app: Flask) -> None:
    pair = Pair(only_a=2, only_b=0, common=1)
    merge_id = pair.merge()
    yes, no = pair.only_a
    with transaction(write=False):
        assert waiting_carry_over(get(pair.a), yes.id) is not None
        assert waiting_carry_over(get(pair.b), yes.id) is not None
        assert waiting_carry_over(get(pair.b), pair.common[0].id) is None
        assert waiting_carry_over(get(pair.b), pair.bela.id) is None
    assert pair.carry(merge_id, yes)
    assert pair.carry(merge_id, no, agree=False)
    assert not pair.carry(merge_id, no)
    assert count(pair.b) == (2, 2)
    with transaction(write=False):
        states = {row[0]: row[1] for row in session.execute(select(CarryOver.account_id, CarryOver.state))}
        assert waiting_carry_over(get(pair.b), yes.id) is None
    assert states == {
        yes.id: ConsentState.AGREED,
        no.id: ConsentState.REFUSED,
        pair.common[0].id: ConsentState.AGREED,
    }


def test_everybody_else_hears_of_it_once(app: Flask) -> None:
    pair = Pair(only_a=1, only_b=1, common=1)
    pair.merge()
    others = {pair.anna.id, pair.bela.id, pair.only_b[0].id, pair.common[0].id}
    assert told("proposals.merged") == sorted(others)


def test_an_author_of_the_target_who_supported_the_source_is_not_counted(app: Flask) -> None:
    pair = Pair(only_a=0, only_b=0, common=0)
    with transaction():
        make_support(get(pair.a), pair.bela)
    merge_id = pair.merge()
    assert told("proposals.carry_over") == []
    assert not pair.carry(merge_id, pair.bela)
    assert count(pair.b) == (0, 0)


def test_support_given_by_oneself_stays_after_a_split(app: Flask) -> None:
    pair = Pair(only_a=2, only_b=0, common=0)
    merge_id = pair.merge()
    carried, alone = pair.only_a
    pair.carry(merge_id, carried)
    with transaction():
        operations.support_proposal(get(pair.b), actor=pair.actors[alone.id])
    pair.carry(merge_id, alone)
    assert count(pair.b) == (2, 2)
    with transaction():
        operations.undo_merge(get(pair.a), actor=pair.office.moderating)
    assert count(pair.b) == (1, 1)
    with pytest.raises(MergeOver):
        late = make_resident()
        with transaction():
            session.add(CarryOver(merge_id=merge_id, account_id=late.id, asked_at=clock.now()))
        pair.actors[late.id] = actor_of(late)
        pair.carry(merge_id, late)


def test_a_split_by_consent(app: Flask) -> None:
    pair = Pair()
    pair.merge()
    with transaction():
        split = operations.ask_split(get(pair.a), actor=pair.office.accompanying, reason="Zwei Plätze.")
        split_id = split.merge.id
    with pytest.raises(MergeAlreadyAsked), transaction():
        operations.ask_split(get(pair.a), actor=pair.office.accompanying)
    assert not pair.say(split_id, pair.anna)
    with transaction(write=False):
        assert get(pair.a).merged_into_id == pair.b
    assert pair.say(split_id, pair.bela)
    with transaction(write=False):
        assert get(pair.a).merged_into_id is None
        assert [e.name for e in audit.entries_for("proposal", pair.a)] == [
            "proposals.merged",
            "proposals.split",
        ]
    with pytest.raises(MergeOver), transaction():
        operations.ask_split(get(pair.a), actor=pair.office.accompanying)


def test_what_cannot_be_put_together(app: Flask) -> None:
    pair = Pair()
    office = pair.office
    done = publish(office, stage=Stage.ACCEPTED)
    gone = publish(office, expired_at=clock.now())
    voted = publish(office, stage=Stage.IN_ROUND)
    for source, target in ((pair.a, pair.a), (pair.a, done), (gone, pair.b), (voted, pair.b)):
        with pytest.raises(MergeNotPossible), transaction():
            operations.ask_merge(get(source), get(target), actor=office.moderating)
    pair.ask()
    with pytest.raises(MergeAlreadyAsked):
        pair.ask()
    third = publish(office)
    with pytest.raises(MergeAlreadyAsked), transaction():
        operations.ask_merge(get(pair.b), get(third), actor=office.moderating)


def test_decided_while_authors_think(app: Flask) -> None:
    pair = Pair()
    merge_id = pair.ask()
    pair.say(merge_id, pair.anna)
    with transaction():
        get(pair.b).stage = Stage.ACCEPTED
    with pytest.raises(MergeNotPossible):
        pair.say(merge_id, pair.bela)
    with transaction(write=False):
        assert get(pair.a).merged_into_id is None


def test_decided_while_supporters_think(app: Flask) -> None:
    pair = Pair()
    merge_id = pair.merge()
    with transaction():
        get(pair.b).stage = Stage.DECLINED
    with pytest.raises(NotSupportable):
        pair.carry(merge_id, pair.only_a[0])
    assert pair.carry(merge_id, pair.only_a[0], agree=False)


def test_a_list_of_the_town_has_nobody_to_ask(app: Flask) -> None:
    pair = Pair()
    with transaction():
        get(pair.a).author_id = None
    with pytest.raises(NobodyToAsk):
        pair.ask(pair.office.accompanying)
    merge_id = pair.ask()
    assert pair.say(merge_id, pair.bela)


def test_the_day_that_was_promised_holds_for_the_target(app: Flask) -> None:
    pair = Pair()
    day = clock.today()
    with transaction():
        get(pair.a).stage, get(pair.a).answer_due_on = Stage.EXAMINED, day
    pair.merge()
    with transaction(write=False):
        assert (get(pair.b).stage, get(pair.b).answer_due_on) == (Stage.EXAMINED, day)


def test_carrying_over_can_start_the_clock(app: Flask) -> None:
    pair = Pair(only_a=1, only_b=0, common=0)
    with transaction():
        get(pair.b).support_count = 49
    merge_id = pair.merge()
    pair.carry(merge_id, pair.only_a[0])
    with transaction(write=False):
        assert get(pair.b).is_answer_due


def test_support_follows_to_where_the_target_went(app: Flask) -> None:
    pair = Pair(only_a=1, only_b=0, common=0)
    first = pair.merge()
    carla = make_resident()
    c = publish(pair.office, author=carla)
    pair.actors[carla.id] = actor_of(carla)
    with transaction():
        second = operations.ask_merge(get(pair.b), get(c), actor=pair.office.moderating).merge.id
    pair.say(second, pair.bela)
    assert pair.say(second, carla)
    assert pair.carry(first, pair.only_a[0])
    assert (count(pair.b), count(c)) == ((0, 0), (1, 1))


def test_an_author_who_leaves_is_not_waited_for(app: Flask) -> None:
    pair = Pair()
    merge_id = pair.ask()
    pair.say(merge_id, pair.anna)
    with transaction():
        operations.forget_consents(pair.bela.id)
    with transaction(write=False):
        assert get(pair.a).merged_into_id == pair.b


def test_silence_of_the_last_author_is_no_yes(app: Flask) -> None:
    pair = Pair()
    merge_id = pair.ask()
    with transaction():
        operations.forget_consents(pair.anna.id)
        operations.forget_consents(pair.bela.id)
    with transaction(write=False):
        assert get(pair.a).merged_into_id is None
        assert not case(merge_id).merge.is_open


def persons(office: Office, pair: Pair) -> dict[str, Actor]:
    return {
        "moderator": office.moderating,
        "professional": office.accompanying,
        "planner": office.planning,
        "moderator elsewhere": actor_of(office.elsewhere),
        "administrator": actor_of(make_staff("administrator")),
        "author": pair.actors[pair.anna.id],
        "resident": actor_of(make_resident()),
    }


def test_who_may_ask_undo_and_cancel(app: Flask) -> None:
    pair = Pair()
    everybody = persons(pair.office, pair)
    for name, actor in everybody.items():
        with transaction():
            session.execute(Merge.__table__.delete())  # type: ignore[attr-defined]
        if name in {"moderator", "professional"}:
            pair.ask(actor)
        else:
            with pytest.raises(NotFound):
                pair.ask(actor)
    with transaction():
        session.execute(Merge.__table__.delete())  # type: ignore[attr-defined]
    pair.merge()
    for name, actor in everybody.items():
        if name != "moderator":
            with pytest.raises(NotFound), transaction():
                operations.undo_merge(get(pair.a), actor=actor)


def test_only_those_who_were_asked_answer(app: Flask) -> None:
    pair = Pair()
    merge_id = pair.ask()
    for name, actor in persons(pair.office, pair).items():
        if name == "author":
            continue
        with pytest.raises(NotFound), transaction():
            operations.answer_merge(case(merge_id), actor=actor, agree=True)
    with pytest.raises(SignInRequired), transaction():
        operations.answer_merge(case(merge_id), actor=VISITOR, agree=True)
    with pytest.raises(NotFound), transaction():
        operations.cancel_merge(case(merge_id), actor=pair.actors[pair.anna.id])
    with transaction():
        assert operations.cancel_merge(case(merge_id), actor=pair.office.moderating)
        assert not operations.cancel_merge(case(merge_id), actor=pair.office.moderating)


def test_only_supporters_carry_over(app: Flask) -> None:
    pair = Pair()
    merge_id = pair.merge()
    stranger = actor_of(make_resident())
    with pytest.raises(NotFound), transaction():
        operations.carry_over(case(merge_id), actor=stranger, agree=True)
    with pytest.raises(NotFound), transaction():
        operations.carry_over(case(merge_id), actor=pair.office.moderating, agree=True)


def test_whoever_may_only_read_carries_nothing_over(app: Flask) -> None:
    """Neither yes nor no: the question waits until the account is free again."""
    pair = Pair()
    merge_id, supporter = pair.merge(), pair.only_a[0]
    locked = replace(actor_of(supporter), suspended=True)
    for agree in (True, False):
        with pytest.raises(NotFound), transaction():
            operations.carry_over(case(merge_id), actor=locked, agree=agree)
    assert pair.carry(merge_id, supporter, agree=False)
