"""The second half of the walk of test_walk.py: groups, moderation, everything else."""

from __future__ import annotations

from tests.trust.expectations import cells
from tests.trust.walk import Walk, missing_successes
from tests.trust.world import World


def test_the_other_half_of_the_walk(world: World) -> None:
    """No answer is wrong, nothing leaks, refusals look like nothing is there."""
    half = cells(is_first_half=False)
    report = Walk(world).go(half)
    assert report.findings == [], "\n".join(report.findings)
    assert missing_successes(half, report) == []
