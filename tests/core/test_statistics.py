"""The planner of SQLite knows how large tables are: once a day, and after an import."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import text

from portal.core import clock, jobs, statistics
from portal.core.db import session, transaction


def known(table: str) -> int | None:
    """The rows the planner believes in; None when it has never been told."""
    with transaction(write=False):
        there = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"
        if not session.scalar(text(there)):
            return None
        told = session.scalar(text("SELECT stat FROM sqlite_stat1 WHERE tbl = :one"), {"one": table})
        return int(told.split()[0]) if told else None


def test_the_worker_counts_once_a_day(app: Flask) -> None:
    assert known("job") is None
    now = clock.now()
    while jobs.run_due():
        pass
    first = known("job")
    assert first is not None
    with transaction():
        for number in range(50):
            jobs.enqueue("core.nothing", {}, unique_key=str(number), run_at=now + timedelta(days=9))
    while jobs.run_due():
        pass
    assert known("job") == first
    with time_machine.travel(now + timedelta(days=1), tick=False):
        while jobs.run_due():
            pass
    assert (known("job") or 0) >= first + 50


def test_both_databases_take_it(both: Flask) -> None:
    with transaction():
        statistics.renew()
