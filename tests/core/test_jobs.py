"""The outbox: written with the business transaction, done once, tried again, put aside when hopeless."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock, jobs
from portal.core.db import is_writing, session, transaction
from portal.core.jobs import Job

ran: list[dict] = []


@jobs.handler("test.note")
def note(payload: dict) -> None:
    ran.append(payload)


@jobs.handler("test.fail")
def fail(payload: dict) -> None:
    session.add(Job(kind="test.note", payload={}, created_at=clock.now(), run_at=clock.now()))
    raise OSError("no")


@jobs.handler("test.outside", slow=True)
def outside(payload: dict) -> None:
    ran.append({"writing": is_writing()})


@pytest.fixture(autouse=True)
def nothing_ran() -> Iterator[None]:
    ran.clear()
    yield
    ran.clear()


def job(kind: str) -> Job:
    return session.scalars(select(Job).where(Job.kind == kind)).one()


def test_a_rolled_back_transaction_enqueues_nothing(both: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        jobs.enqueue("test.note", {"n": 1})
        raise ZeroDivisionError
    jobs.run_due()
    assert ran == []


def test_a_job_runs_once_and_loses_its_payload(both: Flask) -> None:
    with transaction():
        jobs.enqueue("test.note", {"secret": "word"})
    jobs.run_due()
    jobs.run_due()
    assert ran == [{"secret": "word"}]
    with transaction(write=False):
        assert job("test.note").payload == {}


def test_a_unique_key_holds_even_after_the_job_is_done(both: Flask) -> None:
    for _ in range(2):
        with transaction():
            jobs.enqueue("test.note", {}, unique_key="once")
            jobs.enqueue("test.note", {}, unique_key="once")
        jobs.run_due()
    assert len(ran) == 1


def test_a_failing_job_leaves_no_half_work_and_comes_back_later(both: Flask) -> None:
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as travel:
        with transaction():
            jobs.enqueue("test.fail", {})
        jobs.run_due(limit=100)  # with all periodic jobs of all packages
        with transaction(write=False):
            failed = job("test.fail")
            assert (failed.attempts, failed.error) == (1, "OSError")
            assert failed.run_at == clock.now() + timedelta(minutes=1)
            assert session.scalar(select(func.count()).where(Job.kind == "test.note")) == 0
        travel.shift(timedelta(minutes=2))
        jobs.run_due(limit=100)  # with all periodic jobs of all packages
        with transaction(write=False):
            assert job("test.fail").attempts == 2


def test_a_hopeless_job_becomes_a_dead_letter(both: Flask) -> None:
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as travel:
        with transaction():
            jobs.enqueue("test.fail", {})
        travel.shift(timedelta(days=3, hours=1))
        jobs.run_due()
        with transaction(write=False):
            assert [one.kind for one in jobs.dead_letters()] == ["test.fail"]


def test_an_unfinished_lease_is_taken_over_when_it_ends(both: Flask) -> None:
    """A worker that was killed loses nothing: its jobs come back when the lease is over."""
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as travel:
        with transaction():
            jobs.enqueue("test.note", {"n": 1})
        (first,) = jobs.lease_due()
        assert jobs.lease_due() == []
        travel.shift(jobs.LEASE + timedelta(seconds=1))
        (second,) = jobs.lease_due()
        assert jobs.run_one(*first) is False
        assert jobs.run_one(*second) is True
    assert ran == [{"n": 1}]


def test_slow_jobs_hold_no_writing_transaction(app: Flask) -> None:
    with transaction():
        jobs.enqueue("test.outside", {})
    jobs.run_due()
    assert ran == [{"writing": False}]


def test_many_workers_do_every_job_exactly_once(both: Flask) -> None:
    with transaction():
        for number in range(60):
            jobs.enqueue("test.note", {"n": number})

    def work() -> None:
        with both.app_context():
            while leased := jobs.lease_due(3):
                for one in leased:
                    jobs.run_one(*one)
            session.remove()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = sorted(one["n"] for one in ran)
    assert done == list(range(60))


def test_a_periodic_job_is_written_once_per_slot(both: Flask) -> None:
    def slots() -> int:
        with transaction(write=False):
            query = select(func.count()).where(Job.kind == "core.prune_jobs")
            return session.scalar(query) or 0

    with time_machine.travel("2026-11-02 10:00Z", tick=False) as travel:
        jobs.schedule_periodic()
        jobs.schedule_periodic()
        assert slots() == 1
        travel.shift(timedelta(days=1))
        jobs.schedule_periodic()
        assert slots() == 2


def test_cancel_takes_back_only_what_has_not_begun(both: Flask) -> None:
    with transaction():
        jobs.enqueue("test.note", {}, unique_key="later", run_at=clock.now() + timedelta(days=1))
        jobs.cancel("later")
    with transaction(write=False):
        assert session.scalar(select(func.count()).where(Job.unique_key == "later")) == 0
