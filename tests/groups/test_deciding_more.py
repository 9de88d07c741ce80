"""Suggestions, run-offs, more time, reopening, lots on a tie, adopting and taking back: on both databases."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors import DecisionLocked, NotAnElector, OptionsMissing, TimesWrong, TooLate
from portal.groups.errors.deciding import NothingToCarryOut
from portal.groups.models import (
    DecisionState,
    GroupRole,
    GroupState,
    Membership,
    Method,
    NamedBallot,
    QuorumKind,
    RoleHolder,
    Status,
    Target,
)
from portal.groups.operations import leaving
from portal.groups.operations.deciding import adopting, again, answering, closing, collecting, drafting
from portal.groups.queries import current_charter, role_lines
from portal.groups.queries.decisions import members_missing, voices_missing
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, member, settled
from tests.groups.deciding import WEEK, ask, close, loaded, say, word

pytestmark = pytest.mark.logic

DAY = timedelta(days=1)


def draft(group_id: int, actor: Actor, method: Method, **wish: Any) -> int:
    with transaction():
        wanted = drafting.Wish(title="Neue Tische?", method=method, **wish)
        return drafting.draft_decision(group(group_id), wanted, actor=actor).id


def collect(group_id: int, actor: Actor, decision_id: int) -> None:
    with transaction():
        collecting.begin_collecting(
            loaded(decision_id),
            group=group(group_id),
            actor=actor,
            until=clock.now() + DAY,
            closes_at=clock.now() + WEEK,
        )


def suggest(group_id: int, actor: Actor, decision_id: int, text: str) -> None:
    with transaction():
        collecting.suggest(loaded(decision_id), text, group=group(group_id), actor=actor)


def adopted(group_id: int, people: list[Actor], decision_id: int) -> None:
    for person in people:
        say(group_id, decision_id, person, word("consent"))
    assert close(decision_id).status is Status.ADOPTED


def carry_out(group_id: int, actor: Actor, decision_id: int) -> None:
    with transaction():
        adopting.carry_out(loaded(decision_id), group=group(group_id), actor=actor)


# ---- suggestions


def test_members_suggest_and_then_everybody_is_asked(make: Make) -> None:
    group_id, people = make(3)
    asked = draft(group_id, people[0], Method.CHOICE, collecting=True)
    collect(group_id, people[0], asked)
    for person, text in zip(people, ("Holz", "Metall", " Holz "), strict=True):
        suggest(group_id, person, asked, text)
    with pytest.raises(NotAnElector):
        say(group_id, asked, people[0], {"choices": ["1"]})
    with pytest.raises(NotFound):
        suggest(group_id, settled(), asked, "Gold")
    with time_machine.travel(clock.now() + DAY):
        with pytest.raises(TooLate):
            suggest(group_id, people[2], asked, "Zu spät")
        for _ in range(2):
            with transaction():
                collecting.open_due(clock.now())
        say(group_id, asked, people[2], {"choices": ["2"]})
        with transaction(write=False):
            assert [one.text for one in loaded(asked).options] == ["Holz", "Metall"]
            assert closing.turnout(loaded(asked)) == (1, 3)


def test_too_few_suggestions_make_it_a_draft_again(make: Make) -> None:
    group_id, people = make(3)
    asked = draft(group_id, people[0], Method.CHOICE, collecting=True)
    with pytest.raises(OptionsMissing), transaction():
        drafting.open_decision(
            loaded(asked), group=group(group_id), actor=people[0], closes_at=clock.now() + WEEK
        )
    collect(group_id, people[0], asked)
    suggest(group_id, people[1], asked, "Holz")
    with time_machine.travel(clock.now() + DAY), transaction():
        assert collecting.open_due(clock.now()) == 0
        assert (loaded(asked).state, loaded(asked).opens_at) == (DecisionState.DRAFT, None)
        assert closing.turnout(loaded(asked)) == (0, 0)


def test_the_thirty_first_suggestion_is_one_too_many(make: Make) -> None:
    group_id, people = make(3)
    asked = draft(group_id, people[0], Method.DOTS, collecting=True)
    collect(group_id, people[0], asked)
    for number in range(30):
        suggest(group_id, people[1], asked, f"Nummer {number}")
    with pytest.raises(OptionsMissing):
        suggest(group_id, people[1], asked, "Noch eine")


# ---- equal, longer, once more


@pytest.mark.on_both
def test_a_run_off_and_then_the_lot(make: Make) -> None:
    group_id, people = make(4)
    options = ("Holz", "Metall", "Glas")
    asked = ask(group_id, people[0], Method.CHOICE, options=options, lots_on_tie=True)
    with transaction(write=False):
        commitment = drafting.lot_commitment(loaded(asked))
    for person, said in zip(people, ("1", "1", "2", "2"), strict=True):
        say(group_id, asked, person, {"choices": [said]})
    assert close(asked).status is Status.RUN_OFF
    with time_machine.travel(clock.now() + WEEK):
        with pytest.raises(NotFound), transaction():
            again.begin_run_off(
                loaded(asked), group=group(group_id), actor=people[1], closes_at=clock.now() + WEEK
            )
        with transaction():
            leaving.leave(group(group_id), actor=people[3])
            again.begin_run_off(
                loaded(asked), group=group(group_id), actor=people[0], closes_at=clock.now() + WEEK
            )
        with transaction(write=False):
            assert [one.number for one in loaded(asked).options if not one.dropped] == [1, 2]
            assert closing.turnout(loaded(asked)) == (0, 3)
        for person, said in zip(people, ("1", "2"), strict=False):
            say(group_id, asked, person, {"choices": [said]})
    done = close(asked, after=2 * WEEK)
    result = json.loads(done.result or "")
    assert done.status is Status.ADOPTED
    assert result["winners"][0] in (1, 2)
    assert hashlib.sha256(result["facts"]["lots"]["secret"].encode()).hexdigest() == commitment
    assert result["earlier"]["status"] == "run_off"


def test_three_rounds_of_objections_end_in_the_agreed_way(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.CONSENT, fallback_method=Method.MAJORITY)
    for turn in range(3):
        now = clock.now() + turn * (WEEK + DAY)
        with time_machine.travel(now):
            say(group_id, asked, people[1], word("objection"), "Nein")
            with time_machine.travel(now + WEEK), transaction():
                closing.close_due(clock.now())
                if turn < 2:
                    closing.write_next_version(
                        loaded(asked),
                        group=group(group_id),
                        actor=people[0],
                        title=f"Fassung {turn}",
                        question="",
                        closes_at=clock.now() + WEEK,
                    )
    with transaction(write=False):
        now = loaded(asked)
        assert (now.method, now.state, now.round) == (Method.MAJORITY, DecisionState.OPEN, 4)
        assert session.scalar(select(func.count(NamedBallot.id))) == 0
        begins = now.opens_at
    assert begins is not None
    with time_machine.travel(begins + timedelta(hours=1)):
        say(group_id, asked, people[0], word("yes"))
    assert close(asked, after=6 * WEEK).status is Status.ADOPTED


def test_two_who_need_time_extend_it_once(make: Make) -> None:
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.MAJORITY, last=timedelta(days=2))
    with transaction(write=False):
        before = loaded(asked).closes_at
    for person, extended in ((people[1], False), (people[1], False), (people[2], True)):
        with transaction():
            assert again.ask_longer(loaded(asked), group=group(group_id), actor=person) is extended
    with transaction():
        with pytest.raises(TooLate):
            again.ask_longer(loaded(asked), group=group(group_id), actor=people[3])
        after = loaded(asked).closes_at
    assert before is not None
    assert timedelta(0) <= before + timedelta(days=2) - (after or before) < timedelta(minutes=1)


def test_reopened_soon_after_the_end_or_never(make: Make) -> None:
    group_id, people = make(5)
    asked = ask(group_id, people[0], Method.MAJORITY)
    secret = ask(group_id, people[0], Method.MAJORITY, secret=True)
    for person in people:
        say(group_id, asked, person, word("no"))
        say(group_id, secret, person, word("no"))
    close(asked)
    with time_machine.travel(clock.now() + WEEK + DAY), transaction():
        assert not again.can_reopen(loaded(secret))
        with pytest.raises(TimesWrong):
            again.reopen(loaded(asked), group=group(group_id), actor=people[0], closes_at=clock.now())
        again.reopen(loaded(asked), group=group(group_id), actor=people[0], closes_at=clock.now() + DAY)
    with time_machine.travel(clock.now() + WEEK + DAY):
        say(group_id, asked, people[0], word("yes"))
    assert '"yes": 1' in (close(asked, after=WEEK + 3 * DAY).result or "")
    with time_machine.travel(clock.now() + 2 * WEEK), transaction(), pytest.raises(TooLate):
        again.reopen(loaded(asked), group=group(group_id), actor=people[0], closes_at=clock.now() + DAY)


def test_only_who_has_not_answered_is_reminded_once(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.MAJORITY)
    short = ask(group_id, people[0], Method.MAJORITY, last=timedelta(hours=12))
    say(group_id, asked, people[0], word("yes"))
    with transaction(write=False):
        missing = {member(group_id, one).id for one in people[1:]}
        assert set(members_missing(loaded(asked))) == missing
        assert [line.title for _group, line in voices_missing(people[1])] == ["Neue Tische?"] * 2
        before = session.scalar(select(func.count(Notice.id)))
    with transaction():
        assert again.remind_due(clock.now()) == 0
    with time_machine.travel(clock.now() + WEEK - timedelta(hours=5)):
        for reminded in (1, 0):
            with transaction():
                assert again.remind_due(clock.now()) == reminded
    with transaction(write=False):
        assert loaded(short).reminded_at is not None
        told = session.execute(
            select(Notice.account_id, Notice.context).where(Notice.kind == "groups.decision")
        )
        reminded_ones = {account for account, said in told if said["what"] == "decision_missing"}
        assert reminded_ones == {one.account_id for one in people[1:]}
        assert (before or 0) > 0


def test_whoever_is_missing_is_reminded_again_in_the_longer_time(make: Make) -> None:
    """Too few took part, so it goes on for a while: that is when a reminder helps most."""
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.MAJORITY, quorum_kind=QuorumKind.PEOPLE, quorum=2)
    say(group_id, asked, people[0], word("yes"))
    told = select(func.count(Notice.id)).where(Notice.account_id == people[1].account_id)
    for weeks in (1, 2):
        with time_machine.travel(clock.now() + weeks * WEEK - timedelta(hours=5)), transaction():
            before = session.scalar(told) or 0
            assert again.remind_due(clock.now()) == 1
            assert session.scalar(told) == before + 1
        if weeks == 1:
            assert close(asked).extended


# ---- adopting


def test_a_role_given_and_taken_back(make: Make) -> None:
    group_id, people = make(3)
    with transaction(write=False):
        key = role_lines(group(group_id))[0].role.key
        chosen = member(group_id, people[1]).public_id
    data = {"role": key, "members": {"1": chosen}}
    asked = ask(group_id, people[0], Method.CONSENT, target=Target.ROLE, target_data=data)
    with pytest.raises(NothingToCarryOut):
        carry_out(group_id, people[0], asked)
    adopted(group_id, people, asked)
    with pytest.raises(NotFound):
        carry_out(group_id, people[2], asked)
    carry_out(group_id, people[0], asked)
    with pytest.raises(NothingToCarryOut):
        carry_out(group_id, people[0], asked)
    assert holders() == {"Nadel 0", "Nadel 1"}
    with transaction():
        undo = adopting.take_back(loaded(asked), group=group(group_id), actor=people[2], title="Doch nicht")
        same = adopting.take_back(loaded(asked), group=group(group_id), actor=people[1], title="Doch nicht")
        assert undo.id == same.id
        drafting.open_decision(undo, group=group(group_id), actor=people[2], closes_at=clock.now() + WEEK)
        undo_id = undo.id
    adopted(group_id, people, undo_id)
    carry_out(group_id, people[2], undo_id)
    assert holders() == {"Nadel 0"}
    with transaction(), pytest.raises(NothingToCarryOut):
        adopting.take_back(loaded(asked), group=group(group_id), actor=people[2], title="Noch einmal")


def holders() -> set[str]:
    with transaction(write=False):
        query = select(Membership.alias).join(RoleHolder, RoleHolder.membership_id == Membership.id)
        return set(session.scalars(query))


def test_a_charter_adopted_and_taken_back(make: Make) -> None:
    group_id, people = make(3)
    data = {"texts": {"goal": "Nähen und stopfen", "rules": "Freundlich"}, "method": "consensus"}
    asked = ask(group_id, people[0], Method.CONSENT, target=Target.CHARTER, target_data=data)
    adopted(group_id, people, asked)
    carry_out(group_id, people[0], asked)
    with transaction():
        charter = current_charter(group(group_id))
        assert charter is not None
        assert (charter.version, charter.texts["goal"], charter.acknowledged) == (2, "Nähen und stopfen", 0)
        assert charter.adopted_at is not None
        assert drafting.own_method(group(group_id)) is Method.CONSENSUS
        undo = adopting.take_back(loaded(asked), group=group(group_id), actor=people[0], title="Zurück")
        drafting.open_decision(undo, group=group(group_id), actor=people[0], closes_at=clock.now() + WEEK)
        undo_id = undo.id
    adopted(group_id, people, undo_id)
    carry_out(group_id, people[0], undo_id)
    with transaction(write=False):
        charter = current_charter(group(group_id))
        assert charter is not None
        assert (charter.version, charter.texts["goal"], charter.texts["rules"]) == (3, "Nähen", "")
        assert drafting.own_method(group(group_id)) is Method.CONSENT


def test_a_pause_begins_and_ends_by_decision(make: Make) -> None:
    group_id, people = make(3)
    until = (clock.today() + timedelta(days=90)).isoformat()
    asked = ask(group_id, people[0], Method.CONSENT, target=Target.PAUSE, target_data={"until": until})
    adopted(group_id, people, asked)
    carry_out(group_id, people[0], asked)
    with transaction():
        assert group(group_id).state is GroupState.DORMANT
        undo = adopting.take_back(loaded(asked), group=group(group_id), actor=people[1], title="Weiter")
        drafting.open_decision(undo, group=group(group_id), actor=people[1], closes_at=clock.now() + WEEK)
        undo_id = undo.id
    adopted(group_id, people, undo_id)
    carry_out(group_id, people[1], undo_id)
    with transaction(write=False):
        assert (group(group_id).state, group(group_id).pause_until) == (GroupState.ACTIVE, None)


@pytest.mark.on_both
def test_only_what_was_adopted_is_in_force(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.CONSENT)
    with pytest.raises(IntegrityError), transaction():
        loaded(asked).carried_out_on = clock.today()
        session.flush()
    with pytest.raises(IntegrityError), transaction():
        loaded(asked).undoes_id = asked
        session.flush()


def test_a_note_stands_beside_the_locked_text(make: Make) -> None:
    group_id, people = make(3)
    asked = draft(group_id, people[0], Method.CONSENT)
    with transaction(), pytest.raises(DecisionLocked):
        again.write_note(loaded(asked), "Es sind 4 Tische", group=group(group_id), actor=people[0])
    running = ask(group_id, people[0], Method.CONSENT)
    with transaction():
        again.write_note(loaded(running), "Es sind 4 Tische", group=group(group_id), actor=people[0])
        assert (loaded(running).note, loaded(running).title) == ("Es sind 4 Tische", "Neue Tische?")


def test_a_role_that_ends_during_a_decision_leaves_it_to_whoever_began_it(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[1], Method.MAJORITY)
    with transaction():
        role = session.scalars(select(GroupRole)).one()
        role.rights = ["facilitate_decision"]
        session.flush()
        closing_reason = "Doppelt"
        holder = session.scalars(select(RoleHolder)).one()
        holder.from_on, holder.until_on = clock.today() - 2 * DAY, clock.today() - DAY
    with pytest.raises(NotFound), transaction():
        closing.cancel(loaded(asked), group=group(group_id), actor=people[0], reason=closing_reason)
    with transaction():
        closing.cancel(loaded(asked), group=group(group_id), actor=people[1], reason=closing_reason)


def test_lot_words_change_until_the_end(make: Make) -> None:
    group_id, people = make(3)
    asked = ask(group_id, people[0], Method.LOTS, options=("A", "B"))
    for said in ("Regen", "Sonne"):
        with transaction():
            answering.add_lot_word(loaded(asked), said, group=group(group_id), actor=people[0])
    result = json.loads(close(asked).result or "")
    assert result["facts"]["words"] == "Sonne"
