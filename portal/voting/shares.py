"""The Method of Equal Shares, exact and fast: one run with a given share of money per voter.

Source: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities",
NeurIPS 2021; pabulib-checker 1.0.8. Everybody gets the same share. Again and again the project is bought
whose supporters pay least for what they get: each pays the same price per point, or all that is left to
them if that is less. A project whose supporters together cannot pay it is out.

All numbers are integers. Voters who paid for the same things hold the same money, so money is kept per
*class* of voters, as a numerator over one denominator that all classes share. A price can only rise while
money is spent, so projects are looked at in the order of their last price and most are not looked at again.
Floats only say in which order to look; every decision compares cross-multiplied integers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd
from typing import NamedTuple

from portal.voting.election import Election
from portal.voting.ties import TieOrder

# A float quotient of two integers is wrong by less than 2e-16 of itself; this is ample.
_SLACK = 1 + 1e-12
_SPENT = 0  # the class of those who have nothing left
_RICH = 1  # the class of those who paid for nothing yet


class Bucket(NamedTuple):
    """Supporters of one project who gave it the same points: ballots cast once, and those cast by several."""

    points: int
    once: list[int]
    several: list[int]


class Price(NamedTuple):
    """`numerator / (points × unit)` cents per point; `points` are those of the supporters who pay it."""

    numerator: int
    points: int


class Bought(NamedTuple):
    """A purchase: the project, its price, how many paid in full or gave their rest, and who was equal."""

    project: int
    price: Fraction
    paid_in_full: int
    gave_their_rest: int
    tied: tuple[int, ...]


@dataclass(frozen=True)
class Field:
    """An election made ready for many runs. `weights` turn a price per point into a price per use."""

    election: Election
    ties: TieOrder
    buckets: tuple[tuple[Bucket, ...], ...]
    points: tuple[int, ...]
    weights: tuple[int, ...]
    conflicts: tuple[frozenset[int], ...]
    eligible: tuple[int, ...]
    by_cost: bool

    @classmethod
    def of(
        cls, election: Election, ties: TieOrder, *, by_cost: bool | None = None, threshold: int = 0
    ) -> Field:
        """`by_cost`: a project is worth its cost to who approves it (usual there), else its points."""
        buckets, points = _supporters(election)
        if by_cost is None:
            by_cost = not any(ballot.values for ballot in election.ballots)
        weights = tuple(p.cost_cents if by_cost else 1 for p in election.projects)
        places = election.positions
        conflicts = [{places[i] for i in p.excluded_with if i in places} for p in election.projects]
        for j, others in enumerate(conflicts):
            for other in tuple(others):
                conflicts[other].add(j)
        eligible = tuple(
            j
            for j, p in enumerate(election.projects)
            if points[j] > 0 and points[j] >= threshold and not p.withdrawn
        )
        return cls(
            election, ties, buckets, points, weights, tuple(map(frozenset, conflicts)), eligible, by_cost
        )


def _supporters(election: Election) -> tuple[tuple[tuple[Bucket, ...], ...], tuple[int, ...]]:
    found: list[dict[int, Bucket]] = [{} for _ in election.projects]
    totals = [0] * len(found)
    for group, (options, values, count) in enumerate(election.ballots):
        for option, points in zip(options, values or (1,) * len(options), strict=True):
            if points <= 0:
                continue
            here = found[option]
            bucket = here.get(points)
            if bucket is None:
                bucket = here[points] = Bucket(points, [], [])
            (bucket.once if count == 1 else bucket.several).append(group)
            totals[option] += points * count
    return tuple(tuple(here.values()) for here in found), tuple(totals)


class Run:
    """One count with a fixed share per voter: iterate over `purchases()`; `money` is as after the last."""

    def __init__(self, field: Field, share: Fraction) -> None:
        self.field = field
        self.unit = share.denominator
        self.money = [0, share.numerator]
        self.classes = [_RICH] * len(field.election.ballots)
        self._counts = [ballot.voters for ballot in field.election.ballots]
        self._room = 4096

    def holders(self, j: int) -> list[tuple[int, int, int]]:
        """(money, points, how many) of the supporters of a project who have money left."""
        found = []
        classes, counts, money = self.classes, self._counts, self.money
        for points, once, several in self.field.buckets[j]:
            histogram = Counter(map(classes.__getitem__, once))
            for group in several:
                histogram[classes[group]] += counts[group]
            histogram.pop(_SPENT, None)
            found += [(money[c], points, many) for c, many in histogram.items()]
        return found

    def price(self, j: int, cost_cents: int | None = None) -> Price | None:
        """The least price per point at which the supporters pay the whole cost; None: they cannot."""
        cost = self.field.election.projects[j].cost_cents if cost_cents is None else cost_cents
        return price_of(self.holders(j), cost * self.unit)

    def purchases(self) -> Iterator[Bought]:
        """Buys until nothing can be bought any more. Ties are all known before one is decided."""
        field = self.field
        out: set[int] = set()
        queue = [(0.0, j) for j in field.eligible]
        heapify(queue)
        while best := self._cheapest(queue, out):
            tied, price = best
            winner = field.ties.first(tied)
            for j in tied:
                if j != winner:
                    heappush(queue, (self._rank(j, price[j]), j))
            out.add(winner)
            out |= field.conflicts[winner]
            yield self._buy(winner, price[winner], tuple(tied))

    def _rank(self, j: int, price: Price) -> float:
        return price.numerator / (price.points * self.unit * (self.field.weights[j] or 1))

    def _cheapest(
        self, queue: list[tuple[float, int]], out: set[int]
    ) -> tuple[list[int], dict[int, Price]] | None:
        """The projects with the least price for their use, all exactly equal; None when nothing is left."""
        best: list[int] = []
        prices: dict[int, Price] = {}
        weights = self.field.weights
        least, left, right = float("inf"), 0, 1
        while queue and queue[0][0] <= least * _SLACK:
            _, j = heappop(queue)
            if j in out:
                continue
            price = self.price(j)
            if price is None:
                continue  # money only gets less: this one is out for good
            prices[j] = price
            # left/right is the best price for its use, without the unit, which all share.
            mine, theirs = price.numerator * right, left * price.points * (weights[j] or 1)
            if not best or mine < theirs:
                best = [j]
                left, right = price.numerator, price.points * (weights[j] or 1)
                least = self._rank(j, price)
            elif mine == theirs:
                best.append(j)
        for j, price in prices.items():
            if j not in best:
                heappush(queue, (self._rank(j, price), j))
        return (best, prices) if best else None

    def _buy(self, j: int, price: Price, tied: tuple[int, ...]) -> Bought:
        exact = Fraction(price.numerator, price.points * self.unit)
        shorten = gcd(price.numerator, price.points)
        due, scale = price.numerator // shorten, price.points // shorten
        classes, counts, old = self.classes, self._counts, self.money
        self.unit *= scale
        self.money = money = [amount * scale for amount in old] if scale != 1 else old
        full = rest = 0
        for points, once, several in self.field.buckets[j]:
            owed = due * points
            many = Counter(map(classes.__getitem__, once))
            for group in several:
                many[classes[group]] += counts[group]
            many.pop(_SPENT, None)
            moved = {_SPENT: _SPENT}
            for c, voters in many.items():
                left = money[c] - owed
                full, rest = (full + voters, rest) if left >= 0 else (full, rest + voters)
                moved[c] = len(money) if left > 0 else _SPENT
                if left > 0:
                    money.append(left)
            for group in once:
                classes[group] = moved[classes[group]]
            for group in several:
                classes[group] = moved[classes[group]]
        if len(self.money) > self._room:
            self._sweep()
        return Bought(j, exact, full, rest, tied)

    def _sweep(self) -> None:
        """Forgets classes in which nobody is any more."""
        used = sorted({*self.classes, _SPENT, _RICH})
        new = {c: place for place, c in enumerate(used)}
        self.money = [self.money[c] for c in used]
        self.classes = [new[c] for c in self.classes]
        self._room = max(4096, 2 * len(used))


def price_of(holders: list[tuple[int, int, int]], cost: int) -> Price | None:
    """The price at which all who can pay it, and the rest of the others, make up the cost.

    From below: as if everybody could pay it; whoever cannot gives all they have, and the price for the others
    rises; until nobody new falls out (three to six steps). `cost` in the unit of the money.

        >>> price_of([(10, 1, 2), (2, 1, 1)], 12)  # the third gives 2, the others 5 each
        Price(numerator=10, points=2)
        >>> price_of([(1, 1, 3)], 4) is None
        True
    """
    if sum(money * many for money, _, many in holders) < cost:
        return None
    points = sum(each * many for _, each, many in holders)
    due = cost
    while True:
        stay, given, gone = [], 0, 0
        for one in holders:
            money, each, many = one
            if money * points < due * each:
                given += money * many
                gone += each * many
            else:
                stay.append(one)
        if not gone:
            # Something that costs nothing may find only supporters who have nothing left.
            return Price(due, points or 1)
        due -= given
        points -= gone
        holders = stay
