"""The result of a published round, read from what was stored when it was counted."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.core.db import session
from portal.rounds.models import (
    ObjectionState,
    ResultObjection,
    Round,
    RoundExplanation,
    RoundFile,
    RoundOption,
    RoundResult,
)

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
        return bool(self.outcome["scores"] != self.outcome["votes"])


def found_of(vote: Round) -> Found | None:
    """The stored result with its options, in three queries; None before the count.

    Who may see it, permissions say.
    """
    result = session.get(RoundResult, vote.id)
    if result is None:
        return None
    outcome = json.loads(result.outcome)
    row = session.get(RoundExplanation, vote.id)
    explanation = json.loads(row.content) if row is not None else {}
    options = [_option(one, outcome, explanation) for one in options_of(vote)]
    options.sort(key=_order)
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


def _order(one: OptionResult) -> tuple[int, int, int, str]:
    """Winners first; of the others those that came closest, then those with the most votes."""
    if one.place is not None:
        return (0, one.place, 0, one.option.code)
    return (1, -(one.support or 0), -one.score, one.option.code)


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


def spent_by(found: Found, key: str) -> list[tuple[str | int | None, int, int]]:
    """(district id or category, number of winners, cents) of the money that was spent, most money first."""
    money: Counter[Any] = Counter()
    numbers: Counter[Any] = Counter()
    for one in found.winners:
        value = getattr(one.option, key) or None
        money[value] += one.option.cost_cents or 0
        numbers[value] += 1
    return [(value, numbers[value], cents) for value, cents in money.most_common()]
