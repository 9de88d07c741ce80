"""Reading a conversation: pages, order, and the same number of queries whatever its length."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import db, session, transaction
from portal.core.text import render_markdown
from portal.discussions import operations, queries
from portal.discussions.models import Comment
from tests.support.factories import actor_of, make_resident
from tests.support.leaflets import Leaflet, Wall
from tests.support.queries import counted_queries


def fill(leaflet: Leaflet, tops: int, answers: int = 0, authors: tuple[Actor, ...] = ()) -> list[int]:
    """Comments written straight into the table; returns the ids of the first level, in order."""
    with transaction():
        made = [row(leaflet, f"Beitrag {n}", authors, n) for n in range(tops)]
        session.add_all(made)
        session.flush()
        for top in made:
            session.add_all(
                row(leaflet, f"Antwort {n}", authors, n, parent_id=top.id) for n in range(answers)
            )
        return [one.id for one in made]


def row(leaflet: Leaflet, body: str, authors: tuple[Actor, ...], n: int, **more: object) -> Comment:
    """One comment, not yet stored."""
    return Comment(
        thread_id=leaflet.thread_id,
        body_md=body,
        body_html=render_markdown(body),
        language="de",
        direction="ltr",
        author_id=authors[n % len(authors)].account_id if authors else None,
        **more,
    )


def test_a_page_takes_the_same_queries_for_1_3_and_30_comments(wall: Wall) -> None:
    people = tuple(actor_of(make_resident()) for _ in range(3))
    numbers = []
    for size in (1, 3, 30):
        leaflet = wall.pin()
        fill(leaflet, size, answers=min(size, 5), authors=people)
        with transaction(write=False), counted_queries() as sent:
            view = queries.thread_view(leaflet.thread_id, people[0])
            assert len(view.comments) == size
            assert {one.author.name for one in view.comments if one.author} <= {
                p.display_name for p in people
            }
        numbers.append(len(sent))
    assert numbers == [4, 4, 4]


def test_pages_of_fifty_in_both_orders(wall: Wall) -> None:
    leaflet = wall.pin()
    fill(leaflet, 120)
    fill(wall.pin(), 7)
    with transaction(write=False):
        first, third = (queries.thread_view(leaflet.thread_id, VISITOR, page=n) for n in (1, 3))
        newest = queries.thread_view(leaflet.thread_id, VISITOR, sort="newest")
        beyond = queries.thread_view(leaflet.thread_id, VISITOR, page=99, sort="'; DROP TABLE comment")
    texts = [one.html for one in first.comments]
    assert texts == [f"<p>Beitrag {n}</p>\n" for n in range(50)]
    assert [one.html for one in third.comments] == [f"<p>Beitrag {n}</p>\n" for n in range(100, 120)]
    assert [one.html for one in newest.comments] == [f"<p>Beitrag {n}</p>\n" for n in range(119, 69, -1)]
    assert (beyond.page, beyond.sort, first.pages, first.total, first.shown_count) == (
        3,
        "oldest",
        3,
        120,
        120,
    )


def test_many_answers_stand_on_the_comments_own_page(wall: Wall) -> None:
    leaflet = wall.pin()
    top, _ = fill(leaflet, 2, answers=23)
    with transaction(write=False):
        seen = queries.thread_view(leaflet.thread_id, VISITOR).comments[0]
        comment = session.get_one(Comment, top)
        whole = queries.comment_view(comment, VISITOR)
    assert (len(seen.replies), seen.reply_count, seen.more_replies) == (20, 23, 3)
    assert [one.html for one in seen.replies] == [f"<p>Antwort {n}</p>\n" for n in range(20)]
    assert (len(whole.replies), whole.more_replies) == (23, 0)


def test_a_deleted_comment_without_answers_leaves_no_place(wall: Wall) -> None:
    leaflet, author = wall.pin(), actor_of(make_resident(created_at=clock.now() - timedelta(days=30)))
    ids = fill(leaflet, 3, authors=(author,))
    with transaction():
        answer = row(leaflet, "Antwort", (author,), 0, parent_id=ids[1])
        session.add(answer)
        session.flush()
        for gone in ids[:2]:
            operations.delete_comment(session.get_one(Comment, gone), actor=author)
    with transaction(write=False):
        view = queries.thread_view(leaflet.thread_id, VISITOR)
        assert [one.state for one in view.comments] == ["deleted", "shown"]
        assert (view.total, view.shown_count) == (2, 2)
    with transaction():
        operations.delete_comment(session.get_one(Comment, answer.id), actor=author)
    with transaction(write=False):
        assert [one.state for one in queries.thread_view(leaflet.thread_id, VISITOR).comments] == ["shown"]


def test_page_of_finds_the_page_a_comment_stands_on(wall: Wall) -> None:
    leaflet = wall.pin()
    ids = fill(leaflet, 101)
    with transaction():
        answer = row(leaflet, "Antwort", (), 0, parent_id=ids[50])
        session.add(answer)
        session.flush()
        found = [
            queries.page_of(session.get_one(Comment, one)) for one in (ids[0], ids[49], ids[50], ids[100])
        ]
        assert (*found, queries.page_of(answer)) == (1, 1, 2, 3, 2)


def test_word_diff_of_long_texts_is_fast_and_right() -> None:
    before = "eins zwei drei " * 300
    after = before.replace("zwei", "zwo", 1)
    started = clock.now()
    parts = queries.word_diff(before, after)
    assert (clock.now() - started).total_seconds() < 0.3
    assert "".join(text for kind, text in parts if kind != "added") == before
    assert "".join(text for kind, text in parts if kind != "removed") == after


def test_hidden_texts_never_reach_the_view(wall: Wall) -> None:
    leaflet = wall.pin()
    (top,) = fill(leaflet, 1)
    with transaction():
        comment = session.get_one(Comment, top)
        comment.body_html = comment.body_md = "kanarienvogel-7f3a"
        answer = row(leaflet, "kanarienvogel-7f3a", (), 0, parent_id=top)
        session.add(answer)
        session.flush()
        operations.hide_comment(comment)
        operations.hide_comment(answer)
    with transaction(write=False):
        assert "kanarienvogel" not in repr(queries.thread_view(leaflet.thread_id, VISITOR))
        assert "kanarienvogel" not in repr(queries.comment_view(session.get_one(Comment, top), VISITOR))


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_page_of_a_long_conversation_does_not_collect_all_of_it(app: Flask, newest_first: bool) -> None:
    """SQLite follows the index and stops after the page; counting over the rows took four times as long."""
    statement = queries._tops_statement(newest_first)
    compiled = statement.compile(db.engine, compile_kwargs={"render_postcompile": True})
    with db.engine.connect() as connection:
        values = tuple(
            {**compiled.params, "thread_id": 1, "first": 0}[one] for one in compiled.positiontup or ()
        )
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values).all()
    steps = [str(row[3]) for row in plan]
    assert any("ix_comment_in_thread" in one for one in steps)
    assert not [one for one in steps if "TEMP B-TREE" in one or "CO-ROUTINE" in one]
