"""The result of a published round, read from what was stored when it was counted."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.core.db import session
from portal.places.queries import district_at, district_names
from portal.rounds.models import (
    ObjectionState,
    ResultObjection,
    Round,
    RoundExplanation,
    RoundFile,
    RoundOption,
    RoundResult,
)
from portal.rounds.queries.totals import told_of, totals_of

OPTIONS_PER_PAGE = 20


@dataclass(frozen=True)
class OptionResult:
    """One option with what the count says about it. `place` counts winners from 1, in their order."""

    option: RoundOption
    votes: int
    score: int
    place: int | None
    purchase: dict[str, Any]
    reason: str
    facts: dict[str, Any]
    support: int | None
    price_that_wins: int | None
    votes_that_win: int | None

    @property
    def is_winner(self) -> bool:
        """Whether it was elected."""
        return self.place is not None


@dataclass(frozen=True)
class Found:
    """The whole result. `options`: winners in their order, then the others, the closest first."""

    result: RoundResult
    outcome: dict[str, Any]
    explanation: dict[str, Any]
    options: list[OptionResult]
    by_code: dict[str, OptionResult] = field(default_factory=dict)

    @property
    def winners(self) -> list[OptionResult]:
        """Those elected, in their order."""
        return [one for one in self.options if one.is_winner]

    @property
    def spent_cents(self) -> int:
        """What all winners cost."""
        return sum(one.option.cost_cents or 0 for one in self.winners)

    @property
    def has_points(self) -> bool:
        """Whether ballots hold points, so that points and not only ballots are shown."""
        has_places = self.is_ranking or self.is_majority
        return bool(self.outcome["scores"] != self.outcome["votes"]) and not has_places

    @property
    def is_ranking(self) -> bool:
        """Whether options were compared two at a time."""
        return bool(self.outcome["rule"] == "schulze")

    @property
    def duels(self) -> dict[str, dict[str, int]]:
        """code -> code -> how many ballots put the one before the other; empty where nothing was ranked."""
        found: dict[str, dict[str, int]] = (self.outcome["details"] or {}).get("duels", {})
        return found

    @property
    def is_majority(self) -> bool:
        """Whether people said yes or no to each option."""
        return bool(self.outcome["rule"] == "majority")


def found_of(vote: Round) -> Found | None:
    """The stored result with its options, in three queries; None before the count.

    Below the number of ballots from which the file is public it holds totals only.
    Who may see it, permissions say.
    """
    result = session.get(RoundResult, vote.id)
    if result is None:
        return None
    outcome = json.loads(result.outcome)
    row = session.get(RoundExplanation, vote.id)
    explanation = json.loads(row.content) if row is not None else {}
    if result.is_small(vote):
        outcome, explanation = totals_of(outcome), told_of(explanation)
    options = [_option(one, outcome, explanation) for one in options_of(vote)]
    counted = {code: place for place, code in enumerate((outcome["details"] or {}).get("order", ()))}
    by_support = str(outcome["rule"]).startswith("equal_shares")
    options.sort(key=lambda one: _order(one, counted, by_support=by_support))
    return Found(result, outcome, explanation, options, {one.option.code: one for one in options})


def options_of(vote: Round) -> list[RoundOption]:
    """The options in their order on the list."""
    query = select(RoundOption).where(RoundOption.round_id == vote.id)
    return list(session.scalars(query.order_by(RoundOption.position, RoundOption.id)))


def _option(option: RoundOption, outcome: dict[str, Any], explanation: dict[str, Any]) -> OptionResult:
    places = {code: place for place, code in enumerate(outcome["winners"], 1)}
    purchases = {one["project"]: one for one in outcome["purchases"]}
    told: dict[str, Any] = next(
        (one for one in explanation.get("options", ()) if one["id"] == option.code), {}
    )
    return OptionResult(
        option=option,
        votes=outcome["votes"].get(option.code, 0),
        score=outcome["scores"].get(option.code, 0),
        place=places.get(option.code),
        purchase=purchases.get(option.code, {}),
        reason=told.get("reason", "pending"),
        facts=told.get("facts", {}),
        support=told.get("effective_support_percent"),
        price_that_wins=told.get("price_cents_that_wins"),
        votes_that_win=told.get("more_votes_that_win"),
    )


def _order(one: OptionResult, counted: dict[str, int], *, by_support: bool) -> tuple[int, int, int, int, str]:
    """Winners first; of the others those that came closest, then those with the most votes.

    `counted`: the places of all, where the rule itself puts them in an order. `by_support`: effective support
    says how close it was.
    """
    code = one.option.code
    if one.place is not None:
        return (0, one.place, 0, 0, code)
    support = (one.support or 0) if by_support else 0
    return (1, counted.get(code, len(counted)), -support, -one.score, code)


def file_content(vote: Round) -> bytes | None:
    """The published file, byte for byte; None where there is none."""
    row = session.get(RoundFile, vote.id)
    return zlib.decompress(row.content) if row is not None else None


def objections_of(vote: Round) -> list[ResultObjection]:
    """Objections to the result, oldest first."""
    query = select(ResultObjection).where(ResultObjection.round_id == vote.id)
    return list(session.scalars(query.order_by(ResultObjection.at, ResultObjection.id)))


def objection_by_public_id(public_id: str) -> ResultObjection | None:
    """One objection by the id in its address."""
    return session.scalar(select(ResultObjection).where(ResultObjection.public_id == public_id))


def export_of_objections(account_id: int) -> list[dict[str, Any]]:
    """What a person objected to, for their own data."""
    query = select(ResultObjection).where(ResultObjection.author_id == account_id)
    return [
        {"at": one.at.isoformat(), "words": one.words, "answer": one.answer}
        for one in session.scalars(query.order_by(ResultObjection.at))
    ]


def open_objections() -> list[ResultObjection]:
    """Objections that wait for an answer, oldest first."""
    query = select(ResultObjection).where(ResultObjection.state == ObjectionState.OPEN)
    return list(session.scalars(query.order_by(ResultObjection.at)))


def area_of(vote: Round, option: RoundOption) -> str:
    """The district an option belongs to: its own, or the one its place lies in; "" without either.

    Imported options lie in other towns: their districts are those of the file.
    """
    if vote.imported:
        return option.place_words
    if option.district_id is not None:
        return district_names().get(option.district_id, "")
    if option.latitude is None or option.longitude is None:
        return ""
    district = district_at(option.latitude, option.longitude)
    return district.name if district else ""


def spent_by(
    found: Found, name_of: Callable[[RoundOption], str], *, most: int = 12
) -> list[tuple[str | None, int, int]]:
    """(name, number of winners, cents) of the money that was spent, most money first; "" is no name.

    Beyond `most` rows what is left stands together in a last one, whose name is None.
    """
    money: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for one in found.winners:
        name = name_of(one.option)
        money[name] += one.option.cost_cents or 0
        numbers[name] += 1
    rows: list[tuple[str | None, int, int]] = [(name, numbers[name], c) for name, c in money.most_common()]
    if len(rows) <= most:
        return rows
    rest = rows[most - 1 :]
    return [*rows[: most - 1], (None, sum(row[1] for row in rest), sum(row[2] for row in rest))]
