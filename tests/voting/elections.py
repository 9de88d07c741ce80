"""Tiny elections with small numbers, so that ties abound, for hypothesis."""

from hypothesis import strategies as st

from portal.voting import Ballot, Election, Kind, Project


@st.composite
def elections(draw: st.DrawFn, *, with_points: bool | None = None, plain: bool = False) -> Election:
    """One to five projects of one to six euros, one to six groups of voters, approvals or points."""
    size = draw(st.integers(1, 5))
    ids = [f"p{j}" for j in range(size)]
    points = draw(st.booleans()) if with_points is None else with_points
    projects = []
    for j, one in enumerate(ids):
        excluded = draw(st.sets(st.sampled_from(ids), max_size=1)) - {one} if not plain else set()
        projects.append(
            Project(
                one,
                100 * draw(st.integers(1, 6)),
                excluded_with=frozenset(excluded),
                withdrawn=not plain and j > 0 and draw(st.integers(0, 7)) == 0,
            )
        )
    ballots: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    for _ in range(draw(st.integers(1, 6))):
        options = tuple(sorted(draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=size))))
        values = tuple(draw(st.integers(1, 3)) for _ in options) if points else ()
        ballots[options, values] = draw(st.integers(1, 3))
    grouped = tuple(Ballot(options, values, voters) for (options, values), voters in ballots.items())
    kind = Kind.POINTS if points else Kind.APPROVAL
    return Election(kind, tuple(projects), grouped, 100 * draw(st.integers(1, 15)))
