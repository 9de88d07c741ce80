"""What was voted on, and how: projects and grouped ballots, the same shape for every kind of vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

YES, ABSTAIN, NO = 1, 0, -1
_ANSWERS = {"yes": YES, "abstain": ABSTAIN, "no": NO}


class Kind(StrEnum):
    """What people put on their ballots; it says what `Ballot.values` means."""

    APPROVAL = "approval"  # no values: each project named is approved
    POINTS = "points"  # points out of a fixed sum, 0 for what is not named
    SCORE = "score"  # a mark for each project, 0 for what is not named
    RANKING = "ranking"  # places from 1, equal places allowed; what is not named is last
    YES_NO = "yes_no"  # YES, NO or ABSTAIN for each proposal
    RESISTANCE = "resistance"  # 0 (none) to 10 (unbearable) for each option
    DATES = "dates"  # 2 suits, 1 if need be, 0 does not


@dataclass(frozen=True, slots=True)
class Project:
    """One option. `excluded_with` names projects of which at most one may win; a withdrawn one cannot win."""

    id: str
    cost_cents: int = 0
    name: str = ""
    excluded_with: frozenset[str] = frozenset()
    withdrawn: bool = False


class Ballot(NamedTuple):
    """A choice and how many made it: positions in `Election.projects`, a value for each (none: 1 each)."""

    options: tuple[int, ...]
    values: tuple[int, ...]
    voters: int


@dataclass(frozen=True)
class Election:
    """Projects, ballots and the budget. `blank` ballots chose nothing: they are counted, and get no share.

    `point_scale` is what all points were multiplied with so that they are whole (1.5 points, scale 2: 3).
    """

    kind: Kind
    projects: tuple[Project, ...]
    ballots: tuple[Ballot, ...]
    budget_cents: int | None = None
    blank: int = 0
    point_scale: int = 1

    @cached_property
    def voters(self) -> int:
        """How many ballots choose something."""
        return sum(ballot.voters for ballot in self.ballots)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each project stands, by its id."""
        return {project.id: position for position, project in enumerate(self.projects)}

    @cached_property
    def votes(self) -> tuple[int, ...]:
        """For each project: how many ballots name it (with points: give it more than none)."""
        return self._sums()[0]

    @cached_property
    def scores(self) -> tuple[int, ...]:
        """For each project: all its points (votes, where there are no points), times `point_scale`."""
        return self._sums()[1]

    @cached_property
    def most_points(self) -> int:
        """The most that anybody gave to one project; 1 where there are no points."""
        return max((value for ballot in self.ballots for value in ballot.values), default=1)

    def with_cost(self, j: int, cost_cents: int) -> Election:
        """The same ballots if this project had another cost."""
        changed = replace(self.projects[j], cost_cents=cost_cents)
        other = replace(self, projects=(*self.projects[:j], changed, *self.projects[j + 1 :]))
        # What does not change is not summed again: what-ifs are asked thousands of times.
        other.__dict__.update(voters=self.voters, votes=self.votes, scores=self.scores)
        return other

    def with_more(self, j: int, voters: int) -> Election:
        """With so many more who vote for nothing else. They give it the most points that anybody gave."""
        has_points = any(ballot.values for ballot in self.ballots)
        most = self.most_points
        values = (most,) if has_points else ()
        other = replace(self, ballots=(*self.ballots, Ballot((j,), values, voters)))
        votes, scores = list(self.votes), list(self.scores)
        votes[j] += voters
        scores[j] += voters * most
        other.__dict__.update(
            voters=self.voters + voters, votes=tuple(votes), scores=tuple(scores), most_points=most
        )
        return other

    def _sums(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        votes, scores = [0] * len(self.projects), [0] * len(self.projects)
        for options, values, count in self.ballots:
            if not values:
                for option in options:
                    votes[option] += count
                continue
            for option, value in zip(options, values, strict=True):
                scores[option] += value * count
                votes[option] += count if value > 0 else 0
        if not any(ballot.values for ballot in self.ballots):
            scores = votes
        return tuple(votes), tuple(scores)

    @classmethod
    def of(
        cls,
        kind: Kind | str,
        projects: Iterable[Project],
        contents: Iterable[Mapping[str, Any]],
        *,
        budget_cents: int | None = None,
    ) -> Election:
        """The election of ballots as the ballot box keeps them.

        `{"choices": ["3", "7"]}`, `{"points": {"3": 4}}`, `{"order": [["3"], ["1", "2"]]}` or
        `{"answers": {"1": "yes"}}`; other keys are not looked at. Raises KeyError for an unknown option.

            >>> two = [Project("bench", 100), Project("tree", 50)]
            >>> ballots = [{"choices": ["tree"]}, {"choices": ["tree"]}, {"choices": []}]
            >>> election = Election.of("approval", two, ballots)
            >>> election.ballots, election.voters, election.blank
            ((Ballot(options=(1,), values=(), voters=2),), 2, 1)
        """
        chosen = Kind(kind)
        projects = tuple(projects)
        positions = {project.id: position for position, project in enumerate(projects)}
        grouped = Counter(read_content(content, positions) for content in contents)
        blank = grouped.pop(((), ()), 0)
        ballots = tuple(Ballot(options, values, count) for (options, values), count in grouped.items())
        return cls(chosen, projects, ballots, budget_cents, blank)


def read_content(
    content: Mapping[str, Any], positions: Mapping[str, int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Options in their order on the list, and their values, so that equal ballots become equal."""
    if "choices" in content:
        return tuple(sorted(positions[option] for option in content["choices"])), ()
    if "order" in content:
        pairs = [(positions[o], place) for place, level in enumerate(content["order"], 1) for o in level]
    elif "answers" in content:
        pairs = [(positions[option], _ANSWERS[answer]) for option, answer in content["answers"].items()]
    else:
        pairs = [(positions[option], int(points)) for option, points in content["points"].items()]
    pairs.sort()
    return tuple(option for option, _ in pairs), tuple(value for _, value in pairs)
