"""What is prepared is what would have been made, and nothing that stands already is lost by it."""

from __future__ import annotations

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

NAMED = "Vorbereitet"


def rows(model: type) -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(model)) or 0


def is_kept(name: str) -> bool:
    return any(("name", name) in one for one in prepared._kept)


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


def test_nothing_is_kept_from_another_database(app_pg: Flask) -> None:
    make_group(3, name="Anderswo")
    assert not is_kept("Anderswo")


def test_nothing_is_kept_from_another_time(app: Flask) -> None:
    with time_machine.travel("2026-10-06 10:00:00+00:00", tick=False):
        make_group(3, name="Damals")
    assert not is_kept("Damals")
