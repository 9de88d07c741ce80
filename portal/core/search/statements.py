"""The SQL of finding: ids of documents in three places, newest first, no more of them than are asked for.

Place 0: all words in the title. 1: inside words of the title. 2: somewhere in the text. A later place is only
looked at while the earlier ones are not enough; the database itself decides that, so that one question does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.core.db import session
from portal.core.search.asking import SHORTEST_PART, Question
from portal.core.search.order import stretch_beside

# PostgreSQL: up to so many matches are fetched through their index and sorted. Where there are more, one in
# twenty documents of a large town has them: walking from the newest one meets ten pages of them sooner.
MOST_SORTED = 5_000
# IS TRUE keeps that walk on the primary key. pg_backend_pid() keeps it from starting parallel workers, which
# costs more than all the rest, also where the walk then has nothing to do.

# FTS5 would prepare its whole answer before it looked at a condition beside it; the empty phrase finds
# nothing at once.
_SQLITE_PLACE = """
    p{place}_{n} AS MATERIALIZED (
        SELECT rowid AS id FROM {table}{stretch}
        WHERE {table}{stretch} MATCH CASE WHEN {when} THEN :{words} ELSE '""' END {also}
        AND rowid BETWEEN :low{n} AND :high{n} ORDER BY rowid DESC LIMIT :most{n})
"""
_POSTGRES_PLACE = """
    few{place}_{n} AS MATERIALIZED (
        SELECT id FROM search_doc WHERE {holds} AND id BETWEEN :low{n} AND :high{n} AND {when}
        LIMIT {sorted} + 1),
    p{place}_{n} AS MATERIALIZED (
        (SELECT id FROM few{place}_{n} WHERE (SELECT COUNT(*) FROM few{place}_{n}) <= {sorted}
            ORDER BY id DESC LIMIT :most{n})
        UNION ALL
        (SELECT id FROM search_doc WHERE ({holds}) IS TRUE AND id BETWEEN :low{n} AND :high{n} AND {when}
            AND pg_backend_pid() > 0 AND (SELECT COUNT(*) FROM few{place}_{n}) > {sorted}
            ORDER BY id DESC LIMIT :most{n}))
"""
# Beside the many there are few enough to sort them all; they have indexes of their own (see ddl.py), which
# the planner only takes for a number it can read.
_POSTGRES_WHOLE = """
    p{place}_{n} AS MATERIALIZED (
        SELECT id FROM search_doc WHERE {holds} AND id >= {beside} AND id BETWEEN :low{n} AND :high{n}
        AND {when} LIMIT :most{n})
"""


def is_postgres() -> bool:
    """Whether the database in use is PostgreSQL."""
    return bool(session.get_bind().dialect.name == "postgresql")


def in_places(question: Question, whole: Sequence[bool]) -> tuple[str, dict[str, Any]]:
    """SQL that yields (place, id) for stretches of ids, and the values of its words.

    Stretch n wants the values `low<n>`, `high<n>`, and `most<n>`: how many documents of each place. Of a
    whole stretch everything is asked for anyway: titles are looked at only when the words are anywhere.
    """
    places = _postgres_places(question) if is_postgres() else _sqlite_places(question)
    fixed = {"sorted": MOST_SORTED, "beside": stretch_beside()[0]}
    parts, tables = [], []
    for n, is_whole in enumerate(whole):
        shape = _SQLITE_PLACE if not is_postgres() else _POSTGRES_WHOLE if is_whole else _POSTGRES_PLACE
        when, stretch = "1 = 1", "_beside" if is_whole else ""
        for place in sorted(places, reverse=is_whole):
            parts.append(
                shape.format(**places[place][0], **fixed, stretch=stretch, when=when, place=place, n=n)
            )
            tables.append(f"SELECT {place} AS place, id FROM p{place}_{n}")  # noqa: S608  fixed text
            if not is_whole:
                when += f" AND (SELECT COUNT(*) FROM p{place}_{n}) < :most{n}"  # noqa: S608  fixed text
            elif place == 1 or 1 not in places:
                when = f"EXISTS (SELECT 1 FROM p2_{n})"  # noqa: S608  fixed text
    values: dict[str, Any] = {}
    for _, given in places.values():
        values |= given
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(tables)}", values


def anywhere(question: Question) -> tuple[str, dict[str, Any]]:
    """SQL that yields the ids of all matching documents, in no order, and its values."""
    places = _postgres_places(question) if is_postgres() else _sqlite_places(question)
    selects: list[str] = []
    values: dict[str, Any] = {}
    for place, (filled, given) in places.items():
        if place == 0:
            continue  # what has all words in its title has them anywhere
        values |= given
        if is_postgres():
            selects.append(f"SELECT id FROM search_doc WHERE {filled['holds']}")  # noqa: S608  fixed text
        else:
            found = "SELECT rowid AS id FROM {table} WHERE {table} MATCH :{words} {also}"
            selects.append(found.format(**filled))
    return " UNION ALL ".join(selects), values


Places = dict[int, tuple[dict[str, str], dict[str, Any]]]


def _sqlite_places(question: Question) -> Places:
    found: Places = {
        0: (
            {"table": "search_word", "words": "in_title", "also": ""},
            {"in_title": f"{{title}} : ({question.fts5()})"},
        )
    }
    if question.can_be_part:
        # Words too short for trigrams are looked for in the titles that hold the others.
        patterns = _patterns(question)
        short = {name: value for name, value in patterns.items() if len(value) - 2 < SHORTEST_PART}
        also = "".join(f" AND title LIKE :{name} ESCAPE '\\'" for name in short)
        values = {"parts": question.fts5_parts(), **short}
        found[1] = ({"table": "search_tri", "words": "parts", "also": also}, values)
    found[2] = ({"table": "search_word", "words": "anywhere", "also": ""}, {"anywhere": question.fts5()})
    return found


def _postgres_places(question: Question) -> Places:
    anywhere, words = "tsv @@ CAST(:words AS tsquery)", {"words": question.tsquery()}
    in_title = "tsv_title @@ CAST(:words AS tsquery)"
    if not question.can_be_part:
        return {0: ({"holds": f"{in_title} AND {anywhere}"}, words), 2: ({"holds": anywhere}, words)}
    patterns = _patterns(question)
    inside = " AND ".join(f"title LIKE :{name} ESCAPE '\\'" for name in patterns)
    # A title with the words holds them as parts, too. The trigrams find these five times as fast as an index
    # of words finds beginnings of words.
    return {
        0: ({"holds": f"{in_title} AND {inside}"}, {**words, **patterns}),
        1: ({"holds": inside}, dict(patterns)),
        2: ({"holds": anywhere}, words),
    }


def _patterns(question: Question) -> dict[str, str]:
    return {f"part{n}": pattern for n, pattern in enumerate(question.patterns())}
