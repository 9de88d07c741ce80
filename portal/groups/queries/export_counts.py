"""The counts behind closed decisions, so that a group can work them out again from its export.

How often what was answered, never by whom. Where the page of a decision shows no numbers (few secret votes,
or all alike; too few took part), the export holds none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.core.db import session
from portal.groups.models import (
    DecisionOption,
    DecisionState,
    Elector,
    GroupDecision,
    Method,
    NamedBallot,
    SecretTally,
    Status,
)
from portal.groups.queries.counting import keys_of
from portal.groups.queries.result_words import Told, told

# Said of the group's size, which a discreet group tells nobody.
_SIZES = ("eligible", "needed")


@dataclass(frozen=True)
class CountLine:
    """So often this was answered about this option; in a ranking, that it came before another one."""

    option: int
    answer: str
    count: int


@dataclass(frozen=True)
class Counted:
    """A closed decision in words and in numbers. `facts`: what the sentences were made of."""

    told: Told
    answered: int
    facts: dict[str, Any]
    lines: tuple[CountLine, ...] = field(default=())


def counts_of(
    decisions: Iterable[GroupDecision], options: dict[int, list[DecisionOption]], *, shows_size: bool
) -> dict[int, Counted]:
    """What came out of each closed decision, by its id. Two questions, however many decisions."""
    closed = [one for one in decisions if one.state is DecisionState.CLOSED and one.result]
    secret = _secret([one for one in closed if one.secret])
    named = _named([one for one in closed if not one.secret], options)
    return {one.id: _counted(one, {**secret, **named}.get(one.id, Counter()), shows_size) for one in closed}


def _counted(decision: GroupDecision, tallies: Counter[str], shows_size: bool) -> Counted:
    result = json.loads(decision.result or "{}")
    facts = {name: value for name, value in result["facts"].items() if shows_size or name not in _SIZES}
    shown = not facts.get("veiled") and result["status"] != Status.NO_QUORUM
    return Counted(
        told(decision, result, shows_size=shows_size),
        tallies.pop(_ANSWERED, 0),
        facts,
        tuple(_line(key, many) for key, many in sorted(tallies.items()) if many) if shown else (),
    )


_ANSWERED = "answered"


def _line(key: str, many: int) -> CountLine:
    if ">" in key:
        before, after = key.split(">")
        return CountLine(int(before), f">{after}", many)
    number, answer = key.split("=")
    return CountLine(int(number), answer, many)


def tallies_from(lines: Iterable[Sequence[str]]) -> dict[str, int]:
    """The way back: (option, answer, count) as the file holds them -> what `count_secret` counts."""
    return {
        f"{option}{answer}" if answer.startswith(">") else f"{option}={answer}": int(many)
        for option, answer, many in lines
    }


def _secret(decisions: list[GroupDecision]) -> dict[int, Counter[str]]:
    rounds = {one.id: one.round for one in decisions}
    found: dict[int, Counter[str]] = {one: Counter() for one in rounds}
    for row in session.scalars(select(SecretTally).where(SecretTally.decision_id.in_(rounds))):
        if row.round == rounds[row.decision_id]:
            found[row.decision_id][row.key] = row.count
    voted = select(Elector.decision_id).where(Elector.decision_id.in_(rounds), Elector.voted)
    for decision_id in session.scalars(voted):
        found[decision_id][_ANSWERED] += 1
    return found


def _named(
    decisions: list[GroupDecision], options: dict[int, list[DecisionOption]]
) -> dict[int, Counter[str]]:
    by_id = {one.id: one for one in decisions}
    found: dict[int, Counter[str]] = {one: Counter() for one in by_id}
    query = (
        select(Elector.decision_id, NamedBallot.content)
        .join(NamedBallot, NamedBallot.elector_id == Elector.id)
        .where(Elector.decision_id.in_(by_id), NamedBallot.is_draft.is_(False))
    )
    for decision_id, stored in session.execute(query):
        decision, content = by_id[decision_id], json.loads(stored)
        if content and decision.method is not Method.LOTS:
            found[decision_id].update(keys_of(decision, options.get(decision_id, []), content))
            found[decision_id][_ANSWERED] += 1
    return found
