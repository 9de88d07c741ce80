"""A3: can a clock tell whether something exists? A figure of `make trust`, no test: other work on the machine
moves it, and a limit wide enough never to be wrong would prove nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

from tests.trust.walk import path_of
from tests.trust.world import World

ROUNDS = 200
CASES = (
    ("R", "/L/proposals/drafts/<pid>/what", "proposal", "draft"),
    ("R", "/L/proposals/<pid>/versions", "proposal", "hidden"),
    ("V", "/L/comments/<pid>", "comment", "hidden"),
    ("R", "/L/decisions/<pid>", "decision", "objected"),
    ("AD", "/L/moderation/cases/<pid>", "case", "open"),
    ("MX", "/L/moderation/cases/<pid>", "case", "open"),
)
NOWHERE = {"pid": "abcdefgh"}


@dataclass(frozen=True)
class Difference:
    """Milliseconds of processor time, medians: of a thing that is hidden, and of none."""

    there_ms: float
    nowhere_ms: float

    @property
    def apart_ms(self) -> float:
        """How far apart they are."""
        return abs(self.there_ms - self.nowhere_ms)


def differences(world: World, rounds: int = ROUNDS) -> list[Difference]:
    """Both are asked in turn, so that a busy machine slows them alike."""
    found = []
    for persona, route, kind, state in CASES:
        paths = [path_of(route, values) for values in (world.things[kind][state], NOWHERE)]
        taken = [[_milliseconds(world, persona, path) for path in paths] for _ in range(rounds)]
        there, nowhere = (median(one[column] for one in taken) for column in (0, 1))
        found.append(Difference(there, nowhere))
    return found


def _milliseconds(world: World, persona: str, path: str) -> float:
    """Processor time of one answer: waiting for others is not ours."""
    begun = time.process_time()
    answer = world.ask(persona, "GET", path)
    taken = time.process_time() - begun
    if answer.status_code != 404:
        raise AssertionError(f"{path} as {persona}: {answer.status}")
    return taken * 1000
