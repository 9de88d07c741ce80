"""The database recipe: transactions, instants, encrypted columns, and writers that wait their turn."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from portal.core import clock
from portal.core.db import Base, EncryptedText, UtcDateTime, db, session, transaction, upsert
from portal.core.jobs import Job
from portal.core.sqlite import WriterQueue, WriterQueueTimeout


def a_job(**values: object) -> Job:
    now = clock.now()
    return Job(**({"kind": "test", "payload": {}, "created_at": now, "run_at": now} | values))


def count_jobs() -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(Job)) or 0


def test_a_transaction_commits_or_leaves_nothing(both: Flask) -> None:
    with transaction():
        session.add(a_job())
    with pytest.raises(ZeroDivisionError), transaction():
        session.add(a_job())
        session.flush()
        raise ZeroDivisionError
    assert count_jobs() == 1


def test_the_number_of_a_deleted_row_is_never_given_again(both: Flask) -> None:
    """Audit, reports and notices name things by their number: the next thing must not inherit them."""
    numbers = []
    for _ in range(3):
        with transaction():
            job = a_job()
            session.add(job)
            session.flush()
            numbers.append(job.id)
            session.delete(job)
    assert len(set(numbers)) == 3


def test_every_table_with_numbers_gives_each_once(both: Flask) -> None:
    numbered = {
        table.name for table in Base.metadata.tables.values() if table.autoincrement_column is not None
    }
    with transaction(write=False):
        if db.engine.dialect.name == "sqlite":
            found = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        else:
            found = text(
                "SELECT table_name FROM information_schema.columns WHERE column_default LIKE 'nextval%'"
            )
        assert set(session.scalars(found)) == numbered


def test_a_reading_transaction_never_keeps_what_was_written(both: Flask) -> None:
    with transaction(write=False):
        session.add(a_job())
        session.flush()
    assert count_jobs() == 0


def test_an_instant_comes_back_aware_in_utc(both: Flask) -> None:
    berlin = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    with transaction():
        session.add(a_job(run_at=berlin))
    with transaction(write=False):
        found = session.scalars(select(Job)).one().run_at
    assert found == berlin
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="naive"), transaction():
        session.add(a_job(run_at=datetime(2026, 7, 1)))
        session.flush()
    assert UtcDateTime().process_bind_param(None, db.engine.dialect) is None


def test_encrypted_text_is_not_readable_in_the_database(app: Flask) -> None:
    column = EncryptedText("table.column")
    stored = column.process_bind_param("Geheimnis", db.engine.dialect)
    assert stored is not None
    assert "Geheimnis" not in stored
    assert column.process_result_value(stored, db.engine.dialect) == "Geheimnis"


def test_unique_and_on_conflict_hold_against_parallel_writers(both: Flask) -> None:
    """P1: check-then-insert lets duplicates in; the constraint does not."""
    refused = []

    def write(number: int) -> None:
        with both.app_context():
            for attempt in range(20):
                values = {"kind": "k", "payload": {}, "created_at": clock.now(), "run_at": clock.now()}
                statement = upsert(Job).values(unique_key=f"key-{attempt}", attempts=0, **values)
                try:
                    with transaction():
                        session.execute(statement.on_conflict_do_nothing(index_elements=["unique_key"]))
                except IntegrityError:
                    refused.append(number)
                finally:
                    session.remove()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert count_jobs() == 20


def test_read_then_write_never_finds_the_database_locked(app: Flask) -> None:
    """P15: a deferred BEGIN that reads and then writes fails at once when another writer was faster."""
    errors: list[Exception] = []

    def raise_attempts() -> None:
        with app.app_context():
            for _ in range(25):
                try:
                    with transaction():
                        job = session.scalars(select(Job)).one()
                        job.attempts += 1
                except Exception as error:
                    errors.append(error)
                finally:
                    session.remove()

    with transaction():
        session.add(a_job())
    threads = [threading.Thread(target=raise_attempts) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with transaction(write=False):
        assert session.scalars(select(Job.attempts)).one() == 150


def test_a_second_writer_gives_up_after_its_time_and_the_queue_goes_on(tmp_path) -> None:
    queue = WriterQueue(tmp_path / "w", timeout=0.05)
    queue.acquire()
    with pytest.raises(WriterQueueTimeout):
        queue.acquire()
    other_process = WriterQueue(tmp_path / "w", timeout=0.05)
    with pytest.raises(WriterQueueTimeout):
        other_process.acquire()
    queue.release()
    other_process.acquire()
    other_process.release()
    queue.acquire()
    queue.release()
    queue.close()
    other_process.close()


def test_sqlite_is_set_up_as_promised(app: Flask) -> None:
    with transaction(write=False):
        ask = lambda name: session.execute(text(f"PRAGMA {name}")).scalar()  # noqa: E731
        assert ask("journal_mode") == "wal"
        assert ask("foreign_keys") == 1
        assert ask("busy_timeout") == 20000
        assert ask("secure_delete") == 1
