"""What of the walk is walked by day. WHOLE=1 and `make trust` walk everything.

A visit is one method of one route, the thing in one state, one persona. By day there are, for each route and
method,

- each persona with each answer it ever gets there, in one of the states that give it;
- each state with each answer that anybody gets there, for one of the personas who get it (but for those who
  are sent to sign in first, whatever they ask for);

and each persona meets each state of each thing in some route. Which of equals it is, is decided by the names
alone: the same on every day and every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from zlib import crc32

from tests.trust.expectations import SECOND_FACTOR, SIGN_IN, Cell


class Visit(NamedTuple):
    """One answer to look at."""

    cell: Cell
    state: str
    persona: str

    @property
    def name(self) -> tuple[str, str, str, str]:
        """What tells it from all others."""
        return self.cell.route, self.cell.method, self.state, self.persona

    @property
    def outcome(self) -> str:
        """What should come of it."""
        return self.cell.outcomes[self.persona]


Things = dict[str, dict[str, dict[str, Any]]]
Names = set[tuple[str, str, str, str]]


def states_of(cell: Cell, things: Things) -> Iterable[str]:
    """The states a cell stands for: of some things each state gets the same answers."""
    return things[cell.on] if cell.state == "*" else [cell.state]


def visits(cells: Iterable[Cell], things: Things, personas: Iterable[str]) -> list[Visit]:
    """Every route, method, state and persona."""
    return [
        Visit(cell, state, persona)
        for cell in cells
        for state in states_of(cell, things)
        for persona in personas
    ]


def turned(names: list[Any], *said: str) -> list[Any]:
    """The same names, beginning with one of them: always the same one, and another for another question."""
    first = crc32(" ".join(said).encode()) % len(names)
    return [*names[first:], *names[:first]]


def one_of_each(all_of_them: Iterable[Visit], kind: Callable[[Visit], tuple[str, ...]]) -> list[Visit]:
    """One visit of each kind."""
    kinds = defaultdict(list)
    for visit in all_of_them:
        kinds[kind(visit)].append(visit)
    return [turned(equal, *kind)[0] for kind, equal in kinds.items()]


def one_state_each(all_of_them: Iterable[Visit]) -> list[Visit]:
    """Each persona with each answer of each route and method."""
    return one_of_each(all_of_them, lambda one: (one.cell.route, one.cell.method, one.persona, one.outcome))


def by_day(all_of_them: list[Visit]) -> Names:
    """The names of those that are chosen."""
    found = {one.name for one in one_state_each(all_of_them)}

    def add_missing(some: list[Visit], kind: Callable[[Visit], tuple[str, ...]]) -> None:
        met = {kind(one) for one in some if one.name in found}
        missing = [one for one in some if kind(one) not in met]
        found.update(one.name for one in one_of_each(missing, kind))

    looked_at = [one for one in all_of_them if one.outcome not in {SIGN_IN, SECOND_FACTOR}]
    add_missing(looked_at, lambda one: (one.cell.route, one.cell.method, one.state, one.outcome))
    add_missing(all_of_them, lambda one: (one.cell.on, one.state, one.persona))
    return found
