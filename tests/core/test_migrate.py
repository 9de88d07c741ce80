"""Migrations: forward and back with data, the shape of the models, children that survive a rebuild."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.core import clock, jobs, migrate, search
from portal.core.db import Base, db, session, transaction
from portal.core.migrate import BrokenReferences
from portal.core.worker import Worker
from portal.groups.models import (
    DecisionOption,
    Electorate,
    GroupDecision,
    MeetingDate,
    Method,
    Privacy,
    Reasons,
    Repeats,
    Target,
)
from portal.groups.operations.deciding import drafting
from portal.groups.operations.deciding.drafting import Wish
from portal.groups.operations.meetings import planning
from portal.groups.operations.meetings.planning import Plan
from portal.proposals.models import Proposal
from tests.conftest import make_settings, running_app
from tests.support.factories import make_resident
from tests.support.factories_groups import get_group, make_group
from tests.support.factories_proposals import make_proposal, make_support


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The portal on a database without a single table."""
    url = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    with running_app(make_settings(tmp_path / "instance", **url)) as portal:
        yield portal


def test_models_and_migrations_agree(empty: Flask) -> None:
    migrate.upgrade()
    assert migrate.current() == migrate.head()
    assert migrate.differences() == []


def test_where_nothing_is_to_do_alembic_is_not_asked(empty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each start asks for an upgrade, and Alembic costs 0.2 s and 8 MB."""
    migrate.upgrade()
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "alembic_command", None)
        migrate.upgrade()
    migrate.downgrade("-1")
    migrate.upgrade()
    assert migrate.current() == migrate.head()


def test_back_to_nothing_and_forward_again_with_data(empty: Flask) -> None:
    migrate.upgrade()
    make_resident(display_name="Amira Sonne")
    with empty.app_context(), transaction(write=False) as session:
        assert session.execute(text("SELECT count(*) FROM account")).scalar() == 1
    migrate.upgrade()
    with transaction(write=False) as session:
        assert session.execute(text("SELECT count(*) FROM account")).scalar() == 1
    migrate.downgrade("base")
    assert migrate.current() is None or migrate.current() == ""
    migrate.upgrade()
    assert migrate.differences() == []


def test_a_town_with_documents_gets_its_index_made_anew(empty: Flask) -> None:
    migrate.upgrade()
    asked = text("SELECT kind FROM job WHERE unique_key LIKE 'admin.rebuild_search:%'")
    with transaction():
        assert session.scalars(asked).all() == []
        search.put("proposal", 1, "de", "Bank", "")
        search.put("organization", 1, "de", "Verein", "")
    migrate.downgrade("fcd31ca77fdf")
    with transaction(write=False):
        assert [hit.kind for hit in search.find("verein", ("organization",))] == []
        assert [hit.kind for hit in search.find("bank", ("proposal",))] == ["proposal"]
    with transaction():
        search.put("proposal", 2, "de", "Bank", "", datetime(2026, 1, 1, tzinfo=UTC))
        search.put("proposal", 2, "tr", "Bank", "", datetime(2026, 1, 1, tzinfo=UTC))
        search.put("proposal", 3, "de", "Bank", "", datetime(2025, 1, 1, tzinfo=UTC))
        session.execute(
            text("UPDATE search_doc SET id = object_id * 2 + CASE language WHEN 'tr' THEN 1 ELSE 0 END")
        )
    migrate.upgrade()
    with transaction(write=False):
        assert [hit.id for hit in search.find("bank", ("proposal",))] == [2, 3, 1]
    with transaction(write=False):
        assert session.scalars(asked).all() == ["admin.rebuild_search"]


def test_days_of_a_discreet_group_are_sealed_on_the_way_up(empty: Flask) -> None:
    migrate.upgrade()
    day = clock.today() + timedelta(days=40)
    for privacy in (Privacy.CLOSED, Privacy.DISCREET):
        group_id, people = make_group(3, privacy=privacy)
        with transaction():
            plan = Plan(day, "18:30", repeats=Repeats.WEEKLY)
            planning.plan_meeting(get_group(group_id), plan, actor=people[0])
    readable = text('SELECT count(*) FROM group_meeting_date WHERE "on" = :day AND original_on = :day')

    def rows() -> tuple[list[date], int]:
        with transaction(write=False):
            days = sorted(row.on for row in session.scalars(select(MeetingDate)))
            return days, session.execute(readable.bindparams(day=day)).scalar_one()

    before = rows()
    assert before[1] == 1
    migrate.downgrade("4d2a7f90c6e1")
    with transaction(write=False):
        assert session.execute(readable.bindparams(day=day)).scalar_one() == 2
    migrate.upgrade()
    assert rows() == before


def test_slots_and_rules_of_decisions_there_and_back(empty: Flask) -> None:
    """Slots of polls are sealed on the way up; on the way back the words the old rules know stand there."""
    migrate.upgrade()
    group_id, people = make_group(3)
    slots = ("2027-01-12T18:00", "2027-01-13T19:30")
    with transaction():
        wish = Wish("Wann?", Method.DATE, local_starts=slots, electorate=Electorate.NAMED_LIST)
        drafting.draft_decision(get_group(group_id), wish, actor=people[0])
        starters = Wish("Wer beginnt?", Method.CONSENT, target=Target.STARTERS, reasons=Reasons.FOR_OBJECTION)
        drafting.draft_decision(get_group(group_id), starters, actor=people[0])
        end = Wish("Ist Schluss?", Method.CONSENT, target=Target.END)
        drafting.draft_decision(get_group(group_id), end, actor=people[0])
    query = text("SELECT electorate, target FROM group_decision ORDER BY id")
    migrate.downgrade("2d8f41c6be07")
    with transaction(write=False):
        assert {tuple(row) for row in session.execute(query)} == {("at_opening", "free")}
        readable = text("SELECT local_start FROM group_decision_option WHERE local_start <> '' ORDER BY id")
        assert tuple(session.scalars(readable)) == slots
    migrate.upgrade()
    with transaction(write=False):
        sealed = select(DecisionOption.local_start).order_by(DecisionOption.id).limit(2)
        assert tuple(session.scalars(sealed)) == slots
        assert set(session.scalars(select(GroupDecision.reasons))) == {Reasons.OPTIONAL}
    with pytest.raises(IntegrityError), transaction():
        session.execute(update(GroupDecision).values(electorate="named_list", target="role"))


def objects_of(connection: Connection) -> dict[str, str]:
    """Triggers, functions and indexes with their words, spaces folded; whose numbers come once."""
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
            " UNION SELECT name || '.id', 'given once' FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
        )
    else:
        query = (
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            " UNION SELECT proname || '()', prosrc FROM pg_proc WHERE proname LIKE '%guard'"
            " UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
    rows = connection.execute(text(query)).all()
    return {name: re.sub(r"\s+", " ", sql).replace('"', "") for name, sql in rows if "alembic" not in name}


def test_guards_and_indexes_are_those_of_the_models(empty: Flask) -> None:
    """What autogenerate does not see: append-only triggers, the search index."""
    migrate.upgrade()
    with db.engine.connect() as connection:
        migrated = objects_of(connection)
    migrate.downgrade("base")
    Base.metadata.create_all(db.engine)
    with db.engine.connect() as connection:
        modelled = objects_of(connection)
    assert migrated == modelled
    assert any("guard" in name or "no_update" in name for name in migrated)


def test_tables_with_rows_keep_them_when_numbers_are_given_once(empty: Flask) -> None:
    """The rebuild on SQLite takes everything along: rows, children, what is computed."""
    migrate.upgrade("3c8a6e1f70b2")
    author, friend = make_resident(), make_resident()
    with transaction():
        kept, last = (make_proposal(author=author, title=title) for title in ("Bank", "Baum"))
        make_support(kept, friend)
        last_id = last.id
        visible = text("SELECT id, title, listed, support_count FROM proposal ORDER BY id")
        before = session.execute(visible).all()
    migrate.upgrade()
    with transaction():
        assert session.execute(visible).all() == before
        assert session.scalars(text("SELECT count(*) FROM proposal_support")).one() == 1
        session.delete(session.get_one(Proposal, last_id))
        session.flush()
        assert make_proposal(author=author, title="Beet").id > last_id


FIRST = """
    import sqlalchemy as sa
    from alembic import op
    revision = "first"
    down_revision = None
    def upgrade():
        op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
        op.create_table("child", sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE")))
        op.execute("INSERT INTO parent VALUES (1, 'a')")
        op.execute("INSERT INTO child VALUES (1, 1), (2, 1)")
    def downgrade():
        op.drop_table("child"); op.drop_table("parent")
"""
REBUILD = """
    import sqlalchemy as sa
    from alembic import op
    revision = "rebuild"
    down_revision = "first"
    def upgrade():
        with op.batch_alter_table("parent", recreate="always") as table:
            table.alter_column("name", nullable=True, new_column_name="title")
    def downgrade():
        with op.batch_alter_table("parent", recreate="always") as table:
            table.alter_column("title", new_column_name="name")
"""
ORPHANS = """
    from alembic import op
    revision = "orphans"
    down_revision = "first"
    def upgrade():
        op.execute("DELETE FROM parent")
    def downgrade():
        pass
"""


@contextmanager
def folder_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **revisions: str) -> Iterator[None]:
    """Migrations of a made-up project instead of ours."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    ours = migrate.data_root() / "migrations"
    (tmp_path / "migrations" / "env.py").write_text((ours / "env.py").read_text())
    for name, words in revisions.items():
        (versions / f"{name}.py").write_text(dedent(words))
    monkeypatch.setattr(migrate, "data_root", lambda: tmp_path)
    yield


def children() -> int:
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM child")).scalar() or 0


def test_rebuilding_a_table_keeps_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With foreign keys on, SQLite would empty the child table on the way, forward and back."""
    with running_app(make_settings(tmp_path / "instance")):  # noqa: SIM117
        with folder_with(tmp_path, monkeypatch, first=FIRST, rebuild=REBUILD):
            migrate.upgrade("head")
            assert children() == 2
            migrate.downgrade("first")
            assert children() == 2


def test_a_migration_that_leaves_orphans_is_rolled_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_app(make_settings(tmp_path / "instance")):  # noqa: SIM117
        with folder_with(tmp_path, monkeypatch, first=FIRST, orphans=ORPHANS):
            migrate.upgrade("first")
            with pytest.raises(BrokenReferences):
                migrate.upgrade("head")
            assert migrate.current() == "first"
            assert children() == 2


def test_a_worker_waits_until_the_database_is_upgraded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Jobs of a database that lacks a column fail; a worker often starts while another process upgrades."""
    with running_app(make_settings(tmp_path / "instance")) as portal:
        worker = Worker(portal)
        assert worker._must_wait()
        migrate.upgrade("a02606a3c5ff")  # the first one: there are jobs, but not all columns they need
        assert worker._must_wait()
        migrate.upgrade()
        assert not worker._must_wait()
    said = [record for record in caplog.records if "worker_waits" in record.getMessage()]
    assert len(said) == 1, "once is enough, it asks every second"


def test_a_number_is_given_to_one_row_only(empty: Flask) -> None:
    """Of tables that were made, rebuilt, and filled by migrations; and what stands in them stays."""
    migrate.upgrade()
    kept = make_resident()
    migrate.downgrade("4d2a7f90c6e1")
    migrate.upgrade()
    numbers = []
    for _ in range(2):
        with transaction():
            jobs.enqueue("test.nothing", {})
        with transaction():
            numbers.append(session.execute(text("SELECT max(id) FROM job")).scalar_one())
            session.execute(text("DELETE FROM job"))
    assert numbers[1] == numbers[0] + 1
    with transaction(write=False):
        assert session.get_one(Account, kept.id).public_id == kept.public_id
    if db.engine.dialect.name == "sqlite":
        with transaction(write=False):
            words = dict(
                session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
            )
            assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        counted = {one.name for one in Base.metadata.sorted_tables if one.autoincrement_column is not None}
        assert {name for name, sql in words.items() if "AUTOINCREMENT" in sql} == counted
