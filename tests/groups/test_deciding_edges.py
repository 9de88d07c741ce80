"""Edges: what a database tells of secret votes, equal orders, objectors who leave, late outcomes, quorums."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from portal.core import clock
from portal.core.db import db, session, transaction
from portal.groups.errors import NotAnElector
from portal.groups.models import (
    DecisionState,
    Elector,
    Electorate,
    Method,
    NamedBallot,
    QuorumKind,
    SecretReason,
    Status,
)
from portal.groups.operations import leaving
from portal.groups.operations.deciding import again, outcomes
from tests.groups.conftest import Make, group
from tests.groups.deciding import WEEK, ask, close, loaded, say, word
from tests.groups.test_some_are_asked import drafted, name, opened

pytestmark = pytest.mark.logic


def marks(table: str) -> list[str]:
    """Under which transactions the rows of a table stand on the disk of PostgreSQL."""
    with transaction(write=False):
        return list(session.scalars(text(f"SELECT DISTINCT xmin::text FROM {table}")))  # noqa: S608


@pytest.mark.on_both
def test_no_row_tells_whose_reason_it_is(both: Flask, make: Make) -> None:
    """Rows of one transaction carry one mark: electors, counters and notes are all written anew each time."""
    group_id, people = make(6)
    asked = ask(group_id, people[0], Method.MAJORITY, secret=True)
    with transaction(write=False):
        before = list(session.scalars(select(Elector.ref).order_by(Elector.id)))
    for number, person in enumerate(people[:5]):
        say(group_id, asked, person, word("yes" if number else "no"), reason=f"Grund {number}")
        if db.engine.dialect.name == "postgresql":
            told = {table: marks(table) for table in ("group_elector", "group_secret_tally")}
            assert all(len(found) == 1 for found in told.values()), told
            assert len(marks("group_secret_reason")) == 1
    with transaction(write=False):
        assert sorted(session.scalars(select(SecretReason.text))) == [f"Grund {n}" for n in range(5)]
        stored = list(session.scalars(text("SELECT id FROM group_secret_reason")))
        assert stored == sorted(stored)
        if db.engine.dialect.name == "postgresql":
            # The order on the disk is the one of before, not the one in which people voted.
            assert list(session.scalars(text("SELECT ref FROM group_elector ORDER BY ctid"))) == before
        assert session.query(Elector).filter(Elector.voted).count() == 5
    assert '"yes": 4, "no": 1' in (close(asked).result or "")


def test_equal_orders_are_settled_by_resistance(make: Make) -> None:
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.RANKING, options=("Holz", "Metall", "Glas"))
    for number, person in enumerate(people):
        first, second = ("1", "2") if number % 2 else ("2", "1")
        say(group_id, asked, person, {"order": [[first], [second], ["3"]]})
    assert close(asked).status is Status.RUN_OFF
    with time_machine.travel(clock.now() + WEEK), transaction():
        ends = clock.now() + WEEK
        again.begin_run_off(loaded(asked), group=group(group_id), actor=people[0], closes_at=ends)
        assert (loaded(asked).method, session.query(NamedBallot).count()) == (Method.RESISTANCE, 0)
    with time_machine.travel(clock.now() + WEEK + timedelta(hours=1)):
        for person in people:
            say(group_id, asked, person, {"points": {"1": 4, "2": 3}})
    done = close(asked, after=2 * WEEK)
    assert (done.status, json.loads(done.result or "")["winners"]) == (Status.ADOPTED, [2])


def test_an_objection_leaves_with_whoever_made_it(make: Make) -> None:
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.CONSENT)
    say(group_id, asked, people[1], word("consent"))
    say(group_id, asked, people[3], word("objection"), reason="Zu laut.")
    assert close(asked).state is DecisionState.INTEGRATING
    with transaction():
        leaving.leave(group(group_id), actor=people[3])
    with transaction(write=False):
        assert (loaded(asked).state, loaded(asked).status) == (DecisionState.CLOSED, Status.ADOPTED)


@pytest.mark.on_both
def test_late_an_outcome_is_written_by_whoever_was_asked(make: Make) -> None:
    group_id, people = make(4)
    asked = drafted(group_id, people[0], electorate=Electorate.NAMED_LIST)
    name(group_id, asked, people[0], "Nadel 1", "Nadel 2")
    opened(group_id, asked, people[0])
    say(group_id, asked, people[1], word("yes"))
    close(asked)
    agreed = outcomes.Agreed("Wir kaufen Tische.", "Nadel 1", clock.today())
    with time_machine.travel(clock.now() + 2 * WEEK + timedelta(hours=1)):
        with transaction(), pytest.raises(NotAnElector):
            outcomes.write_outcome(loaded(asked), agreed, group=group(group_id), actor=people[3])
        with transaction():
            outcomes.write_outcome(loaded(asked), agreed, group=group(group_id), actor=people[2])
            # Two years on nobody knows who was asked.
            session.query(Elector).delete()
        with transaction():
            outcomes.write_outcome(loaded(asked), agreed, group=group(group_id), actor=people[3])


@pytest.mark.parametrize(("lasts", "longer"), [(3, 3), (20, 7)])
def test_without_a_quorum_it_runs_as_long_again_a_week_at_most(make: Make, lasts: int, longer: int) -> None:
    group_id, people = make(3)
    days, quorum = timedelta(days=lasts), {"quorum_kind": QuorumKind.PEOPLE, "quorum": 2}
    asked = ask(group_id, people[0], Method.MAJORITY, last=days, **quorum)
    with transaction(write=False):
        first = loaded(asked).closes_at
    extended = close(asked, after=days)
    assert first is not None
    assert extended.closes_at is not None
    assert abs(extended.closes_at - first - timedelta(days=longer)) < timedelta(seconds=1)


def test_a_leaver_counts_for_no_quorum(make: Make) -> None:
    """Half of four are two, and one has answered; with two of the others gone one is half."""
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.MAJORITY, quorum_kind=QuorumKind.PERCENT, quorum=50)
    say(group_id, asked, people[0], word("yes"))
    with transaction():
        leaving.leave(group(group_id), actor=people[3])
    with transaction():
        leaving.leave(group(group_id), actor=people[2])
    assert close(asked).status is Status.ADOPTED
