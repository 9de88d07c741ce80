"""What is going on in the town as a whole: for the home page, feeds of numbers and the map."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import chain, zip_longest
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, func, literal, select, union_all

from portal.core import clock
from portal.core.db import db, session
from portal.proposals.models import SUPPORTABLE, Answer, Decision, Proposal, Stage, Support
from portal.proposals.queries.listing import COLUMNS, LISTED_TOO, TABLE, ProposalRow

# Counting 100,000 rows takes some 30 ms; nobody minds numbers that are a minute old.
CACHE_SECONDS = 60.0
OVER = (Stage.DECLINED, Stage.DONE)
KINDS_OF_LIVELY = 3


@dataclass(frozen=True)
class Overview:
    """The town in numbers. Only what stands in public lists is counted."""

    proposals: int = 0
    supports: int = 0
    answered: int = 0
    made_real: int = 0
    by_district: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PublishedAnswer:
    """The town's answer to a proposal, as lists show it."""

    proposal_id: int
    public_id: str
    title: str
    title_language: str
    decision: Decision
    text_md: str
    language: str
    published_at: datetime


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: drafts (public id, title) and changed proposals to look at again."""

    drafts: list[tuple[str, str]]
    asked: list[tuple[str, str]]


_kept: WeakKeyDictionary[Engine, tuple[float, Overview]] = WeakKeyDictionary()


def overview() -> Overview:
    """The town in numbers, at most a minute old; one query, or none."""
    until, found = _kept.get(db.engine, (0.0, Overview()))
    if until < time.monotonic():
        found = _counted()
        _kept[db.engine] = (time.monotonic() + CACHE_SECONDS, found)
    return found


def forget_overview() -> None:
    """Count anew at the next question."""
    _kept.pop(db.engine, None)


def _counted() -> Overview:
    query = (
        select(
            Proposal.stage,
            Proposal.district_id,
            func.count(),
            func.sum(Proposal.support_count),
            func.count(Proposal.answered_at),
        )
        .where(Proposal.listed)
        .group_by(Proposal.stage, Proposal.district_id)
    )
    districts: Counter[int] = Counter()
    total, supports, answered, made_real = 0, 0, 0, 0
    for stage, district_id, count, supported, answers in session.execute(query).all():
        total, supports, answered = total + count, supports + int(supported), answered + answers
        made_real += count if stage in {Stage.UNDER_WAY, Stage.DONE} else 0
        if district_id is not None:
            districts[district_id] += count
    return Overview(total, supports, answered, made_real, dict(districts))


def lively_proposals(count: int = 6) -> list[ProposalRow]:
    """A mix of what was active lately, is much supported and is new, one of each in turn; one query.

    What is done or declined is left out: the mix shows where something can still be said.
    """
    rows: list[list[ProposalRow]] = [[] for _ in range(KINDS_OF_LIVELY)]
    for *columns, part, _place in session.execute(_lively_statement(count)).all():
        rows[part].append(ProposalRow(*columns))
    mixed = {row.id: row for row in chain(*zip_longest(*rows)) if row is not None}
    return list(mixed.values())[:count]


@cache
def _lively_statement(count: int) -> Select[Any]:
    """Built once: that takes longer than the database needs to answer it."""
    still_on = select(*COLUMNS).where(TABLE.listed, TABLE.stage.not_in(OVER))
    open_ones = still_on.where(TABLE.stage.in_(sorted(SUPPORTABLE)))
    parts = [
        _first(number, query, column, count)
        for number, (query, column) in enumerate(
            (
                (still_on, TABLE.last_activity_at),
                (open_ones, TABLE.support_count),
                (still_on, TABLE.published_at),
            )
        )
    ]
    whole = union_all(*parts).subquery()
    return select(whole).order_by(whole.c.part, whole.c.place)


def _first(part: int, query: Select[Any], column: Any, count: int) -> Select[Any]:
    """The first rows by this column, out of its index, with the number of the part and their place in it."""
    order = (column.desc(), TABLE.id.desc())
    few = query.add_columns(column.label("key")).order_by(*order).limit(count).subquery()
    place = func.row_number().over(order_by=(few.c.key.desc(), few.c.id.desc()))
    columns = [few.c[name] for name in ProposalRow._fields]
    return select(*columns, literal(part).label("part"), place.label("place"))


def newest_answers(count: int = 3) -> list[PublishedAnswer]:
    """The town's latest published answers to proposals that stand in lists; one query."""
    return [PublishedAnswer(*row) for row in session.execute(_answers_statement(count))]


@cache
def _answers_statement(count: int) -> Select[Any]:
    answer = Answer.__table__
    columns = (
        *(TABLE[name] for name in ("id", "public_id", "title", "language")),
        *(answer.c[name] for name in ("decision", "text_md", "language", "published_at")),
    )
    return (
        select(*columns)
        .select_from(Proposal.__table__)
        .join(answer, answer.c.proposal_id == TABLE.id)
        .where(LISTED_TOO, answer.c.published_at.is_not(None))
        .order_by(answer.c.published_at.desc(), answer.c.id.desc())
        .limit(count)
    )


def waiting_for(account_id: int, *, most: int = 3) -> Waiting:
    """A person's latest drafts, and proposals that changed since the person supported them; two queries."""
    drafts = (
        select(Proposal.public_id, Proposal.title)
        .where(Proposal.author_id == account_id, Proposal.published_at.is_(None))
        .order_by(Proposal.edited_at.desc(), Proposal.id.desc())
        .limit(most)
    )
    asked = (
        select(Proposal.public_id, Proposal.title)
        .join(Support, Support.proposal_id == Proposal.id)
        .where(Support.account_id == account_id, Proposal.listed)
        .where(Support.confirmed_version < Proposal.asked_about_version)
        .order_by(Proposal.id.desc())
        .limit(most)
    )
    return Waiting(_pairs(drafts), _pairs(asked))


def _pairs(query: Any) -> list[tuple[str, str]]:
    return [(public_id, title) for public_id, title in session.execute(query)]


def due_answers() -> tuple[int, int]:
    """(answers the town owes, those of them that are late); one query."""
    owed = Proposal.answer_due_on.is_not(None) & Proposal.answered_at.is_(None)
    late = func.count().filter(Proposal.answer_due_on < clock.today())
    count, overdue = session.execute(select(func.count(), late).where(Proposal.listed, owed)).one()
    return count, overdue
