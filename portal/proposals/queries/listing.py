"""The public list: small tuples in an order an index gives, as cheap for a million rows as for a thousand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from portal.core import clock, search
from portal.core.db import session
from portal.proposals.models import SHUFFLE_SIZE, Proposal, ProposalAuthor, Stage, Topic

PER_PAGE = 20
# Counted exactly up to this many rows beyond the present page, then "more than": a full count of 100,000
# rows costs more than the whole page.
COUNT_AHEAD = 1_000
MOST_HITS = 500
MOST_PINS = 300


class Sort(StrEnum):
    """The orders of the list."""

    NEWEST = "newest"
    SUPPORTED = "supported"
    ACTIVE = "active"
    ENDING = "ending"
    RANDOM = "random"
    RELEVANCE = "relevance"


@dataclass(frozen=True)
class ListFilter:
    """What a reader asks for. Empty tuples ask for nothing in particular."""

    words: str = ""
    district_ids: tuple[int, ...] = ()
    topics: tuple[Topic, ...] = ()
    stages: tuple[Stage, ...] = ()
    languages: tuple[str, ...] = ()
    process_ids: tuple[int, ...] = ()
    # Authors this reader has blocked.
    without_authors: tuple[int, ...] = ()
    sort: Sort = Sort.NEWEST
    seed: int = 0
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter besides the words is on."""
        asked = (self.district_ids, self.topics, self.stages, self.languages, self.process_ids)
        return any((*asked, self.without_authors))


class ProposalRow(NamedTuple):
    """A proposal as lists show it."""

    id: int
    public_id: str
    title: str
    excerpt: str
    language: str
    stage: Stage
    topic: Topic | None
    district_id: int | None
    place_words: str
    support_count: int
    comment_count: int
    picture_count: int
    published_at: datetime
    collecting_until_on: date | None
    answer_due_on: date | None
    imported_from: str | None
    lat: float | None
    lon: float | None


# Of the table, not of the model: reading rows through the ORM costs twice as much as reading them.
TABLE = Proposal.__table__.c
COLUMNS = tuple(TABLE[name] for name in ProposalRow._fields)


# The same condition as `listed` where the rows are known already. Given the plain one, SQLite takes an index
# that begins with it, and reads every proposal of the town to find twenty of them.
LISTED_TOO: ColumnElement[bool] = case((TABLE.listed, 1), else_=0) == 1


@dataclass(frozen=True)
class ListPage:
    """One page of the list. `total` is exact unless `is_more`: then there are more than that."""

    rows: list[ProposalRow]
    total: int
    is_more: bool = False
    pins: list[ProposalRow] = field(default_factory=list)


def row_of(row: Row[Any] | tuple[Any, ...]) -> ProposalRow:
    """The small tuple out of selected columns."""
    return ProposalRow._make(row)


def find_proposals(wanted: ListFilter, *, per_page: int = PER_PAGE) -> ListPage:
    """One page of public proposals: never drafts, hidden, withdrawn, merged or expired ones.

    One query without words (two on a page behind the last), three or four with words (index, filter, rows).
    """
    if wanted.words:
        return _find_by_words(wanted, per_page)
    rows_of_page, counting = _statements(wanted, per_page, clock.today())
    rows, offset = session.execute(rows_of_page).all(), (wanted.page - 1) * per_page
    # Each row knows the number; where there is none, only the first page knows without asking.
    counted = rows[0][-1] if rows else session.scalar(counting) or 0 if offset else 0
    return ListPage([row_of(row[:-1]) for row in rows], *_known_ahead(counted, offset))


@lru_cache(maxsize=256)
def _statements(wanted: ListFilter, per_page: int, _today: date) -> tuple[Any, Any]:
    """Rows with their number, and the number alone. Kept: building them takes as long as asking."""
    offset, matching = (wanted.page - 1) * per_page, _matching(wanted)
    counting = _counting_ahead(matching, offset)
    rows = _ordered(matching, wanted, offset, per_page)
    return rows.add_columns(counting.scalar_subquery()), counting


