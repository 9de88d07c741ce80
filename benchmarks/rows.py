"""The rows of the table. A row is three lines: a name with its goals, a function, the request it returns.

    @row("list, visitor", cpu_ms=2.0, ratio=0.12)
    def proposals(town: Town) -> Get:
        return Get("/de/proposals")

A row that must ask for something else each time returns an iterator of requests instead. `town.facts` holds
what the seeding wrote down (ids, cookies), so that a row can name a proposal or come as somebody.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle, product
from secrets import token_hex
from typing import Any

from benchmarks.load import Get, Post

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


@row("list, visitor, kept", ratio=0.5)
def kept_list(town: Town) -> Get:
    """All proposals, as a visitor's second click gets them within ten seconds."""
    return Get("/de/proposals")


@row("list, visitor", cpu_ms=2.0, ratio=0.12)
def visitors_list(town: Town) -> Iterator[Get]:
    """All proposals, never from the store of kept pages: the address is new each time."""
    return (Get(f"/de/proposals?n={number}") for number in count())


@row("list, signed in", cpu_ms=4.0, ratio=0.08)
def residents_list(town: Town) -> Get:
    """All proposals, as somebody who is signed in sees them."""
    return Get("/de/proposals", {"Cookie": town.facts["people"][0]["cookie"]})


@row("proposal with 50 comments, visitor", cpu_ms=4.0, ratio=0.08)
def discussed(town: Town) -> Iterator[Get]:
    """A proposal that people talk about, not kept."""
    return (Get(f"/de/proposals/{town.facts['discussed']}?n={number}") for number in count())


@row("home, visitor", cpu_ms=3.0, ratio=0.10)
def home(town: Town) -> Iterator[Get]:
    """The first page, not kept."""
    return (Get(f"/de/?n={number}") for number in count())


@row("search, three words", p95_ms=60, sizes=(100_000,))
def three_words(town: Town) -> Iterator[Get]:
    """Three words that many proposals have, another page of the address each time."""
    return (Get(f"/de/search?q=neue+bank+marktplatz&n={number}") for number in count())


def _form(person: dict[str, str], path: str, **fields: str) -> Post:
    form = {"csrf_token": person["token"], **fields}
    return Post(path, {"Cookie": person["cookie"]}, form=form)


@row("support POST", cpu_ms=6.0, sizes=(1_000, 100_000))
def support(town: Town) -> Iterator[Post]:
    """Each person supports one proposal after the other."""
    unordered = random.sample(town.facts["proposals"], len(town.facts["proposals"]))
    pairs = product(unordered, town.facts["people"])  # a town that is kept has supported some of them before
    return (_form(person, f"/de/proposals/{pid}/support") for pid, person in pairs)


@row("comment POST", cpu_ms=6.0, sizes=(1_000, 100_000))
def comment(town: Town) -> Iterator[Post]:
    """The people talk; a new key each time, since a form sent twice is one comment."""
    path = f"/de/threads/{town.facts['thread']}/comments"
    words, run = "Das sehe ich auch so, und ich helfe gern mit.", token_hex(4)
    return (
        _form(person, path, body=f"{words} {number}", form_key=f"{run}-{number}")
        for number, person in enumerate(cycle(town.facts["people"]))
    )


@row("sign-in: ask for a code, POST", cpu_ms=10.0, sizes=(1_000,))
def ask_for_code(town: Town) -> Iterator[Post]:
    """A new network each time, so that the brake against guessing stays off."""
    stranger = town.facts["strangers"][0]
    for number in count():
        form = {"csrf_token": stranger["token"], "identifier": f"new{number}@example.org"}
        yield Post("/de/sign-in", {"Cookie": stranger["cookie"], **_network(number)}, form=form)


@row("sign-in: try a code, POST", cpu_ms=90.0, sizes=(1_000,))
def try_code(town: Town) -> Iterator[Post]:
    """A wrong code, compared with the live ones of this browser by its hash; each browser has five tries."""
    for number, browser in enumerate(cycle(town.facts["browsers"])):
        form = {"csrf_token": browser["token"], "code": "00000000"}
        headers = {"Cookie": browser["cookie"], **_network(number)}
        yield Post("/de/sign-in/code", headers, expect=422, form=form)


def _network(number: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"10.{number // 256 % 256}.{number % 256}.1"}


@row("health check", sizes=(1_000,))
def health(town: Town) -> Get:
    """The least the portal can do: routing and headers, no page."""
    return Get("/healthz")
