"""The rows of the table. A row is three lines: a name with its goals, a function, the request it returns.

    @row("list, visitor", cpu_ms=2.0, ratio=0.12)
    def proposals(town: Town) -> Get:
        return Get("/de/proposals")

A row that must ask for something else each time returns an iterator of requests instead. `town.facts` holds
what the seeding wrote down (ids, cookies), so that a row can name a proposal or come as somebody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load import Get

Requests = Get | Iterator[Get]


@dataclass(frozen=True)
class Town:
    """The place a row is measured in."""

    database: str
    proposals: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One line of the table and what we promise about it."""

    name: str
    requests: Callable[[Town], Requests]
    cpu_ms: float | None = None
    ratio: float | None = None
    p95_ms: float | None = None
    sizes: tuple[int, ...] | None = None

    def is_measured_in(self, town: Town) -> bool:
        """Whether this row has anything to say about a town of this size."""
        return self.sizes is None or town.proposals in self.sizes


ROWS: list[Row] = []


def row(name: str, **goals: Any) -> Callable[[Callable[[Town], Requests]], Callable[[Town], Requests]]:
    """Adds a row. Goals: cpu_ms and p95_ms at most, ratio to hello's requests per second at least. With sizes
    the row is measured only in towns of these sizes."""

    def add(requests: Callable[[Town], Requests]) -> Callable[[Town], Requests]:
        ROWS.append(Row(name, requests, **goals))
        return requests

    return add


@row("home, visitor", cpu_ms=3.0, ratio=0.10)
def home(town: Town) -> Get:
    """The first page, as most people see it."""
    return Get("/de/")


@row("health check")
def health(town: Town) -> Get:
    """The least the portal can do: routing and headers, no page."""
    return Get("/healthz")
