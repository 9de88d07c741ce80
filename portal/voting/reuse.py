"""Counts that one change leaves as they were are not counted again.

A project that is not bought touches nobody's money: as long as a changed project is bought nowhere, a count
with this share comes out as without the change. So each share is counted once, and while it is counted every
loser is asked: up to which cost, or from how many more voters on, could it have been bought somewhere? Beyond
these two bounds nothing can differ; within them the changed election is counted. The bounds are floats on the
safe side: too wide, they cost time, and never another answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from portal.voting.shares import Bought, Field, Run

# (money in cents, points, how many)
Holders = list[tuple[float, int, int]]
# Far more than floats can be wrong by.
_WIDER = 1 + 1e-9
# Four voters and a million have twenty thousand shares; nobody needs all of them at once.
_MOST_KEPT = 4096
_TANGENTS = 5


@dataclass(frozen=True)
class Counted:
    """One share counted: what was bought, and for each loser the two bounds."""

    bought: list[Bought]
    # At a higher cost it is bought nowhere.
    cost: dict[int, float]
    # With fewer additional voters it is bought nowhere.
    voters: dict[int, float]


class Base:
    """The unchanged election by share. `most` is what an additional ballot gives: points."""

    def __init__(self, field: Field, losers: Iterable[int], most: int) -> None:
        self._field, self._losers, self._most = field, tuple(losers), most
        self._kept: dict[Fraction, Counted] = {}

    def at(self, share: Fraction) -> Counted:
        """The count with this share."""
        if share not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[share] = _Asked(self._field, self._losers, self._most, share).counted
        return self._kept[share]


class _Asked:
    """One count; before each purchase the losers are asked, and once more at the end."""

    def __init__(self, field: Field, losers: tuple[int, ...], most: int, share: Fraction) -> None:
        self._field, self._most, self._share = field, most, float(share)
        self._counts = [ballot.voters for ballot in field.election.ballots]
        self.counted = Counted([], dict.fromkeys(losers, 0.0), dict.fromkeys(losers, inf))
        # The money behind a loser when it was last asked; it can only have become less.
        self._behind = dict.fromkeys(losers, inf)
        run = Run(field, share)
        self._keep(run)
        for bought in run.purchases():
            self.counted.bought.append(bought)
            self._ask(float(bought.price) / (field.weights[bought.project] or 1))
            self._keep(run)
        self._ask(inf)

    def _keep(self, run: Run) -> None:
        self._classes = list(run.classes)
        self._money = [money / run.unit for money in run.money]

    def _ask(self, rank: float) -> None:
        """Which losers would come before, or be equal to, what was bought at this price for its weight?"""
        field, counted = self._field, self.counted
        for j, behind in self._behind.items():
            cost, weight = field.election.projects[j].cost_cents, field.weights[j]
            price = rank * weight if rank < inf else inf
            each = min(self._share, price * self._most)
            could_give = min(behind, price * field.points[j])
            enough = cost <= could_give * _WIDER
            more = 0.0 if enough else (cost - could_give) / each if each else inf
            never_pays = (
                rank * field.points[j] * _WIDER < 1 if field.by_cost else could_give <= counted.cost[j]
            )
            if more >= counted.voters[j] and (never_pays or behind <= counted.cost[j]):
                continue
            holders = self._holders(j)
            self._behind[j] = behind = sum(money * many for money, _, many in holders)
            covered = sum(min(money, price * points) * many for money, points, many in holders)
            missing = cost - covered * _WIDER
            more = 0.0 if missing <= 0 else missing / each / _WIDER if each else inf
            counted.voters[j] = min(counted.voters[j], more)
            dear = most_covered(holders, rank) if field.by_cost and rank < inf else covered
            counted.cost[j] = max(counted.cost[j], dear * _WIDER + 1)

    def _holders(self, j: int) -> Holders:
        found: Holders = []
        classes, counts, money = self._classes, self._counts, self._money
        for points, once, several in self._field.buckets[j]:
            histogram = Counter(map(classes.__getitem__, once))
            for group in several:
                histogram[classes[group]] += counts[group]
            found += [(money[c], points, many) for c, many in histogram.items()]
        return found


def most_covered(holders: Holders, rank: float) -> float:
    """No cost above this is covered by its supporters where a point of it is worth its cost.

    At cost c the price is rank * c, so what is covered minus c is concave and 0 at 0: tangents from the right
    come down to the last c at which it is not below 0, and never below that.

        >>> most_covered([(10, 1, 3)], 0.5)  # three with 10: up to 30, at half of it each
        30
        >>> most_covered([(10, 1, 3)], 0.25)  # each pays a quarter of it: never the whole
        0.0
    """
    cost: float = sum(money * many for money, _, many in holders)
    for _ in range(_TANGENTS):
        given, points = 0.0, 0
        for money, each, many in holders:
            if money < rank * cost * each:
                given += money * many
            else:
                points += each * many
        falls = 1 - rank * points
        if falls <= 0 or given >= falls * cost:
            break
        cost = given / falls
    return cost
