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
    WHERE d.kind IN :kinds AND {any_part} {exclude}
    ORDER BY overlap DESC, d.object_id DESC, d.language LIMIT :limit
"""


def candidates(
    parts: Sequence[str], kinds: Sequence[str], limit: int, exclude: Sequence[int] = ()
) -> list[Candidate]:
    """Documents whose title holds at least one part (of three letters or more), most parts first.

    Counting with LIKE instead of the databases' own trigram scores makes both give the same rows.
    """
    names = {f"part{n}": f"%{escaped(part)}%" for n, part in enumerate(parts)}
    likes = [f"d.title LIKE :{name} ESCAPE '\\'" for name in names]
    values: dict[str, Any] = {**names, "kinds": list(kinds), "limit": limit}
    if session.get_bind().dialect.name == "postgresql":
        any_part = "(" + " OR ".join(likes) + ")"
        count = " + ".join(f"CAST({like} AS integer)" for like in likes)
    else:
        any_part = "d.id IN (SELECT rowid FROM search_tri WHERE search_tri MATCH :parts)"
        count = " + ".join(f"({like})" for like in likes)
        values["parts"] = " OR ".join(f'"{part}"' for part in parts)
    sql = _SQL.format(
        count=count, any_part=any_part, exclude="AND d.object_id NOT IN :exclude" if exclude else ""
    )
    statement = text(sql).bindparams(bindparam("kinds", expanding=True, type_=String()))
    if exclude:
        statement = statement.bindparams(bindparam("exclude", expanding=True))
        values["exclude"] = list(exclude)
    return [Candidate(*row) for row in session.execute(statement, values)]