def map_pins(wanted: ListFilter) -> list[ProposalRow]:
    """Public proposals with a point, newest first, at most 300."""
    matching = _matching(wanted).where(TABLE.lat.is_not(None))
    if wanted.words:
        matching = matching.where(TABLE.id.in_(search.matching_ids(wanted.words, "proposal")))
    query = matching.order_by(TABLE.published_at.desc(), TABLE.id.desc()).limit(MOST_PINS)
    return [row_of(row) for row in session.execute(query).all()]


def _matching(wanted: ListFilter, listed: ColumnElement[bool] = TABLE.listed) -> Select[Any]:
    query = select(*COLUMNS).where(listed)
    for column, values in (
        (TABLE.district_id, wanted.district_ids),
        (TABLE.topic, wanted.topics),
        (TABLE.stage, wanted.stages),
        (TABLE.language, wanted.languages),
        (TABLE.process_id, wanted.process_ids),
    ):
        if len(values) == 1:
            query = query.where(column == values[0])
        elif values:
            query = query.where(column.in_(values))
    if wanted.without_authors:
        query = query.where(~_is_by(wanted.without_authors))
    if wanted.sort is Sort.ENDING:
        query = query.where(TABLE.collecting_until_on >= clock.today(), TABLE.stage == Stage.COLLECTING)
    return query


# What the town has decided or votes about is a public fact: whoever wrote it along, it stays in lists.
_PUBLIC_FACTS = (Stage.IN_ROUND, Stage.ACCEPTED, Stage.DECLINED, Stage.UNDER_WAY, Stage.DONE)


def _is_by(people: Iterable[int]) -> ColumnElement[bool]:
    """Begun by one of these people, or written along by one and not a public fact yet."""
    people = list(people)
    joined = select(ProposalAuthor.proposal_id).where(ProposalAuthor.account_id.in_(people))
    along = and_(TABLE.coauthor_count > 0, TABLE.stage.not_in(_PUBLIC_FACTS), TABLE.id.in_(joined))
    return or_(and_(TABLE.author_id.is_not(None), TABLE.author_id.in_(people)), along)


ORDERS: dict[Sort, tuple[Any, ...]] = {
    Sort.NEWEST: (TABLE.published_at.desc(), TABLE.id.desc()),
    Sort.RELEVANCE: (TABLE.published_at.desc(), TABLE.id.desc()),
    Sort.SUPPORTED: (TABLE.support_count.desc(), TABLE.id.desc()),
    Sort.ACTIVE: (TABLE.last_activity_at.desc(), TABLE.id.desc()),
    Sort.ENDING: (TABLE.collecting_until_on, TABLE.id),
    Sort.RANDOM: (TABLE.shuffle, TABLE.id),
}


def _ordered(query: Select[Any], wanted: ListFilter, offset: int, limit: int) -> Any:
    if wanted.sort is Sort.RANDOM:
        return _from_anywhere(query, wanted.seed, offset, limit)
    return query.order_by(*ORDERS[wanted.sort]).limit(limit).offset(offset)


def _from_anywhere(query: Select[Any], seed: int, offset: int, limit: int) -> Any:
    """The circle of all proposals, beginning where the seed says and going round (see `shuffle_of`).

    Both halves come out of the index in order; only offset + limit rows of each are ever looked at.
    """
    start = seed * 40_503 * 65_537 % SHUFFLE_SIZE
    order = (TABLE.shuffle, TABLE.id)
    halves = [
        query.add_columns(literal(part).label("part"), TABLE.shuffle.label("spot"))
        .where(condition)
        .order_by(*order)
        .limit(offset + limit)
        .subquery()
        for part, condition in enumerate((TABLE.shuffle >= start, TABLE.shuffle < start))
    ]
    circle = union_all(*(select(half) for half in halves)).subquery()
    columns = [circle.c[name] for name in ProposalRow._fields]
    return select(*columns).order_by(circle.c.part, circle.c.spot, circle.c.id).limit(limit).offset(offset)


