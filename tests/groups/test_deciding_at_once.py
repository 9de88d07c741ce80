"""At the same moment: answers against the closing, two who need time, a secret vote, carrying out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import DomainError
from portal.groups.models import (
    Charter,
    Electorate,
    Method,
    NamedBallot,
    QuorumKind,
    SecretTally,
    Status,
    Target,
)
from portal.groups.operations import joining
from portal.groups.operations.deciding import adopting, again, answering, closing
from tests.groups.conftest import Make, group, settled
from tests.groups.deciding import WEEK, ask, close, loaded, say, word


def at_once(app: Flask, works: list[Callable[[], Any]]) -> list[Any]:
    """Each in a thread of its own; what it gives back, or the name of what it refused."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    return work()
            except DomainError as problem:
                return type(problem).__name__
            finally:
                session.remove()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def answer(group_id: int, asked: int, actor: Actor, said: str) -> Callable[[], str]:
    def work() -> str:
        answering.hand_in(loaded(asked), word(said), group=group(group_id), actor=actor)
        return "counted"

    return work


def test_answers_against_the_closing(both: Flask, make: Make) -> None:
    """Whoever was told that it counts is counted, everybody else was told that it was too late."""
    group_id, people = make(6)
    asked = ask(group_id, people[0], Method.MAJORITY)
    with transaction():
        # Over in a moment: the clock is the judge, and the closing waits for nobody.
        loaded(asked).closes_at = clock.now() + timedelta(milliseconds=150)

    def closer() -> str:
        while not closing.close_decision(asked, now=clock.now()):
            session.rollback()
        return "closed"

    works = [answer(group_id, asked, person, "yes") for person in people]
    results = at_once(both, [*works, closer])
    with transaction(write=False):
        told = json.loads(loaded(asked).result or "{}")["facts"]["yes"]
        assert told == results.count("counted")
        assert session.scalar(select(func.count(NamedBallot.id))) == told
    assert set(results) <= {"counted", "TooLate", "closed"}


def test_a_secret_vote_sent_four_times_counts_once(both: Flask, make: Make) -> None:
    group_id, people = make(5)
    asked = ask(group_id, people[0], Method.MAJORITY, secret=True)
    results = at_once(both, [answer(group_id, asked, people[1], "yes") for _ in range(4)])
    assert sorted(results) == ["VotedAlready"] * 3 + ["counted"]
    with transaction(write=False):
        assert session.scalar(select(func.sum(SecretTally.count))) == 1


def test_two_who_need_time_at_once(both: Flask, make: Make) -> None:
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.MAJORITY)
    with transaction(write=False):
        before = loaded(asked).closes_at
    longer = [
        lambda person=person: again.ask_longer(loaded(asked), group=group(group_id), actor=person)
        for person in people[:3]
    ]
    results = at_once(both, longer)
    assert results.count(True) == 1
    with transaction(write=False):
        after = loaded(asked).closes_at
    assert before is not None
    assert after is not None
    assert timedelta(days=6) < after - before < timedelta(days=8)


def test_what_was_decided_comes_into_force_once(both: Flask, make: Make) -> None:
    group_id, people = make(3)
    data = {"texts": {"goal": "Nähen und stopfen"}}
    asked = ask(group_id, people[0], Method.CONSENT, target=Target.CHARTER, target_data=data)
    for person in people:
        say(group_id, asked, person, word("consent"))
    assert close(asked).status is Status.ADOPTED

    def act() -> str:
        adopting.carry_out(loaded(asked), group=group(group_id), actor=people[0])
        return "done"

    results = at_once(both, [act] * 3)
    assert sorted(results) == ["NothingToCarryOut"] * 2 + ["done"]
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Charter)) == 2


def test_who_comes_later_counts_for_dates(make: Make) -> None:
    """Everybody who is a member at the end: half of four have to answer, two did."""
    group_id, people = make(3)
    asked = ask(
        group_id,
        people[0],
        Method.DATE,
        local_starts=("2027-01-12T18:00",),
        electorate=Electorate.AT_CLOSING,
        quorum_kind=QuorumKind.PERCENT,
        quorum=60,
    )
    late = settled()
    with transaction():
        code = joining.make_code(group(group_id), actor=people[0])
        joining.join_by_code(code, actor=late, alias="Spät")
    say(group_id, asked, late, {"points": {"1": 2}})
    say(group_id, asked, people[0], {"points": {"1": 2}})
    assert close(asked).status is None
    with transaction(write=False):
        assert closing.turnout(loaded(asked)) == (2, 4)
    say(group_id, asked, people[1], {"points": {"1": 0}})
    assert close(asked, after=2 * WEEK).status is Status.ADOPTED
