"""Ties, transparently: lower cost, then more votes, then the public lottery.

Source: equalshares.net, docs/implementation/tie-breaking; pabulib-checker 1.0.8 breaks ties the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

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
        places = _places(election, lottery)
        ways: dict[str, Callable[[int], int | str]] = {
            "cost": lambda j: election.projects[j].cost_cents,
            "votes": lambda j: -election.votes[j],
            "lottery": lambda j: places[j],
            "id": lambda j: election.projects[j].id,
        }
        unknown = set(keys) - ways.keys()
        if unknown:
            raise ValueError(f"unknown tie keys: {', '.join(sorted(unknown))}")
        # Whatever the keys are, the last one leaves no tie.
        self._keys = [*keys, "lottery"] if keys[-1:] not in (("lottery",), ("id",)) else list(keys)
        self._ways = [ways[key] for key in self._keys]
        order = sorted(range(len(election.projects)), key=lambda j: tuple(way(j) for way in self._ways))
        self.rank = [0] * len(order)
        for rank, j in enumerate(order):
            self.rank[j] = rank
        self._ids = [project.id for project in election.projects]

    def first(self, tied: Iterable[int]) -> int:
        """The one that wins the tie."""
        return min(tied, key=self.rank.__getitem__)

    def tie(self, step: int, tied: Iterable[int]) -> Tie:
        """Which projects were equal at this step, and what decided between the first and the second."""
        ordered = sorted(tied, key=self.rank.__getitem__)
        decided = next(
            key for key, way in zip(self._keys, self._ways, strict=True) if way(ordered[0]) != way(ordered[1])
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
