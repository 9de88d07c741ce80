"""What the desks of letters, counters and sheets, and the log, cost: never more for more rows."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock, site_settings
from portal.core.db import session, transaction
from portal.core.public_id import new_id
from portal.rounds.models import BatchState, LetterBatch, PaperBatch, PaperSheet, Round, SheetState
from portal.rounds.operations import logbook
from tests.rounds.rolls import open_round
from tests.support.factories import make_staff, sign_in
from tests.support.queries import counted_queries


def queries_of(browser: FlaskClient, path: str) -> int:
    """Queries of a page that was opened before."""
    browser.get(path)
    site_settings.forget()
    with counted_queries() as sent:
        assert browser.get(path).status_code == 200
    return len(sent)


def grown_round(many: int) -> tuple[str, str]:
    """A vote with so many batches, counters, disputed sheets and log entries: its public id, a counter's."""
    round_id = open_round(level=2)
    people = [(make_staff("administrator").id, make_staff("administrator").id) for _ in range(many)]
    with transaction():
        vote = session.get_one(Round, round_id)
        for number, (one, other) in enumerate(people, 1):
            session.add(_batch(round_id, number, one))
            session.add(_counter(round_id, number, one, other))
            logbook.append(vote, "objection", {"number": number})
        session.flush()
        first = session.query(PaperBatch).filter_by(round_id=round_id, number=1).one()
        session.add_all(_sheet(first.id, serial, people[serial - 1]) for serial in range(1, many + 1))
        return vote.public_id, first.public_id


def _batch(round_id: int, number: int, asked_by: int) -> LetterBatch:
    row = {"round_id": round_id, "number": number, "language": "de", "size": 2, "requested_by_id": asked_by}
    return LetterBatch(public_id=new_id(), state=BatchState.REQUESTED, requested_at=clock.now(), **row)


def _counter(round_id: int, number: int, one: int, other: int) -> PaperBatch:
    now = clock.now()
    row = {"round_id": round_id, "number": number, "opened_by_id": one, "witness_id": other}
    return PaperBatch(public_id=new_id(), opened_at=now, closed_at=now, size=2, handed_out=2, **row)


def _sheet(batch_id: int, serial: int, people: tuple[int, int]) -> PaperSheet:
    row = {"first_by_id": people[0], "first_content": '{"a":1}', "second_by_id": people[1]}
    return PaperSheet(
        batch_id=batch_id, serial=serial, state=SheetState.DISPUTE, second_content='{"a":2}', **row
    )


def test_the_desks_cost_the_same_for_one_vote_and_for_many(app: Flask) -> None:
    letters, paper = app.test_client(), app.test_client()
    sign_in(letters, make_staff("administrator"))
    sign_in(paper, make_staff("professional"))
    numbers = []
    for more in (1, 1, 4):
        for _ in range(more):
            grown_round(more)
        numbers.append((queries_of(letters, "/de/office/letters"), queries_of(paper, "/de/office/counter")))
    assert numbers[0] == numbers[1] == numbers[2]


def test_batches_sheets_and_log_cost_the_same_for_one_and_for_many(app: Flask) -> None:
    letters, paper, visitor = (app.test_client() for _ in range(3))
    sign_in(letters, make_staff("administrator"))
    sign_in(paper, make_staff("professional"))
    numbers = []
    for many in (1, 1, 9):
        pid, counter = grown_round(many)
        numbers.append(
            (
                queries_of(letters, f"/de/office/votes/{pid}/letters"),
                queries_of(paper, f"/de/office/counters/{counter}/sheets"),
                queries_of(visitor, f"/de/votes/{pid}/log"),
                queries_of(visitor, f"/de/votes/{pid}/log.jsonl"),
            )
        )
    assert numbers[1] == numbers[2]
