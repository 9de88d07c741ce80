"""Two at the same moment: one decision, one answer, and every report counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import DomainError
from portal.discussions.models import Comment, Thread
from portal.discussions.operations import add_comment
from portal.moderation import operations
from portal.moderation.models import Appeal, Category, Decision, Measure, Outcome
from tests.moderation.people import case_of, decide, make_town, object_to, report, ruling, settled
from tests.support.factories import actor_of, make_resident
from tests.support.leaflets import Wall, subject
from tests.support.people import deliver


def at_once(app: Flask, works: list[Callable[[], Any]]) -> list[str]:
    """Each in a transaction of its own, all before the first commits; "" or the name of what it refused."""
    gate = threading.Barrier(len(works), timeout=1)

    def run(work: Callable[[], Any]) -> str:
        with app.app_context():
            try:
                with transaction():
                    work()
                    # Whoever waits for the other's lock does not come here: then nobody waits any longer.
                    with suppress(threading.BrokenBarrierError):
                        gate.wait()
                    return ""
            except DomainError as problem:
                return type(problem).__name__
            finally:
                session.remove()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def test_one_case_is_decided_once(both: Flask, wall: Wall) -> None:
    """Two moderators, or one who presses twice."""
    town = make_town(wall)
    report(town.leaflet)
    actor = actor_of(town.moderator)

    def press() -> None:
        operations.decide_case(case_of(town.leaflet), actor=actor, ruling=ruling(Measure.HIDE))

    assert at_once(both, [press, press]) == ["", "CaseClosed"]
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_one_objection_is_answered_once(both: Flask, wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet)
    appeal_id = object_to(decide(town.leaflet, town.moderator, Measure.HIDE), town.author)
    colleague = actor_of(town.colleague)

    def say(outcome: Outcome) -> Callable[[], object]:
        return lambda: operations.answer_objection(
            session.get_one(Appeal, appeal_id), actor=colleague, outcome=outcome, reply="Noch einmal gelesen."
        )

    assert at_once(both, [say(Outcome.OVERTURNED), say(Outcome.UPHELD)]) == ["", "CaseClosed"]


def test_reports_of_one_moment_all_count(both: Flask, wall: Wall) -> None:
    """The second and the third come together: it is hidden, also where no moderator is to be told."""
    leaflet = wall.pin(author_id=settled().id, district_id=9)
    report(leaflet, settled())

    def tell(actor: Actor) -> Callable[[], object]:
        return lambda: operations.report_subject(
            subject(leaflet), actor=actor, category=Category.INSULT, language="de"
        )

    assert at_once(both, [tell(actor_of(settled())), tell(actor_of(settled()))]) == ["", ""]
    assert leaflet.hidden


def test_copies_of_one_moment_are_found_a_minute_later(both: Flask, wall: Wall) -> None:
    """On PostgreSQL none of them sees the others before they are committed."""
    words = "Günstige Kredite ohne Auskunft, jetzt anrufen bei Herrn Gold!"
    places = [(wall.pin().thread_id, actor_of(make_resident())) for _ in range(3)]

    def writes(thread_id: int, actor: Actor) -> Callable[[], object]:
        return lambda: add_comment(session.get_one(Thread, thread_id), actor=actor, body=words)

    with time_machine.travel(clock.now(), tick=True) as travel:
        assert at_once(both, [writes(*place) for place in places]) == ["", "", ""]
        travel.shift(timedelta(seconds=70))
        deliver()
    with transaction(write=False):
        assert all(one.hidden_at for one in session.scalars(select(Comment)))
        assert session.scalar(select(func.count()).select_from(Decision)) == 3
