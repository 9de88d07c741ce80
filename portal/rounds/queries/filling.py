"""The ballot paper for one voter: options in the voter's own order, narrowed down, page by page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import session
from portal.core.text import fold
from portal.rounds.models import Round, RoundOption
from portal.rounds.queries.drafts import Value, Values
from portal.rounds.queries.showing import ShownOption, shown_options

# With short texts a page of so many stays below 14 KB on the wire, photos not counted.
PER_PAGE = 12
# From so many on, there is a search above the list.
SEARCHED_FROM = 8


@dataclass(frozen=True)
class Wanted:
    """What the voter wants to see: words, a district, a category, only what is chosen, which page."""

    words: str = ""
    district_id: int | None = None
    category: str = ""
    only_chosen: bool = False
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.district_id or self.category or self.only_chosen)


@dataclass(frozen=True)
class Line:
    """One option on the ballot paper, with what the voter wrote beside it."""

    shown: ShownOption
    value: Value | None

    @property
    def option(self) -> RoundOption:
        """The option itself."""
        return self.shown.option


@dataclass(frozen=True)
class Sheet:
    """One page of the ballot paper, how many options fit the search, and all there are to search by."""

    lines: list[Line]
    total: int
    all_count: int
    district_ids: tuple[int, ...]
    categories: tuple[str, ...]


def shuffled(options: Iterable[RoundOption], seed: str) -> list[RoundOption]:
    """The options in an order of their own for each voter, always the same for the same voter.

    Sorted by SHA-256(seed|code): nobody stands on top for everybody, and nothing has to be stored.
    """
    return sorted(options, key=lambda one: hashlib.sha256(f"{seed}|{one.code}".encode()).digest())


def sheet_of(vote: Round, seed: str, wanted: Wanted, values: Values) -> Sheet:
    """The page of the ballot paper that is wanted. Four queries, however many options there are."""
    everything = shuffled(_options(vote), seed)
    found = [one for one in everything if _fits(one, wanted, values)]
    start = (wanted.page - 1) * PER_PAGE
    lines = [
        Line(shown, values.get(shown.option.code)) for shown in shown_options(found[start : start + PER_PAGE])
    ]
    return Sheet(
        lines=lines,
        total=len(found),
        all_count=len(everything),
        district_ids=tuple(sorted({one.district_id for one in everything if one.district_id is not None})),
        categories=tuple(sorted({one.category for one in everything if one.category})),
    )


def line_of(vote: Round, code: str, values: Values) -> Line | None:
    """One option with what is written beside it, or None."""
    query = select(RoundOption).where(RoundOption.round_id == vote.id, RoundOption.code == code)
    option = session.scalar(query)
    return None if option is None else Line(shown_options([option])[0], values.get(code))


def lines_of(vote: Round, codes: Iterable[str], values: Values) -> list[Line]:
    """These options in this order, for the last look and the receipt."""
    wanted = list(codes)
    query = select(RoundOption).where(RoundOption.round_id == vote.id, RoundOption.code.in_(wanted))
    known = {shown.option.code: shown for shown in shown_options(session.scalars(query))}
    return [Line(known[code], values.get(code)) for code in wanted if code in known]


def _options(vote: Round) -> list[RoundOption]:
    return list(session.scalars(select(RoundOption).where(RoundOption.round_id == vote.id)))


def _fits(option: RoundOption, wanted: Wanted, values: Values) -> bool:
    if wanted.only_chosen and option.code not in values:
        return False
    if wanted.district_id is not None and option.district_id != wanted.district_id:
        return False
    if wanted.category and option.category != wanted.category:
        return False
    text = fold(f"{option.code} {option.title} {option.summary} {option.place_words}") if wanted.words else ""
    return all(word in text for word in fold(wanted.words).split())
