"""Consent with an objection: a new text, another answer, who does what by when, and the look back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors import ReasonMissing
from portal.groups.models import (
    DecisionOutcome,
    DecisionState,
    Method,
    NamedBallot,
    Objection,
    ObjectionState,
    Status,
)
from portal.groups.operations.deciding import answering, closing, outcomes
from tests.groups.conftest import Make, group
from tests.groups.deciding import WEEK, ask, close, loaded, say, word


def test_consent_with_an_objection(make: Make) -> None:
    """Scenario 6: one objection stops it; version 2; the objector withdraws; who does what by when."""
    group_id, people = make(4)
    asked = ask(group_id, people[0], Method.CONSENT)
    for person in people[:3]:
        say(group_id, asked, person, word("consent"))
    with pytest.raises(ReasonMissing):
        say(group_id, asked, people[3], word("objection"))
    say(group_id, asked, people[3], word("objection"), "Zu laut für die Nachbarn")
    stopped = close(asked)
    assert (stopped.state, stopped.status) == (DecisionState.INTEGRATING, None)
    with transaction():
        words = {"title": "Leise Tische", "question": "Mit Filz", "closes_at": clock.now() + WEEK}
        with pytest.raises(NotFound):
            closing.write_next_version(loaded(asked), group=group(group_id), actor=people[1], **words)
        closing.write_next_version(loaded(asked), group=group(group_id), actor=people[0], **words)
    with transaction(write=False):
        again = loaded(asked)
        assert (again.round, again.title, again.state) == (2, "Leise Tische", DecisionState.OPEN)
        assert session.scalars(select(Objection.state)).all() == [ObjectionState.INTEGRATED]
        assert session.scalars(select(NamedBallot.is_draft)).all() == []
    for person in people[:3]:
        say(group_id, asked, person, word("consent"))
    say(group_id, asked, people[3], word("objection"), "Immer noch")
    with transaction():
        (objection,) = session.scalars(select(Objection).where(Objection.round == 2)).all()
        answering.withdraw_objection(
            objection, decision=loaded(asked), group=group(group_id), actor=people[3]
        )
    done = close(asked)
    assert done.status is Status.ADOPTED
    with time_machine.travel(clock.now() + WEEK), transaction():
        day = clock.today()
        first = outcomes.Agreed("Wir kleben Filz.", "Nadel 2", day + 2 * WEEK, day + timedelta(days=90))
        who = {"group": group(group_id), "actor": people[0]}
        outcomes.write_outcome(loaded(asked), first, **who)
        later = replace(first, statement="Wir kleben Filz unter die Tische.")
        # The later text holds: only it is looked at again. Saved twice it is one.
        outcome, same = (outcomes.write_outcome(loaded(asked), later, **who) for _twice in range(2))
        assert (outcome.id, outcome.version) == (same.id, 2)
        outcome_id = outcome.id
        assert outcome.published_at is not None
    look_back(group_id, people[2], outcome_id)


def look_back(group_id: int, actor: Actor, outcome_id: int) -> None:
    """Three months later the group is asked once whether it was right, and says so."""
    with time_machine.travel(clock.now() + WEEK + timedelta(days=90)):
        with transaction():
            assert outcomes.ask_reviews(clock.today()) == 1
            assert outcomes.ask_reviews(clock.today()) == 0
        with transaction():
            outcome = session.get(DecisionOutcome, outcome_id)
            assert outcome is not None
            outcomes.review(outcome, "confirmed", group=group(group_id), actor=actor)
            assert outcome.review == "confirmed"
