"""Made-up elections of any size, always the same ones."""

from __future__ import annotations

from random import Random

from portal.voting import Ballot, Election, Kind, Project


def random_election(
    voters: int, projects: int, *, points: int = 0, chosen: int = 10, seed: int = 1, scale: int = 1
) -> Election:
    """Voters with a taste: some projects are popular, costs differ; the budget pays about a tenth."""
    random = Random(seed)
    costs = [1_000 * scale * random.randint(50, 1_000) for _ in range(projects)]
    weights = [1 / (1 + random.randint(0, projects)) for _ in range(projects)]
    ballots: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    for _ in range(voters):
        many = random.randint(1, 2 * chosen - 1)
        options = tuple(sorted(set(random.choices(range(projects), weights, k=many))))
        values = tuple(random.randint(1, points) for _ in options) if points else ()
        ballots[options, values] = ballots.get((options, values), 0) + 1
    grouped = tuple(Ballot(options, values, many) for (options, values), many in ballots.items())
    listed = tuple(Project(f"p{j:03}", cost) for j, cost in enumerate(costs))
    kind = Kind.POINTS if points else Kind.APPROVAL
    return Election(kind, listed, grouped, sum(costs) // 10 // 100 * 100)
