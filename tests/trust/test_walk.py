"""A1, A2, A3: every route x method x persona x state answers and writes as the matrix says.

The other half is walked in test_walk_more.py, so that two processors share the work.
"""

from __future__ import annotations

from tests.trust.expectations import listed_routes, routes_of
from tests.trust.walk import missing_successes, walk
from tests.trust.world import World


def test_every_route_is_expected(world: World) -> None:
    """A new route, or a new method of an old one, must be written into expectations.json first."""
    assert routes_of(world.app) == listed_routes()


def test_half_of_the_walk(world: World) -> None:
    """Proposals, conversations: no answer is wrong, nothing leaks, refusals look like nothing is there."""
    half, report = walk(world, is_first_half=True)
    assert report.findings == [], "\n".join(report.findings)
    assert missing_successes(half, report) == []
