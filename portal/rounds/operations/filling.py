"""What may stand on a ballot: the rules of a round as they are frozen, and whether a ballot keeps to them.

A ballot is a dict with one spelling per meaning (`check` returns it, `canonical` writes it):

    approval, basket  {"kind": "approval", "choices": ["3", "7"]}
    points, score     {"kind": "points", "points": {"3": 4}}
    ranking           {"kind": "ranking", "order": [["3"], ["1", "2"]]}   first place first, ties together
    yes/no            {"kind": "yes_no", "answers": {"1": "yes"}}

Options that are not named got nothing; an empty ballot is a blank one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core.db import session
from portal.rounds.errors.box import (
    BadBallot,
    NotAnAnswer,
    NotAWholeNumber,
    OptionNotInVote,
    OptionTwice,
    OptionWithdrawnMeanwhile,
    OverBudget,
    TooManyChoices,
    TooManyPoints,
    TooManyPointsForOne,
    WrongKindOfBallot,
)
from portal.rounds.models import BallotKind, Round, RoundOption

ANSWERS = ("yes", "no", "abstain")
# A basket is an approval whose costs fit: it is counted the same way.
WRITTEN_AS = {kind: kind.value for kind in BallotKind} | {BallotKind.BASKET: BallotKind.APPROVAL.value}
_INSIDE = {
    "approval": "choices",
    "points": "points",
    "score": "points",
    "ranking": "order",
    "yes_no": "answers",
}
Content = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """The frozen rules of one round, as far as ballots must keep to them. Costs in cents, in ballot order."""

    kind: BallotKind
    costs: Mapping[str, int]
    withdrawn: frozenset[str]
    max_choices: int | None
    budget_cents: int | None
    points_total: int | None
    most_for_one: int | None

    @property
    def numbers(self) -> bool:
        """Whether a number is written beside each option."""
        return self.kind in {BallotKind.POINTS, BallotKind.SCORE, BallotKind.RANKING}


def rules_of(vote: Round) -> Rules:
    """The rules of this round; what was withdrawn is asked of the database now, not remembered."""
    columns = (RoundOption.code, RoundOption.cost_cents, RoundOption.withdrawn_at)
    query = select(*columns).where(RoundOption.round_id == vote.id)
    rows = session.execute(query.order_by(RoundOption.position, RoundOption.id)).all()
    points = vote.ballot_kind is BallotKind.POINTS
    most = vote.points_per_option_max or vote.points_total if points else vote.score_max
    return Rules(
        kind=vote.ballot_kind,
        costs={row.code: row.cost_cents or 0 for row in rows},
        withdrawn=frozenset(row.code for row in rows if row.withdrawn_at is not None),
        max_choices=vote.max_choices,
        budget_cents=vote.budget_cents if vote.ballot_kind is BallotKind.BASKET else None,
        points_total=vote.points_total if points else None,
        most_for_one=most,
    )


def check(vote: Round, content: Content) -> Content:
    """The ballot in its one spelling. Raises a kind of BadBallot that names the broken rule."""
    return check_against(rules_of(vote), content)


def check_against(rules: Rules, content: Content) -> Content:
    """The same with rules that were read before."""
    kind = WRITTEN_AS[rules.kind]
    inside = _INSIDE[kind]
    if not isinstance(content, dict) or content.keys() != {"kind", inside} or content["kind"] != kind:
        raise WrongKindOfBallot
    checked = _CHECKS[kind](rules, content[inside])
    return {"kind": kind, inside: checked}


def is_blank(content: Content) -> bool:
    """Whether nothing stands on it."""
    return not any(content[name] for name in set(_INSIDE.values()) if name in content)


def canonical(content: Content) -> str:
    """The one way to write a checked ballot down: keys sorted, no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _known(rules: Rules, codes: Iterable[Any]) -> list[str]:
    """The codes in the order of the ballot paper; each exists, stands once and can be chosen."""
    listed = list(codes)
    if not all(isinstance(code, str) and code in rules.costs for code in listed):
        raise OptionNotInVote
    if len(set(listed)) != len(listed):
        raise OptionTwice
    if rules.withdrawn.intersection(listed):
        raise OptionWithdrawnMeanwhile
    if rules.max_choices is not None and len(listed) > rules.max_choices:
        raise TooManyChoices
    chosen = set(listed)
    return [code for code in rules.costs if code in chosen]


def _approval(rules: Rules, choices: Any) -> list[str]:
    if not isinstance(choices, list):
        raise WrongKindOfBallot
    chosen = _known(rules, choices)
    if rules.budget_cents is not None and sum(rules.costs[code] for code in chosen) > rules.budget_cents:
        raise OverBudget
    return chosen


