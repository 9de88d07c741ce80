"""What if a loser had cost less, or had more supporters: found by bisecting, each answer counted again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

from portal.voting.budgets import add_one, compare_with_greedy, count_shares, is_complete
from portal.voting.election import Ballot, Election
from portal.voting.outcome import Outcome
from portal.voting.reuse import Base, Counted
from portal.voting.rules import Terms, run
from portal.voting.shares import Bought, Bucket, Field
from portal.voting.ties import TieOrder

# A cost is told to about a thousandth of itself; people round it anyway.
_FINE = 1000
# Counts times different ballots: Wieliczka (166 counts) has 0.2 million.
_MOST_WORK = 2_000_000
Wins = Callable[[int], bool]
IsAsBefore = Callable[[Counted], bool]


def is_too_long(outcome: Outcome, election: Election) -> bool:
    """Whether counting everything again would take hours."""
    return outcome.runs * len(election.ballots) > _MOST_WORK


class Recount:
    """Does this project win if the whole election is counted again with one thing changed?

    With `base` (Add1), shares that the change cannot touch are taken from it: see `reuse`.
    """

    def __init__(
        self,
        election: Election,
        rule: str,
        lottery: tuple[str, ...] | None,
        terms: Terms,
        j: int,
        base: Base | None = None,
    ) -> None:
        self._election, self._rule, self._lottery, self._terms = election, rule, lottery, terms
        self._j, self._base = j, base if "add1" in rule else None

    def at_cost(self, cost_cents: int) -> bool:
        """If it cost this."""
        changed = self._election.with_cost(self._j, cost_cents)
        return self._wins(changed, lambda counted: cost_cents > counted.cost[self._j])

    def with_more(self, voters: int) -> bool:
        """If so many more voted for it and for nothing else."""
        changed = self._election.with_more(self._j, voters)
        return self._wins(changed, lambda counted: too_few(counted, self._j, voters))

    def _wins(self, election: Election, is_as_before: IsAsBefore) -> bool:
        if self._base is None:
            winners = run(self._rule, election, self._lottery, self._terms).winners
        else:
            winners = self._reusing(election, self._base, is_as_before).winners
        return election.projects[self._j].id in winners

    def _reusing(self, election: Election, base: Base, is_as_before: IsAsBefore) -> Outcome:
        terms = self._terms
        ties = TieOrder(election, terms.tie_order, self._lottery)
        field = Field.of(election, ties, by_cost=terms.worth_cost, threshold=terms.threshold)
        count = reusing(field, base, is_as_before)
        outcome = add_one(field, unit_cents=terms.unit_cents, count=count)
        return compare_with_greedy(field, outcome) if self._rule.endswith("comparison") else outcome


def too_few(counted: Counted, j: int, voters: int) -> bool:
    """Whether with so many more voters the project is still bought nowhere."""
    return voters < counted.voters[j]


def reusing(field: Field, base: Base, is_as_before: IsAsBefore) -> Callable[[Fraction], list[Bought]]:
    """Counts a share of the changed field, or takes it from the unchanged one where nothing can differ."""

    def count(share: Fraction) -> list[Bought]:
        known = base.at(share)
        return known.bought if is_as_before(known) else count_shares(field, share)

    return count


def highest_cost(wins: Wins, cost: int, fine: int = 1) -> tuple[int, int] | None:
    """(a cost at which it wins, one at most `fine` above at which it loses), below `cost`, at which it loses.

    None if it does not even win for 1.
    """
    if cost < 2 or not wins(1):
        return None
    low, high = 1, cost
    while high - low > fine:
        middle = (low + high) // 2
        low, high = (middle, high) if wins(middle) else (low, middle)
    return low, high


def fewest_votes(wins: Wins, most: int) -> int | None:
    """A number with which it wins and with one less does not, looked for by doubling; None beyond `most`."""
    high = 1
    while not wins(high):
        if high > most:
            return None
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle, high)
    return high


class WhatIf:
    """Questions about one loser of Equal Shares.

    With Add1 a changed project changes when the shares stop growing. The last share whose result fits the
    budget is first looked for from the real one on, by doubling steps and bisecting, as if cost only grew
    with the share. It usually does, but not always: so the answer, and the one beside it that loses, are
    counted again by the whole rule, and where that finds something else, every question is asked that way.
    """

    def __init__(
        self,
        field: Field,
        outcome: Outcome,
        terms: Terms,
        j: int,
        exact: Recount,
        base: Base | None = None,
    ) -> None:
        self._field, self._j, self._exact = field, j, exact
        self._base = base if "add1" in outcome.rule else None
        self._unit = terms.unit_cents
        # In 5,000 answers about small elections the second count found nothing else; in the largest ones,
        # where it would take hours, it is left out.
        self._is_sure = outcome.rule == "equal_shares" or is_too_long(outcome, field.election)
        self._grows = "add1" in outcome.rule
        budget = outcome.budget_cents or 0
        self._budget = budget // self._unit * self._unit if self._grows else budget
        self._guess = int((outcome.final_share or 0) // self._unit)

    def cost_that_wins(self) -> int | None:
        """The highest cost, in whole units, at which it would have won; None if there is none."""
        unit = self._unit
        cost = -(-self._field.election.projects[self._j].cost_cents // unit)
        fine = max(1, cost // _FINE)
        found = highest_cost(self._wins_at, cost, fine)
        if found is None:
            return None
        if not self._is_sure and not self._holds(found, lambda units: self._exact.at_cost(units * unit)):
            found = highest_cost(lambda units: self._exact.at_cost(units * unit), cost, fine)
        return found[0] * unit if found else None

    def votes_that_win(self) -> int | None:
        """How many more, voting for nothing else, would have made it win; None if no number of them would."""
        most = 4 * self._field.election.voters + 4
        found = fewest_votes(self._wins_with, most)
        if found is None:
            return None
        if not self._is_sure and not self._holds((found, found - 1), self._exact.with_more):
            found = fewest_votes(self._exact.with_more, most)
        return found

    @staticmethod
    def _holds(found: tuple[int, int], wins: Wins) -> bool:
        """Whether the first really wins and the second does not; none more (0) is as it was: it lost."""
        won, lost = found
        return wins(won) and (lost == 0 or not wins(lost))

    def _wins_at(self, cost_units: int) -> bool:
        field, cost = self._field, cost_units * self._unit
        projects = list(field.election.projects)
        projects[self._j] = replace(projects[self._j], cost_cents=cost)
        weights = list(field.weights)
        if field.by_cost:
            weights[self._j] = cost
        election = replace(field.election, projects=tuple(projects))
        ties = field.ties.changed(self._j, cost_cents=cost)
        changed = replace(field, election=election, weights=tuple(weights), ties=ties)
        return self._wins(changed, election.voters, lambda counted: cost > counted.cost[self._j])

    def _wins_with(self, voters: int) -> bool:
        field, j = self._field, self._j
        ballots = (*field.election.ballots, Ballot((j,), (), voters))
        # They give what a ballot can give: the most points that anybody gave.
        most = max((bucket.points for buckets in field.buckets for bucket in buckets), default=1)
        buckets, points = list(field.buckets), list(field.points)
        buckets[j] = (*buckets[j], Bucket(most, [], [len(ballots) - 1]))
        points[j] += most * voters
        changed = replace(
            field,
            election=replace(field.election, ballots=ballots),
            buckets=tuple(buckets),
            points=tuple(points),
            eligible=tuple({*field.eligible, j}),
            ties=field.ties.changed(j, more_votes=voters),
        )
        return self._wins(
            changed, field.election.voters + voters, lambda counted: too_few(counted, j, voters)
        )

    def _wins(self, field: Field, voters: int, is_as_before: IsAsBefore) -> bool:
        first = Fraction(self._budget, voters or 1)
        if not self._grows:
            return self._j in _bought(count_shares(field, first))
        self._count = reusing(field, self._base, is_as_before) if self._base else partial(count_shares, field)
        return self._j in self._last_that_fits(field, first)

    def _last_that_fits(self, field: Field, first: Fraction) -> set[int]:
        floor = int(first // self._unit)
        low, step = max(floor, self._guess), 1
        won = self._fitting(field, low, floor, first)
        if won is None:
            while won is None:
                high, low, step = low, max(floor, low - step), 2 * step
                won = self._fitting(field, low, floor, first)
        else:
            high = low + 1
            while (more := self._fitting(field, high, floor, first)) is not None:
                if is_complete(field, more):
                    return more
                won, low, high, step = more, high, high + step, 2 * step
        while high - low > 1:
            middle = (low + high) // 2
            more = self._fitting(field, middle, floor, first)
            low, high, won = (low, middle, won) if more is None else (middle, high, more)
        self._guess = low
        return won

    def _fitting(self, field: Field, units: int, floor: int, first: Fraction) -> set[int] | None:
        """What is bought with this share, if it fits the budget; the first share always fits."""
        bought = _bought(self._count(first if units == floor else Fraction(units * self._unit)))
        cost = sum(field.election.projects[j].cost_cents for j in bought)
        return bought if cost <= self._budget or units == floor else None


def _bought(purchases: list[Bought]) -> set[int]:
    return {one.project for one in purchases}
