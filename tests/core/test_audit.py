"""Audit rows: declared, append-only in the database itself, deletable only after a year."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from portal.core import audit
from portal.core.actors import SYSTEM
from portal.core.audit import AuditEntry
from portal.core.db import session, transaction

audit.schema("test.moved", fields=("source", "target"), visibility="public")
audit.schema("test.looked", visibility="staff")


def write() -> None:
    with transaction():
        audit.record("test.moved", actor=SYSTEM, subject=("test", 7), source="a", target="b")


def test_a_row_keeps_its_fields_and_its_order(both: Flask) -> None:
    write()
    with transaction():
        audit.record("test.looked", actor=SYSTEM, subject=("test", 7))
        audit.record("test.moved", actor=SYSTEM, subject=("test", 8), source="x", target="y")
    with transaction(write=False):
        (row,) = audit.entries_for("test", 7)
        assert row.data == {"source": "a", "target": "b"}
        assert len(audit.entries_for("test", 7, visibilities=("public", "staff"))) == 2


def test_undeclared_names_and_fields_are_refused(app: Flask) -> None:
    with pytest.raises(KeyError):
        audit.record("test.never_declared", actor=SYSTEM, subject=("test", 1))
    with pytest.raises(ValueError, match="fields"):
        audit.record("test.moved", actor=SYSTEM, subject=("test", 1), source="a")


@pytest.mark.parametrize("statement", [update(AuditEntry).values(name="x"), delete(AuditEntry)])
def test_the_database_refuses_to_change_history(both: Flask, statement) -> None:
    write()
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        session.execute(statement)
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_rows_older_than_a_year_may_go(both: Flask) -> None:
    with time_machine.travel("2024-01-01 10:00Z", tick=False):
        write()
    write()
    with transaction():
        old = audit.clock.now() - timedelta(days=400)
        session.execute(delete(AuditEntry).where(AuditEntry.at < old))
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1
