"""Many vote at once through two processes, on both databases: over sockets, and straight into the box."""

import multiprocessing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from benchmarks.ballots import run
from portal.core.db import db, session, transaction
from portal.rounds.models import Round, RoundState
from portal.rounds.operations import casting
from portal.rounds.queries.box import sorted_ballots
from tests.support.factories_ballots import enroll, make_box
from tests.support.services import Postgres
from tests.support.whole import WHOLE

VOTERS = 30


# By day PostgreSQL is asked straight (below): what happens in the sockets is the same on both.
@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if WHOLE else ["sqlite"])
def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path, postgres: Postgres, database: str) -> None:
    settings = {"instance": str(tmp_path / "instance"), "worker": "0", "proxy_hops": "1"}
    if database == "postgresql":
        settings["database_url"] = postgres.url(postgres.create())
    outcome = run(settings, VOTERS)
    assert (outcome.ballots, outcome.lost, outcome.doubled) == (VOTERS, 0, 0)
    assert outcome.drafts == 0
    # The promise is 1,000 within a minute; a busy machine gets three times as long here.
    assert outcome.seconds < VOTERS * 0.06 * 3


def cast_all(app: Flask, vote: Round, entries: list[int], told: str) -> None:
    """One process: everybody in this list presses the button, and what each was told goes into a file."""
    with app.app_context(), Path(told).open("w") as diary:
        for entry in entries:
            with transaction():
                content = {"kind": "approval", "choices": [str(entry % 5 + 1)]}
                receipt = casting.cast(vote, entry, content, seen=0)
            diary.write(f"{entry} {receipt.tracking} {receipt.revision}\n")


def test_two_hundred_in_two_processes_each_form_sent_twice(both: Flask, tmp_path: Path) -> None:
    """Each process sends the form of all 200, from opposite ends: 200 ballots, all told the same twice."""
    vote = make_box()
    entries = enroll(vote, 200)
    fork = multiprocessing.get_context("fork")
    session.remove()
    db.engine.dispose()
    told = [tmp_path / "one", tmp_path / "two"]
    orders = zip((entries, entries[::-1]), told, strict=True)
    processes = [fork.Process(target=cast_all, args=(both, vote, order, str(to))) for order, to in orders]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    one, two = ({tuple(line.split()) for line in diary.read_text().splitlines()} for diary in told)
    assert one == two
    assert {revision for _entry, _code, revision in one} == {"1"}
    with transaction():
        session.execute(update(Round).where(Round.id == vote.id).values(state=RoundState.CLOSING))
    with transaction(write=False):
        in_file = [code for code, _content in sorted_ballots(session.get_one(Round, vote.id))]
    assert sorted(in_file) == sorted(code for _entry, code, _revision in one)
    assert len(in_file) == len(set(in_file)) == len(entries)
