"""What is prepared is what would have been made, and nothing that stands already is lost by it."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.db import db, session, transaction
from portal.core.settings import current_settings
from portal.groups.models import Group
from tests.support import prepared
from tests.support.factories import make_resident
from tests.support.factories_groups import make_group, member_of
from tests.support.services import EMPTY, Postgres

NAMED = "Vorbereitet"


def rows(model: type) -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(model)) or 0


def is_kept(name: str, *more: object) -> bool:
    """Whether a group of this name is kept (from this database, from this instant)."""
    return any(
        ("name", name) in one and list(more) == rest[: len(more)] for one, *rest in map(tuple, prepared._kept)
    )


def test_a_second_test_gets_what_the_first_has_made(app: Flask) -> None:
    """In one test: what is put in place is read, asked and added to like anything else."""
    database = current_settings().instance / "portal.db"
    empty = database.read_bytes()
    first = make_group(3, name=NAMED)
    assert is_kept(NAMED)
    session.remove()
    db.engine.dispose()
    database.write_bytes(empty)
    assert make_group(3, name=NAMED) == first
    group_id, people = first
    with transaction(write=False):
        assert session.get_one(Group, group_id).name == NAMED
        assert member_of(group_id, people[2]).alias.endswith("2")
    make_resident()
    assert rows(Account) == 4
    # Now something stands here: the next group is made beside it.
    other, _ = make_group(3, name=NAMED)
    assert other != group_id
    assert (rows(Group), rows(Account)) == (2, 7)


def test_whoever_is_there_already_stays(app: Flask) -> None:
    make_resident()
    make_group(3, name="Dazu")
    assert not is_kept("Dazu")
    assert rows(Account) == 4


def test_postgresql_gets_its_rows_and_numbers_back(app_pg: Flask, postgres: Postgres) -> None:
    """In one test: emptied as after a test, filled again, read, asked and added to like anything else."""
    name, instance = str(db.engine.url.database), current_settings().instance
    first = make_group(3, name=NAMED)
    assert is_kept(NAMED, "postgresql")
    session.remove()
    db.engine.dispose()
    postgres._keepers[name].execute(EMPTY)
    assert rows(Group) == 0
    prepared._begun[instance] = prepared.Lent(postgres, name)
    assert make_group(3, name=NAMED) == first
    group_id, people = first
    with transaction(write=False):
        assert session.get_one(Group, group_id).name == NAMED
        assert member_of(group_id, people[2]).alias.endswith("2")
    make_resident()
    assert rows(Account) == 4
    # Now something stands here: the next group is made beside it, its number is the next one.
    other, _ = make_group(3, name=NAMED)
    assert other == group_id + 1
    assert (rows(Group), rows(Account)) == (2, 7)


def test_on_postgresql_too_whoever_is_there_already_stays(app_pg: Flask) -> None:
    make_resident()
    make_group(3, name="Anderswo")
    assert not is_kept("Anderswo")
    assert rows(Account) == 4


def test_databases_do_not_get_what_the_other_has_made(app: Flask) -> None:
    make_group(3, name="Nur hier")
    assert is_kept("Nur hier", "sqlite")
    assert not is_kept("Nur hier", "postgresql")


def test_nothing_is_kept_from_another_time(app: Flask) -> None:
    with time_machine.travel("2026-10-06 10:00:00+00:00", tick=False) as traveller:
        make_group(3, name="Damals")
        then = prepared._instant()
        assert is_kept("Damals", "sqlite", then)
        traveller.shift(1)
        assert prepared._instant() not in {then, 0, None}
    assert not is_kept("Damals", "sqlite", 0)


def test_nothing_is_kept_while_the_clock_of_a_traveller_goes_on(app: Flask) -> None:
    with time_machine.travel("2026-10-06 10:00:00+00:00"):
        make_group(3, name="Unterwegs")
    assert not is_kept("Unterwegs")


def test_the_oldest_goes_first(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for again is not old."""
    monkeypatch.setattr(prepared, "_kept", {})
    monkeypatch.setattr(prepared, "MOST_KEPT", 2)
    monkeypatch.setattr(prepared.File, "is_untouched", lambda begun: True)
    for name in "abacd":
        assert prepared.prepared(name, lambda said=name: said) == name  # type: ignore[misc]
    assert [name for name, *_ in prepared._kept] == ["c", "d"]
    assert prepared.prepared("c", lambda: "made anew") == "c"
    prepared.prepared("e", lambda: "e")
    assert [name for name, *_ in prepared._kept] == ["c", "e"]
