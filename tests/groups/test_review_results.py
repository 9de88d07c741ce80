"""What the votes of a review come to."""

from __future__ import annotations

import pytest

from portal.groups.models import ReviewResult
from portal.groups.queries.peace import decide

NONE, MEASURE, OUT = ReviewResult.NO_CHANGE, ReviewResult.MEASURE, ReviewResult.EXCLUSION


@pytest.mark.parametrize(
    ("votes", "electors", "round_", "exclusion", "expected"),
    [
        ((0, 0, 0), 4, 1, True, None),
        ((0, 0, 0), 4, 2, True, ReviewResult.NO_QUORUM),
        ((1, 0, 0), 4, 1, True, None),
        ((2, 0, 0), 4, 1, True, NONE),
        ((1, 0, 3), 9, 2, True, ReviewResult.NO_QUORUM),
        ((0, 1, 4), 9, 1, True, OUT),
        ((2, 0, 4), 6, 1, True, OUT),
        ((3, 0, 5), 8, 1, True, None),
        ((3, 1, 4), 8, 1, True, None),
        ((2, 3, 0), 8, 1, True, MEASURE),
        ((2, 2, 0), 4, 1, True, None),
        ((2, 2, 0), 4, 2, False, NONE),
        ((2, 3, 0), 5, 2, False, MEASURE),
        ((0, 0, 5), 5, 2, False, NONE),
    ],
)
def test_what_comes_out(
    votes: tuple[int, int, int], electors: int, round_: int, exclusion: bool, expected: ReviewResult | None
) -> None:
    tallies = dict(zip((NONE, MEASURE, OUT), votes, strict=True))
    assert decide(tallies, electors=electors, round_=round_, exclusion_possible=exclusion) is expected
