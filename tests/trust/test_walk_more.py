"""The second half of the walk of test_walk.py: groups, moderation, everything else."""

from __future__ import annotations

from tests.trust.walk import missing_successes, walk
from tests.trust.world import World


def test_the_other_half_of_the_walk(world: World) -> None:
    """No answer is wrong, nothing leaks, refusals look like nothing is there."""
    half, report = walk(world, is_first_half=False)
    assert report.findings == [], "\n".join(report.findings)
    assert missing_successes(half, report) == []