def _counting_ahead(query: Select[Any], offset: int) -> Select[Any]:
    bounded = query.with_only_columns(literal(1)).limit(offset + COUNT_AHEAD + 1).subquery()
    return select(func.count()).select_from(bounded)


def _counted_ahead(statement: Select[Any], offset: int) -> tuple[int, bool]:
    return _known_ahead(session.scalar(statement) or 0, offset)


def _known_ahead(counted: int, offset: int) -> tuple[int, bool]:
    most = offset + COUNT_AHEAD
    return min(counted, most), counted > most


def _find_by_words(wanted: ListFilter, per_page: int) -> ListPage:
    offset = (wanted.page - 1) * per_page
    if wanted.sort is not Sort.RELEVANCE:
        query = _matching(wanted).where(TABLE.id.in_(search.matching_ids(wanted.words, "proposal")))
        rows = session.execute(_ordered(query, wanted, offset, per_page)).all()
        return ListPage(
            [row_of(row) for row in rows], *_counted_ahead(_counting_ahead(query, offset), offset)
        )
    if not wanted.is_narrowed:
        hits = search.find(wanted.words, ("proposal",), limit=per_page, offset=offset)
        return ListPage(rows_by_ids([hit.id for hit in hits]), hits.total, hits.is_more)
    return page_of_hits(wanted, search.find(wanted.words, ("proposal",), limit=MOST_HITS), per_page)


def hits_wanted(wanted: ListFilter, per_page: int = PER_PAGE) -> int:
    """How many hits of search the first page of this list is made of."""
    return MOST_HITS if wanted.is_narrowed else per_page


def page_of_hits(wanted: ListFilter, hits: search.Hits, per_page: int = PER_PAGE) -> ListPage:
    """The page of the list among the best hits of its words, whoever asked search for them."""
    offset = (wanted.page - 1) * per_page
    if not wanted.is_narrowed:
        return ListPage(rows_by_ids([hit.id for hit in hits]), hits.total, hits.is_more)
    narrowed = _matching(wanted, LISTED_TOO).with_only_columns(TABLE.id)
    left = set(session.scalars(narrowed.where(TABLE.id.in_([hit.id for hit in hits]))))
    ids = [hit.id for hit in hits if hit.id in left]
    return ListPage(rows_by_ids(ids[offset : offset + per_page]), len(ids), hits.is_more)


def rows_by_ids(ids: list[int]) -> list[ProposalRow]:
    """These public proposals in the given order; what is not public (any more) is left out."""
    if not ids:
        return []
    found = {row.id: row_of(row) for row in session.execute(_by_ids_statement(), {"ids": ids}).all()}
    return [found[one] for one in ids if one in found]


@cache
def _by_ids_statement() -> Any:
    """Built once: that takes longer than the database needs to answer it."""
    return select(*COLUMNS).where(LISTED_TOO, TABLE.id.in_(bindparam("ids", expanding=True)))


def similar_proposals(text: str, *, exclude: tuple[int, ...] = ()) -> list[ProposalRow]:
    """At most five public proposals that may mean the same, most alike first. Two queries."""
    if not text.strip():
        return []
    hits = search.similar(text, "proposal", limit=5, exclude=exclude)
    return rows_by_ids([hit.id for hit in hits])[:5]


def not_by(rows: list[ProposalRow], author_ids: Iterable[int]) -> list[ProposalRow]:
    """These rows without what these people began or wrote along; no query when nobody is to be left out."""
    authors = list(author_ids)
    if not authors or not rows:
        return rows
    query = select(TABLE.id).where(TABLE.id.in_([row.id for row in rows]), _is_by(authors))
    theirs = set(session.scalars(query))
    return [row for row in rows if row.id not in theirs]
