"""Asking: words first, then words inside titles, then similar words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from sqlalchemy import BigInteger, Select, TextClause, column, false, literal_column, select, text

from portal.core.db import session
from portal.core.search import order, statements
from portal.core.search.asking import SHORTEST_PART, Question, trigrams
from portal.core.search.documents import SearchDoc
from portal.core.search.overlap import Candidate, candidates

SAME_WORD = 75  # rapidfuzz ratio from which a word counts as a misspelling of another
MOST_TYPO_TRIGRAMS = 8  # of each word
MOST_TYPO_CANDIDATES = 300
# Counted exactly up to so many beyond the beginning of a page, then "more than": whoever has more than ten
# pages before them adds a word, and does not count.
COUNT_AHEAD = 200
ALL = 1_000_000  # documents beside the many: a town has some thousand


@dataclass(frozen=True)
class Hit:
    """One object that was found."""

    kind: str
    id: int


class Hits(list[Hit]):
    """One page of hits, best first. `total` counts all, unless `is_more`: then there are more than that.
    `corrected` says they only resemble the question."""

    def __init__(
        self, hits: Sequence[Hit] = (), total: int = 0, corrected: bool = False, is_more: bool = False
    ) -> None:
        super().__init__(hits)
        self.total, self.corrected, self.is_more = total, corrected, is_more


def find(query: str, kinds: Sequence[str], limit: int = 20, offset: int = 0) -> Hits:
    """A page of what matches, all words of the question required, best and newest first.

    Words match as beginnings of words, in titles also inside words. Only when nothing does, titles with
    similar words are taken and `corrected` is set. At most two queries; nonsense finds nothing.
    """
    question = Question.of(query)
    if not question.words or not kinds:
        return Hits()
    bound = offset + max(limit, COUNT_AHEAD)
    found = _found(question, kinds, bound)
    if found:
        page = [Hit(kind, object_id) for kind, object_id in found[offset : offset + limit]]
        return Hits(page, min(len(found), bound), is_more=len(found) > bound)
    near = _misspelt(question, kinds)
    page = [Hit(one.kind, one.object_id) for one in near[offset : offset + limit]]
    return Hits(page, len(near), corrected=bool(near))


def find_each(query: str, limits: Mapping[str, int]) -> dict[str, Hits]:
    """The first hits of each kind, at most so many of it, in one question for all kinds together.

    Only when nothing of any kind matches, similar words are taken, once for all of them: a second query.
    """
    each = {kind: Hits() for kind in limits}
    question = Question.of(query)
    if not question.words or not limits:
        return each
    bound = max(*limits.values(), COUNT_AHEAD)
    found, near = _found(question, limits, bound), []
    if not found:
        near = [(one.kind, one.object_id) for one in _misspelt(question, list(limits))]
    for kind, object_id in found or near:
        of_kind = each[kind]
        of_kind.is_more, of_kind.corrected = of_kind.total == bound and not near, bool(near)
        of_kind.total += not of_kind.is_more
        if len(of_kind) < limits[kind]:
            of_kind.append(Hit(kind, object_id))
    return each


def matching_ids(query: str, kind: str) -> Select[int]:
    """The ids of all objects of one kind that `find` would find, to narrow down another query:
    `select(Proposal).where(Proposal.id.in_(matching_ids(q, "proposal")))`.

    Costs a query of its own (is there anything?). A question without words matches nothing.
    """
    question = Question.of(query)
    if not question.words:
        return select(SearchDoc.object_id).where(false())
    if not _found(question, [kind], 1):
        near = [one.object_id for one in _misspelt(question, [kind])]
        return select(SearchDoc.object_id).where(SearchDoc.kind == kind, SearchDoc.object_id.in_(near))
    sql, values = statements.anywhere(question)
    found = text(sql).bindparams(**values).columns(column("id", BigInteger)).subquery("found")
    number = f"(found.id >> {order.LANGUAGE_BITS}) & {order.MOST_OBJECTS - 1}"
    return select(literal_column(number, BigInteger)).where(found.c.id.between(*order.stretch_of(kind)))


def _found(question: Question, kinds: Collection[str], bound: int) -> list[tuple[str, int]]:
    """(kind, object id) of what matches, best first: of each kind at least the first `bound` + 1."""
    most = bound + 1
    while True:
        found = _ask(question, kinds, most, wanted=bound + 1)
        if found is not None:
            return found
        most *= 4  # an object in several languages fills several places of the page: rare, so asked again


def _ask(question: Question, kinds: Collection[str], most: int, wanted: int) -> list[tuple[str, int]] | None:
    """What is found with so many documents of each place; None when there may be objects beyond them."""
    stretches = _stretches(kinds, most)
    sql, values = statements.in_places(question, [limit == ALL for _, limit in stretches])
    for n, ((low, high), limit) in enumerate(stretches):
        values |= {f"low{n}": low, f"high{n}": high, f"most{n}": limit}
    names = {order.number_of_kind(kind): kind for kind in kinds}
    best: dict[tuple[int, int], tuple[int, int]] = {}  # (kind, object) -> its place and its newest minute
    filled: dict[tuple[int, int], int] = {}
    for place, document in session.execute(_statement(sql), values):
        number, minutes, object_id = order.read_id(document)
        if number in names:
            filled[place, number] = filled.get((place, number), 0) + 1
            spot = (place, -minutes)
            best[number, object_id] = min(spot, best.get((number, object_id), spot))
    if any(
        count >= most and sum(one == number for one, _ in best) < wanted
        for (_, number), count in filled.items()
        if len(kinds) == 1 or names[number] == order.MANY
    ):
        return None
    return _in_order(best, names)


@lru_cache(maxsize=64)
def _statement(sql: str) -> TextClause:
    """Looked through for its values once: a question's words are values, so there are few."""
    return text(sql)


def _stretches(kinds: Collection[str], most: int) -> list[tuple[order.Stretch, int]]:
    """Where these kinds are, and how many documents of each place are wanted there."""
    if len(kinds) == 1:
        return [(order.stretch_of(kind), most) for kind in kinds]
    many = [(order.stretch_of(order.MANY), most)] if order.MANY in kinds else []
    return [*many, (order.stretch_beside(), ALL)]


def _in_order(best: dict[tuple[int, int], tuple[int, int]], names: dict[int, str]) -> list[tuple[str, int]]:
    """By place, then the newest, then the highest id, then the kind."""
    spots = sorted((*spot, -object_id, names[number]) for (number, object_id), spot in best.items())
    return [(kind, -object_id) for _, _, object_id, kind in spots]


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
