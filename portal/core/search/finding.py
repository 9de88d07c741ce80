"""Asking: words first, then words inside titles, then similar words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import BigInteger, Select, String, TextClause, bindparam, column, false, select, text

from portal.core.db import session
from portal.core.search.asking import SHORTEST_PART, Question, trigrams
from portal.core.search.documents import SearchDoc
from portal.core.search.overlap import Candidate, candidates

SAME_WORD = 75  # rapidfuzz ratio from which a word counts as a misspelling of another
MOST_TYPO_TRIGRAMS = 8  # of each word
MOST_TYPO_CANDIDATES = 300


@dataclass(frozen=True)
class Hit:
    """One object that was found."""

    kind: str
    id: int


class Hits(list[Hit]):
    """One page of hits, best first. `total` counts all; `corrected` says they only resemble the question."""

    def __init__(self, hits: Sequence[Hit] = (), total: int = 0, corrected: bool = False) -> None:
        super().__init__(hits)
        self.total, self.corrected = total, corrected


# Place 0: all words in the title. 1: inside words of the title. 2: somewhere in the text.
_SQLITE_FOUND = """
    SELECT rowid AS id, 0 AS place FROM search_word WHERE search_word MATCH :in_title
    UNION ALL SELECT rowid, 2 FROM search_word WHERE search_word MATCH :anywhere
"""
_SQLITE_PARTS = """
    UNION ALL SELECT rowid, 1 FROM search_tri WHERE search_tri MATCH :parts {short}
"""
_POSTGRES_FOUND = """
    SELECT id, CASE WHEN tsv_title @@ CAST(:words AS tsquery) THEN 0 {parts_place} ELSE 2 END AS place
    FROM search_doc WHERE tsv @@ CAST(:words AS tsquery) {parts}
"""
_BEST = """
    WITH found AS ({found}), best AS (
        SELECT d.kind, d.object_id, MIN(found.place) AS place, MAX(d.weight_date) AS newest
        FROM found JOIN search_doc d ON d.id = found.id WHERE d.kind IN :kinds
        GROUP BY d.kind, d.object_id
    )
"""
_PAGE = f"""{_BEST}
    SELECT kind, object_id, (SELECT COUNT(*) FROM best) AS total FROM best
    ORDER BY place, newest DESC NULLS LAST, object_id DESC, kind LIMIT :limit OFFSET :offset
"""  # noqa: S608  fixed text
_EACH = f"""{_BEST}, numbered AS (
        SELECT kind, object_id, COUNT(*) OVER (PARTITION BY kind) AS total, ROW_NUMBER() OVER (
            PARTITION BY kind ORDER BY place, newest DESC NULLS LAST, object_id DESC) AS number
        FROM best
    )
    SELECT kind, object_id, total FROM numbered WHERE number <= :limit ORDER BY kind, number
