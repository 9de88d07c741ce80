"""Ties, transparently: lower cost, then more votes, then the public lottery.

Source: equalshares.net, docs/implementation/tie-breaking; pabulib-checker 1.0.8 breaks ties the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy

from portal.voting.election import Election
from portal.voting.outcome import Tie

USUAL = ("cost", "votes", "lottery")


class TieOrder:
    """A total order of the projects, made before the count and used for every step of it.

    Keys: `cost` (lower first), `votes` (more first), `lottery` (its order; without one, the order of the
    list), `id` (alphabetical, as pabutools does).
    """

    def __init__(
        self,
        election: Election,
        keys: Sequence[str] = USUAL,
        lottery: Iterable[str] | None = None,
    ) -> None:
        self._ids = [project.id for project in election.projects]
        self._values: dict[str, Sequence[int | str]] = {
            "cost": [project.cost_cents for project in election.projects],
            "votes": [-votes for votes in election.votes],
            "lottery": _places(election, lottery),
            "id": self._ids,
        }
        unknown = set(keys) - self._values.keys()
        if unknown:
            raise ValueError(f"unknown tie keys: {', '.join(sorted(unknown))}")
        # Whatever the keys are, the last one leaves no tie.
        self._keys = [*keys, "lottery"] if keys[-1:] not in (("lottery",), ("id",)) else list(keys)
        self.rank = self._ranks()

    def _ranks(self) -> list[int]:
        """The place of each project in the order, from 0."""
        columns = [self._values[key] for key in self._keys]
        ranks = [0] * len(self._ids)
        for rank, j in enumerate(sorted(range(len(ranks)), key=lambda j: [column[j] for column in columns])):
            ranks[j] = rank
        return ranks

    def changed(self, j: int, *, cost_cents: int | None = None, more_votes: int = 0) -> TieOrder:
        """The order if this project had another cost, or more votes."""
        other = copy(self)
        costs, votes = list(self._values["cost"]), [int(number) for number in self._values["votes"]]
        costs[j] = costs[j] if cost_cents is None else cost_cents
        votes[j] -= more_votes
        other._values = {**self._values, "cost": costs, "votes": votes}
        other.rank = other._ranks()
        return other

    def first(self, tied: Iterable[int]) -> int:
        """The one that wins the tie."""
        return min(tied, key=self.rank.__getitem__)

    def tie(self, step: int, tied: Iterable[int]) -> Tie:
        """Which projects were equal at this step, and what decided between the first and the second."""
        ordered = sorted(tied, key=self.rank.__getitem__)
        decided = next(
            key for key in self._keys if self._values[key][ordered[0]] != self._values[key][ordered[1]]
        )
        return Tie(step, tuple(self._ids[j] for j in ordered), decided)


def _places(election: Election, lottery: Iterable[str] | None) -> list[int]:
    if lottery is None:
        return list(range(len(election.projects)))
    drawn = {one: place for place, one in enumerate(lottery)}
    missing = [project.id for project in election.projects if project.id not in drawn]
    if missing:
        raise ValueError(f"the lottery order does not name {missing[0]}")
    return [drawn[project.id] for project in election.projects]
