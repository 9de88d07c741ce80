"""Many at once: one voter from everywhere, voting against closing, and processes that are killed. On both."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from portal.core.db import db, session, transaction
from portal.rounds.errors.box import VoteOver
from portal.rounds.models import Ballot, Round, RoundState
from portal.rounds.operations import casting
from portal.rounds.queries.box import own_ballot, sorted_ballots, turnout
from tests.support.factories_ballots import enroll, make_box

THREADS = 8
FIRST_VOTES = 5  # of one of seven, before somebody closes


def hammer(app: Flask, works: list[Callable[[], Any]]) -> list[Any]:
    """Run each work in a thread of its own, all at the same moment."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        with app.app_context():
            gate.wait()
            try:
                return work()
            finally:
                session.remove()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def cast_once(vote: Round, entry: int, choice: int) -> casting.Receipt | None:
    """None when it was too late."""
    try:
        with transaction():
            return casting.cast(vote, entry, {"kind": "approval", "choices": [str(choice)]})
    except VoteOver:
        return None


def test_one_voter_from_everywhere_is_one_ballot(both: Flask) -> None:
    """400 (SQLite) and 800 (PostgreSQL) casts by one voter: one row, each of them counted as a revision."""
    vote = make_box()
    (mine,) = enroll(vote)
    each = (400 if db.engine.dialect.name == "sqlite" else 800) // THREADS

    def voter(thread: int) -> Callable[[], Any]:
        return lambda: [cast_once(vote, mine, (thread + number) % 5 + 1) for number in range(each)]

    session.remove()
    answers = hammer(both, [voter(thread) for thread in range(THREADS)])
    receipts = [one for some in answers for one in some]
    with transaction(write=False):
        assert turnout(vote).together == 1
        own = own_ballot(vote, mine)
        assert own is not None
        assert own.revision == each * THREADS
        last = next(one for one in receipts if one.revision == own.revision)
        assert last.tracking == own.tracking
    assert sorted(one.revision for one in receipts) == list(range(1, each * THREADS + 1))


def test_two_clicks_of_one_instant_get_one_receipt(both: Flask) -> None:
    """The second click is on its way before the first is in the box: both are told the same."""
    vote = make_box()
    (mine,) = enroll(vote)

    def click() -> casting.Receipt:
        with transaction():
            told = casting.cast(vote, mine, {"kind": "approval", "choices": ["1"]}, seen=0)
            time.sleep(0.2)  # the other one is waiting now
        return told

    session.remove()
    first, second = hammer(both, [click, click])
    assert first == second
    assert first.revision == 1


def test_whoever_was_told_counted_is_in_the_file(both: Flask) -> None:
    """Six rounds are closed while people vote: nothing told "counted" is missing, nothing comes after."""
    both_sides = 0
    for _ in range(6):
        vote = make_box()
        entries = enroll(vote, 200)
        session.remove()
        begun = threading.Event()

        def close(vote: Round = vote, begun: threading.Event = begun) -> list[tuple[str, str]]:
            begun.wait()
            with transaction():
                open_now = (Round.id == vote.id, Round.state == RoundState.OPEN)
                session.execute(update(Round).where(*open_now).values(state=RoundState.CLOSING))
            with transaction(write=False):
                return sorted_ballots(session.get_one(Round, vote.id))

        def vote_with(share: list[int], vote: Round = vote, begun: threading.Event = begun) -> list[str]:
            told: list[str] = []
            for entry in share:
                one = cast_once(vote, entry, 1)
                told += [one.tracking] if one is not None else []
                if len(told) == FIRST_VOTES:  # some have voted, most have not: now somebody closes
                    begun.set()
            begun.set()
            return told

        shares = [entries[number::7] for number in range(7)]
        works = [close, *[partial(vote_with, share) for share in shares]]
        exported, *told = hammer(both, works)
        codes = {code for some in told for code in some}
        assert {code for code, _content in exported} == codes
        with transaction(write=False):
            # What came after the file was made is not in the box either.
            assert turnout(vote).together == len(codes)
        both_sides += 0 < len(codes) < len(entries)
    assert both_sides >= 1, "closing never fell into the middle of voting"


