"""A3: whether something exists cannot be told by a clock either."""

from __future__ import annotations

import time
from statistics import median

import pytest

from tests.trust.walk import path_of
from tests.trust.world import World

ROUNDS = 40
# Generous: others use the machine too. A lookup that costs one query more takes less than a millisecond.
SECONDS = 0.005


@pytest.mark.parametrize(
    ("persona", "route", "kind", "state"),
    [
        ("R", "/L/proposals/drafts/<pid>/what", "proposal", "draft"),
        ("R", "/L/proposals/<pid>/versions", "proposal", "hidden"),
        ("V", "/L/comments/<pid>", "comment", "hidden"),
        ("R", "/L/decisions/<pid>", "decision", "objected"),
        ("AD", "/L/moderation/cases/<pid>", "case", "open"),
        ("MX", "/L/moderation/cases/<pid>", "case", "open"),
    ],
)
def test_what_is_hidden_takes_as_long_as_what_is_not_there(
    world: World, persona: str, route: str, kind: str, state: str
) -> None:
    """Medians of requests asked in turn, so that a busy machine slows both alike."""
    there, nowhere = world.things[kind][state], {"pid": "abcdefgh"}
    taken: dict[str, list[float]] = {"there": [], "nowhere": []}
    for _ in range(ROUNDS):
        for name, values in (("there", there), ("nowhere", nowhere)):
            taken[name].append(seconds(world, persona, path_of(route, values)))
    assert abs(median(taken["there"]) - median(taken["nowhere"])) < SECONDS


def seconds(world: World, persona: str, path: str) -> float:
    """How long one answer took, in processor time: waiting for others is not ours."""
    begun = time.process_time()
    answer = world.ask(persona, "GET", path)
    taken = time.process_time() - begun
    assert answer.status_code == 404
    return taken
