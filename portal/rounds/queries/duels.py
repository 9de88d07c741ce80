"""Rankings compared two at a time: who is before whom, in how many ballots."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from portal.rounds.queries.resulting import Found, OptionResult

# So many comparisons stand on the result page; beyond, only those of the winner. Options have all of theirs.
MOST_SHOWN = 15
MOST_OF_WINNER = 20


@dataclass(frozen=True)
class Duel:
    """`many` ballots put the first before the other, `few` the other before the first; many >= few."""

    first: OptionResult
    other: OptionResult
    many: int
    few: int


def duels_of(found: Found) -> list[Duel]:
    """What the result page shows: all comparisons of a short list, of a long one those of the winner."""
    listed = [one for one in found.options if one.option.code in found.duels]
    pairs = list(combinations(listed, 2))
    if len(pairs) > MOST_SHOWN:
        pairs = [pair for pair in pairs if pair[0] is listed[0]][:MOST_OF_WINNER]
    return [_duel(found, *pair) for pair in pairs]


def duels_of_option(found: Found, one: OptionResult) -> list[Duel]:
    """An option against each other one, in the order of the result."""
    if one.option.code not in found.duels:
        return []
    others = [other for other in found.options if other is not one and other.option.code in found.duels]
    return [_duel(found, one, other) for other in others]


def won_by(found: Found, one: OptionResult) -> int:
    """How many of its comparisons an option won."""
    return sum(duel.first is one and duel.many > duel.few for duel in duels_of_option(found, one))


def _duel(found: Found, a: OptionResult, b: OptionResult) -> Duel:
    its, theirs = (found.duels[x.option.code][y.option.code] for x, y in ((a, b), (b, a)))
    return Duel(a, b, its, theirs) if its >= theirs else Duel(b, a, theirs, its)