def _points(rules: Rules, points: Any) -> dict[str, int]:
    if not isinstance(points, dict):
        raise WrongKindOfBallot
    numbers = list(points.values())
    # (True is an int in Python.)
    if not all(
        isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in numbers
    ):
        raise NotAWholeNumber
    # No points are no statement; a score of 0 is one.
    kept = {code: n for code, n in points.items() if n or rules.kind is BallotKind.SCORE}
    order = _known(rules, kept)
    _known(rules, (code for code in points if code not in kept))
    if rules.most_for_one is not None and any(number > rules.most_for_one for number in numbers):
        raise TooManyPointsForOne
    if rules.points_total is not None and sum(numbers) > rules.points_total:
        raise TooManyPoints
    return {code: kept[code] for code in order}


def _ranking(rules: Rules, places: Any) -> list[list[str]]:
    if not isinstance(places, list) or not all(isinstance(place, list) and place for place in places):
        raise WrongKindOfBallot
    order = _known(rules, (code for place in places for code in place))
    return [[code for code in order if code in place] for place in places]


def _yes_no(rules: Rules, answers: Any) -> dict[str, str]:
    if not isinstance(answers, dict):
        raise WrongKindOfBallot
    order = _known(rules, answers)
    if not all(answer in ANSWERS for answer in answers.values()):
        raise NotAnAnswer
    return {code: answers[code] for code in order}


_CHECKS = {
    "approval": _approval,
    "points": _points,
    "score": _points,
    "ranking": _ranking,
    "yes_no": _yes_no,
}


# ---- what is written in the boxes of a form: one value per option

Value = int | str
Values = dict[str, Value]


def content_of(rules: Rules, values: Values) -> Content:
    """The ballot that says what is in the boxes: a tick, points, a place, an answer per option.

    Boxes may break rules (that is shown while one chooses); `check` decides when the ballot is cast. For
    example the places {"a": 2, "b": 1, "c": 2} are the order [["b"], ["a", "c"]].
    """
    kind = WRITTEN_AS[rules.kind]
    filled = {code: values[code] for code in rules.costs if code in values}
    if kind == "approval":
        inside: Any = [code for code, value in filled.items() if value]
    elif kind == "ranking":
        places = sorted({place for place in filled.values() if isinstance(place, int) and place > 0})
        inside = [[code for code, at in filled.items() if at == place] for place in places]
    else:
        inside = filled
    return {"kind": kind, _INSIDE[kind]: inside}


def values_of(content: Content) -> Values:
    """What has to be in the boxes to say what this ballot says."""
    kind = content["kind"]
    if kind == "approval":
        return dict.fromkeys(content["choices"], 1)
    if kind == "ranking":
        return {code: number for number, place in enumerate(content["order"], 1) for code in place}
    return dict(content[_INSIDE[kind]])


@dataclass(frozen=True)
class Standing:
    """How a half-filled ballot stands: what is used, what there is, what is left (None: no such limit)."""

    chosen: int
    most_chosen: int | None
    used: int | None
    total: int | None

    @property
    def left(self) -> int | None:
        """What is left of points or money; below 0 when it is too much."""
        return None if self.total is None or self.used is None else self.total - self.used

    @property
    def choices_left(self) -> int | None:
        """How many options may still be chosen; below 0 when there are too many."""
        return None if self.most_chosen is None else self.most_chosen - self.chosen

    @property
    def is_too_much(self) -> bool:
        """Whether something must be taken off before the ballot can be cast."""
        return (self.left or 0) < 0 or (self.choices_left or 0) < 0


def standing_of(rules: Rules, values: Values) -> Standing:
    """How the boxes stand, in cents for a basket and in points for points."""
    chosen = [
        code
        for code in rules.costs
        if values.get(code) not in (None, 0, "") or _is_zero_score(rules, values, code)
    ]
    used = total = None
    if rules.budget_cents is not None:
        used, total = sum(rules.costs[code] for code in chosen), rules.budget_cents
    elif rules.points_total is not None:
        used, total = (
            sum(v for v in (values[code] for code in chosen) if isinstance(v, int)),
            rules.points_total,
        )
    return Standing(len(chosen), rules.max_choices, used, total)


def _is_zero_score(rules: Rules, values: Values, code: str) -> bool:
    return rules.kind is BallotKind.SCORE and values.get(code) == 0


def fits(rules: Rules, values: Values) -> BadBallot | None:
    """The rule these boxes break, or None."""
    try:
        check_against(rules, content_of(rules, values))
    except BadBallot as problem:
        return problem
    return None