def test_one_of_many_who_close_at_once_does(both: Flask) -> None:
    vote = make_box()
    session.remove()

    def close() -> bool:
        with transaction():
            mine = update(Round).where(Round.id == vote.id, Round.state == RoundState.OPEN)
            return (
                session.execute(mine.values(state=RoundState.CLOSING).returning(Round.id)).first() is not None
            )

    assert sum(bool(one) for one in hammer(both, [close] * THREADS)) == 1


def test_a_vote_waits_for_whoever_is_closing(app_pg: Flask) -> None:
    """The round's row is locked while somebody closes: the vote behind it comes too late, and says so."""
    vote = make_box()
    (mine,) = enroll(vote)
    session.remove()
    closing, answer = threading.Event(), []

    def voter() -> None:
        with app_pg.app_context():
            closing.wait()
            answer.append(cast_once(vote, mine, 1))
            session.remove()

    thread = threading.Thread(target=voter)
    thread.start()
    with transaction():
        session.execute(update(Round).where(Round.id == vote.id).values(state=RoundState.CLOSING))
        closing.set()
        time.sleep(0.3)
        assert answer == []
    thread.join()
    assert answer == [None]


def vote_until_killed(app: Flask, vote: Round, entries: list[int], diary: str, *, by_itself: bool) -> None:
    """Another process: casts one ballot after the other and notes in a file who was told what.

    by_itself: it dies after the third ballot is stored and before its voter is told.
    """
    with app.app_context(), Path(diary).open("a", buffering=1) as told:
        for number, entry in enumerate(entries):
            receipt = cast_once(vote, entry, entry % 5 + 1)
            if by_itself and number == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            told.write(f"{entry} {receipt.tracking}\n" if receipt else f"{entry} late\n")


def lines_of(diary: Path) -> list[list[str]]:
    return [line.split() for line in diary.read_text().splitlines(keepends=True) if line.endswith("\n")]


def test_killed_between_storing_and_answering(both: Flask, tmp_path: Path) -> None:
    """kill -9 ten times: who was told is stored, and who was not casts again: one ballot each."""
    vote = make_box()
    entries = enroll(vote, 4000)
    fork, diary = multiprocessing.get_context("fork"), tmp_path / "told"
    diary.touch()
    unanswered = 0
    for number in range(10):
        known, by_itself = len(lines_of(diary)), number % 2 == 0
        session.remove()
        db.engine.dispose()
        arguments = (both, vote, entries[known:], str(diary))
        process = fork.Process(target=vote_until_killed, args=arguments, kwargs={"by_itself": by_itself})
        process.start()
        while process.is_alive() and (by_itself or len(lines_of(diary)) < known + 3 + number % 4):
            time.sleep(0.001)
        process.kill()
        process.join()
        told = lines_of(diary)
        with transaction(write=False):
            stored = {entry: own_ballot(vote, entry) for entry in entries[: len(told) + 1]}
        for entry, code in told:
            own = stored[int(entry)]
            assert own is not None, "told counted, and missing"
            assert own.tracking == code
        last = entries[len(told)]
        own = stored[last]
        if own is not None:  # stored and never told: the same form once more shows the same receipt
            unanswered += 1
            with transaction():
                content = {"kind": "approval", "choices": [str(last % 5 + 1)]}
                again = casting.cast(vote, last, content, seen=0)
            assert (again.tracking, again.revision) == (own.tracking, 1)
            with diary.open("a") as more:
                more.write(f"{last} {own.tracking}\n")
    assert unanswered >= 5
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Ballot)) == len(lines_of(diary))
        assert session.scalar(select(func.max(Ballot.revision))) == 1
