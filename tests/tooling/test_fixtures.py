"""The fixtures give each test an empty database of its own, on both databases."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import Base, db, session, transaction
from tests import conftest
from tests.support.pages import CheckedClient


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_begins_with_empty_tables(both: Flask, turn: int) -> None:
    assert set(inspect(db.engine).get_table_names()) >= set(Base.metadata.tables)
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    with transaction():
        session.add(
            AuditEntry(
                at=clock.now(),
                name="test.left_behind",
                actor_kind="system",
                subject_kind="test",
                subject_id=turn,
                visibility="staff",
                data={},
            )
        )
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


@pytest.mark.parametrize(
    ("said", "by_day"),
    [([], 2), (["logic"], 1), (["on_both", "logic"], 2), (["parametrize", "logic"], 1), (["browser"], 2)],
)
def test_logic_is_asked_of_one_database_by_day(
    said: list[str], by_day: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a test says of itself comes before what its file says; WHOLE=1 asks both of everything."""
    given: list[list[str]] = []
    marks = [SimpleNamespace(name=name) for name in said]
    asking: Any = SimpleNamespace(
        fixturenames=["both"],
        definition=SimpleNamespace(iter_markers=lambda: iter(marks)),
        parametrize=lambda name, values, ids, indirect: given.append(ids),
    )
    for whole, databases in ((False, by_day), (True, 2)):
        monkeypatch.setattr(conftest, "WHOLE", whole)
        conftest.pytest_generate_tests(asking)
        assert given.pop() == ["sqlite", "postgresql"][:databases]


def test_the_databases_are_the_ones_that_were_asked_for(app: Flask, app_pg: Flask) -> None:
    with app.app_context():
        assert db.engine.dialect.name == "sqlite"
    with app_pg.app_context():
        assert db.engine.dialect.name == "postgresql"


def test_the_client_checks_pages(app: Flask) -> None:
    assert isinstance(app.test_client(), CheckedClient)


@pytest.mark.parametrize("turn", [1, 2])
def test_an_address_of_one_test_is_not_there_for_another(app: Flask, turn: int) -> None:
    """Tests share parsed addresses, but not those that one of them adds."""
    before = {rule.rule for rule in app.url_map.iter_rules()}
    assert "/only-here" not in before
    app.add_url_rule("/only-here", "only_here", lambda: "here")
    assert app.url_map.bind("localhost").match("/only-here") == ("only_here", {})
    assert {rule.rule for rule in app.url_map.iter_rules()} == before | {"/only-here"}
