"""Candidates for similarity: titles that share parts with a text, counted the same way on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, text

from portal.core.db import session
from portal.core.search.asking import escaped


class Candidate(NamedTuple):
    """A document that shares parts of words."""

    kind: str
    object_id: int
    title: str
    overlap: int


_SQL = """
    SELECT d.kind, d.object_id, d.title, {count} AS overlap FROM search_doc d
    WHERE d.kind IN :kinds AND {holds} {exclude}
    ORDER BY overlap DESC, d.object_id DESC, d.language LIMIT :limit
"""


def candidates(
    groups: Sequence[Sequence[str]], kinds: Sequence[str], limit: int, exclude: Sequence[int] = ()
) -> list[Candidate]:
    """Documents whose title holds at least one part of every group, those with most parts first.

    A part has three letters or more. Counting with LIKE instead of the databases' own trigram scores makes
    both give the same rows.
    """
    values: dict[str, Any] = {"kinds": list(kinds), "limit": limit}
    likes: list[list[str]] = []
    for g, group in enumerate(groups):
        values |= {f"part{g}_{n}": f"%{escaped(part)}%" for n, part in enumerate(group)}
        likes.append([f"d.title LIKE :part{g}_{n} ESCAPE '\\'" for n in range(len(group))])
    if session.get_bind().dialect.name == "postgresql":
        holds = " AND ".join(f"({' OR '.join(group)})" for group in likes)
        count = " + ".join(f"CAST({like} AS integer)" for group in likes for like in group)
    else:
        holds = "d.id IN (SELECT rowid FROM search_tri WHERE search_tri MATCH :parts)"
        count = " + ".join(f"({like})" for group in likes for like in group)
        values["parts"] = " AND ".join(f"({_any(group)})" for group in groups)
    sql = _SQL.format(count=count, holds=holds, exclude="AND d.object_id NOT IN :exclude" if exclude else "")
    statement = text(sql).bindparams(bindparam("kinds", expanding=True, type_=String()))
    if exclude:
        statement = statement.bindparams(bindparam("exclude", expanding=True))
        values["exclude"] = list(exclude)
    return [Candidate(*row) for row in session.execute(statement, values)]


def _any(parts: Sequence[str]) -> str:
    return " OR ".join(f'"{part}"' for part in parts)
