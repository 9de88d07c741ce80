"""The list: filters, orders, pages, always without what is not public."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.core import clock
from portal.core.db import db, session, transaction
from portal.proposals import queries
from portal.proposals.models import Proposal, Stage, Topic
from portal.proposals.queries import LISTED_TOO, ListFilter, Sort, find_proposals
from portal.proposals.queries.overview import _answers_statement
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_proposal
from tests.support.queries import counted_queries


def titles(**wanted: object) -> list[str]:
    return [row.title for row in find_proposals(ListFilter(**wanted)).rows]  # type: ignore[arg-type]


@pytest.fixture
def noise(both: Flask) -> None:
    """What must never be listed."""
    with transaction():
        now = clock.now()
        make_proposal(title="Entwurf", published=False, indexed=True)
        target = make_proposal(title="Verborgen", hidden_at=now)
        make_proposal(title="Zurückgezogen", withdrawn_at=now, withdrawn_reason="other")
        make_proposal(title="Abgelaufen", expired_at=now)
        make_proposal(title="Vereint", merged_into_id=target.id)


@pytest.mark.usefixtures("noise")
def test_orders() -> None:
    now, today = clock.now(), clock.today()
    with transaction():
        make_proposal(
            title="A",
            published_at=now - timedelta(days=3),
            support_count=5,
            last_activity_at=now,
            collecting_until_on=today,
        )
        make_proposal(
            title="B",
            published_at=now - timedelta(days=1),
            support_count=9,
            last_activity_at=now - timedelta(days=1),
            collecting_until_on=today + timedelta(days=2),
        )
        make_proposal(
            title="C",
            published_at=now - timedelta(days=2),
            support_count=1,
            last_activity_at=now - timedelta(days=2),
            collecting_until_on=today - timedelta(days=1),
        )
    assert titles() == ["B", "C", "A"]
    assert titles(sort=Sort.SUPPORTED) == ["B", "A", "C"]
    assert titles(sort=Sort.ACTIVE) == ["A", "B", "C"]
    assert titles(sort=Sort.ENDING) == ["A", "B"]


@pytest.mark.usefixtures("noise")
def test_filters() -> None:
    with transaction():
        north, south = make_district("Nord").id, make_district("Süd").id
        make_proposal(title="A", district_id=north, topic=Topic.PLAY, language="uk")
        make_proposal(title="B", district_id=south, topic=Topic.PLAY, stage=Stage.DONE)
        make_proposal(title="C", district_id=south, topic=Topic.GREEN)
    assert titles(district_ids=(north,)) == ["A"]
    assert sorted(titles(district_ids=(north, south))) == ["A", "B", "C"]
    assert sorted(titles(topics=(Topic.PLAY,))) == ["A", "B"]
    assert titles(stages=(Stage.DONE,)) == ["B"]
    assert titles(languages=("uk",)) == ["A"]
    assert titles(topics=(Topic.PLAY,), district_ids=(south,)) == ["B"]
    assert titles(topics=(Topic.HOUSING,)) == []


@pytest.mark.usefixtures("noise")
def test_words_and_filters_together() -> None:
    with transaction():
        for title, topic, supports in (
            ("Bank am Markt", Topic.PLAY, 1),
            ("Bank am See", Topic.GREEN, 2),
            ("Baum am Markt", Topic.GREEN, 3),
        ):
            make_proposal(title=title, what="Bitte.", topic=topic, support_count=supports, indexed=True)
    relevant = {"words": "bank", "sort": Sort.RELEVANCE}
    assert sorted(titles(**relevant)) == ["Bank am Markt", "Bank am See"]
    assert titles(**relevant, topics=(Topic.GREEN,)) == ["Bank am See"]
    assert titles(words="bank", sort=Sort.SUPPORTED) == ["Bank am See", "Bank am Markt"]
    assert titles(words="gibtesnicht", sort=Sort.RELEVANCE) == []


@pytest.mark.usefixtures("noise")
def test_shuffled_shows_each_once_and_the_same_seed_the_same() -> None:
    with transaction():
        for number in range(45):
            make_proposal(title=f"P{number:02}")
    pages = [titles(sort=Sort.RANDOM, seed=7, page=page) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert sorted(chain.from_iterable(pages)) == [f"P{number:02}" for number in range(45)]
    assert titles(sort=Sort.RANDOM, seed=7) == pages[0]
    firsts = {titles(sort=Sort.RANDOM, seed=seed)[0] for seed in range(1, 60)}
    assert len(firsts) > 20


@pytest.mark.usefixtures("noise")
def test_pages_are_counted_exactly_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        for number in range(25):
            make_proposal(title=f"P{number}")
    found = find_proposals(ListFilter(page=2))
    assert (len(found.rows), found.total, found.is_more) == (5, 25, False)
    assert find_proposals(ListFilter(page=99)).rows == []
    monkeypatch.setattr(queries.listing, "COUNT_AHEAD", 10)
    found = find_proposals(ListFilter())
    assert (found.total, found.is_more) == (10, True)


@pytest.mark.parametrize("sort", list(Sort))
def test_the_same_number_of_queries_for_any_number_of_rows(both: Flask, sort: Sort) -> None:
    counts = []
    for rows in (1, 2, 27):
        with transaction():
            for _ in range(rows):
                make_proposal(indexed=True, collecting_until_on=clock.today())
        session.rollback()
        for wanted in (ListFilter(sort=sort), ListFilter(words="bank", sort=sort)):
            with counted_queries() as sent:
                assert find_proposals(wanted).rows
            counts.append(len(sent))
    assert counts == counts[:2] * 3
    assert max(counts) <= 3


def test_orders_come_out_of_an_index(app: Flask) -> None:
    """At 100,000 rows sorting all of them would cost more than the whole page."""
    with transaction():
        make_proposal()
    for sort in (Sort.NEWEST, Sort.SUPPORTED, Sort.ACTIVE, Sort.ENDING, Sort.RANDOM):
        with counted_queries() as sent:
            find_proposals(ListFilter(sort=sort))
        plan = "\n".join(
            str(row)
            for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0]}", _zeros(sent[0]))
        )
        assert "USING INDEX ix_proposal_" in plan
        outer = plan.partition("COMPOUND")[0] if sort is Sort.RANDOM else plan
        assert sort is Sort.RANDOM or "TEMP B-TREE FOR ORDER BY" not in outer


def _zeros(statement: str) -> tuple[int, ...]:
    return (1,) * statement.count("?")


def test_known_rows_are_found_by_their_ids_and_not_among_all_listed_ones(app: Flask) -> None:
    """SQLite keeps no statistics here: what it may take as an index, it takes."""
    few = select(Proposal.id).where(LISTED_TOO, Proposal.id.in_([1, 2]))
    answers = _answers_statement(3)
    for query in (few, answers):
        sql = query.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
        assert [line for line in plan if "SEARCH proposal USING INTEGER PRIMARY KEY" in line], plan