"""  # noqa: S608  fixed text


def find(query: str, kinds: Sequence[str], limit: int = 20, offset: int = 0) -> Hits:
    """A page of what matches, all words of the question required, best and newest first.

    Words match as beginnings of words, in titles also inside words. Only when nothing does, titles with
    similar words are taken and `corrected` is set. At most two queries; nonsense finds nothing.
    """
    question = Question.of(query)
    if not question.words or not kinds:
        return Hits()
    rows = _page(question, kinds, limit, offset)
    if rows:
        return Hits([Hit(kind, object_id) for kind, object_id, _ in rows], rows[0].total)
    if offset and (total := _total(question, kinds)):
        return Hits([], total)  # a page behind the last
    near = _misspelt(question, kinds)
    page = near[offset : offset + limit]
    return Hits([Hit(one.kind, one.object_id) for one in page], len(near), corrected=bool(near))


def find_each(query: str, limits: Mapping[str, int]) -> dict[str, Hits]:
    """The first hits of each kind, at most so many of it, in one question for all kinds together.

    Only when nothing of any kind matches, similar words are taken, once for all of them: a second query.
    """
    found = {kind: Hits() for kind in limits}
    question = Question.of(query)
    if not question.words or not limits:
        return found
    for kind, object_id, total in _rows(question, list(limits), _EACH, limit=max(limits.values())):
        if len(found[kind]) < limits[kind]:
            found[kind].append(Hit(kind, object_id))
        found[kind].total = total
    if any(found.values()):
        return found
    for one in _misspelt(question, list(limits)):
        of_kind = found[one.kind]
        of_kind.total, of_kind.corrected = of_kind.total + 1, True
        if len(of_kind) < limits[one.kind]:
            of_kind.append(Hit(one.kind, one.object_id))
    return found


def matching_ids(query: str, kind: str) -> Select[int]:
    """The ids of all objects of one kind that `find` would find, to narrow down another query:
    `select(Proposal).where(Proposal.id.in_(matching_ids(q, "proposal")))`.

    Costs a query of its own (is there anything?). A question without words matches nothing.
    """
    question = Question.of(query)
    if not question.words:
        return select(SearchDoc.object_id).where(false())
    if not _page(question, [kind], 1, 0):
        near = [one.object_id for one in _misspelt(question, [kind])]
        return select(SearchDoc.object_id).where(SearchDoc.kind == kind, SearchDoc.object_id.in_(near))
    sql, values = _found(question)
    found = (
        text(sql).bindparams(**values).columns(column("id", BigInteger), column("place")).subquery("found")
    )
    return select(SearchDoc.object_id).where(SearchDoc.kind == kind, SearchDoc.id.in_(select(found.c.id)))


def _is_postgres() -> bool:
    return bool(session.get_bind().dialect.name == "postgresql")


def _found(question: Question) -> tuple[str, dict[str, Any]]:
    """SQL that yields (id, place) of matching documents, and its values."""
    patterns = {f"part{n}": pattern for n, pattern in enumerate(question.patterns())}
    inside = " AND ".join(f"title LIKE :{name} ESCAPE '\\'" for name in patterns)
    if _is_postgres():
        values: dict[str, Any] = {"words": question.tsquery()}
        if not question.can_be_part:
            return _POSTGRES_FOUND.format(parts_place="", parts=""), values
        sql = _POSTGRES_FOUND.format(parts_place=f"WHEN {inside} THEN 1", parts=f"OR ({inside})")
        return sql, values | patterns
    values = {"in_title": f"{{title}} : ({question.fts5()})", "anywhere": question.fts5()}
    if not question.can_be_part:
        return _SQLITE_FOUND, values
    # Words too short for trigrams are looked for in the titles that hold the others.
    short = {name: p for name, p in patterns.items() if len(p) - 2 < SHORTEST_PART}
    also = "".join(f" AND title LIKE :{name} ESCAPE '\\'" for name in short)
    return _SQLITE_FOUND + _SQLITE_PARTS.format(short=also), values | short | {"parts": question.fts5_parts()}


def _with_kinds(sql: str) -> TextClause:
    return text(sql).bindparams(bindparam("kinds", expanding=True, type_=String()))


def _page(question: Question, kinds: Sequence[str], limit: int, offset: int) -> Sequence[Any]:
    return _rows(question, kinds, _PAGE, limit=limit, offset=offset)


def _rows(question: Question, kinds: Sequence[str], shape: str, **bounds: int) -> Sequence[Any]:
    sql, values = _found(question)
    values |= {"kinds": list(kinds), **bounds}
    return session.execute(_with_kinds(shape.format(found=sql)), values).all()


def _total(question: Question, kinds: Sequence[str]) -> int:
    rows = _page(question, kinds, 1, 0)
    return int(rows[0].total) if rows else 0


def _misspelt(question: Question, kinds: Sequence[str]) -> list[Candidate]:
    """Objects whose titles hold a word like each word of the question, best first."""
    words = tuple(word for word in question.words if len(word) >= SHORTEST_PART)
    if not words:
        return []
    groups = [trigrams(word, MOST_TYPO_TRIGRAMS) for word in words]
    near: dict[tuple[str, int], tuple[float, Candidate]] = {}
    for one in candidates(groups, kinds, MOST_TYPO_CANDIDATES):
        score = _worst_word(words, one.title.split(" "))
        known = near.get((one.kind, one.object_id))
        if score >= SAME_WORD and (known is None or known[0] < score):
            near[one.kind, one.object_id] = (score, one)
    ordered = sorted(near.values(), key=lambda pair: (-pair[0], -pair[1].overlap, -pair[1].object_id))
    return [one for _, one in ordered]


def _worst_word(words: Sequence[str], title: Sequence[str]) -> float:
    """How well the least well matched word of a question is matched, 0 to 100."""
    return min(max(_likeness(word, other) for other in title) for word in words)


def _likeness(word: str, other: str) -> float:
    """Likeness of two words; a longer one may begin with the misspelling ("spilplatz" ~ "spielplatzes")."""
    beginning = other[: len(word) + 1]
    return max(fuzz.ratio(word, other), fuzz.ratio(word, beginning) if len(word) >= 5 else 0.0)
