"""The walk: every route, method, persona and state; what comes back, what was written, what leaked."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit
from zipfile import ZipFile

from werkzeug.test import TestResponse

from tests.support.whole import WHOLE
from tests.trust.choosing import Names, by_day, states_of, turned, visits
from tests.trust.expectations import NOT_FOUND, OK, SECOND_FACTOR, SIGN_IN, Cell, cells
from tests.trust.forms import form_of
from tests.trust.people import PERSONAS
from tests.trust.things import unknown
from tests.trust.world import World

ARGUMENT = re.compile(r"<(\w+)>")
CSRF = re.compile(r'(name="csrf_token"[^>]*value="|name="csrf-token" content=")[^"]*')
# Headers that differ on every answer, whatever was asked for.
OWN_HEADERS = {"Date", "X-Request-Id", "Set-Cookie", "Content-Length"}
Face = tuple[int, tuple[tuple[str, str], ...], str]
TOMBSTONE = "tombstone"
WRONG_METHODS = ("PUT", "DELETE", "PATCH")
# A visitor's words are kept until the sign-in they are asked for; nobody else's data is touched.
PARKED = {"parked_post"}
# What needs a real code, card, passkey or another address to succeed; the test named with each does.
ELSEWHERE = {
    ("/L/groups/code", "POST"): "groups/test_joining_pages.py::test_three_words_open_a_group",
    ("/L/groups/code/join", "POST"): "groups/test_joining_pages.py::test_three_words_open_a_group",
    ("/L/sign-in/code", "POST"): "accounts/test_sign_in.py::test_new_person_is_in_after_three_screens",
    ("/L/account/town-sign-in", "GET"): "rounds/test_oidc.py::test_there_and_back_and_confirmed",
    ("/L/account/town-sign-in", "POST"): "rounds/test_oidc.py::test_there_and_back_and_confirmed",
    ("/L/account/town-sign-in/start", "GET"): "rounds/test_oidc.py::test_there_and_back_and_confirmed",
    ("/L/account/town-sign-in/back", "GET"): "rounds/test_oidc.py::test_there_and_back_and_confirmed",
    ("/L/votes/<pid>/observed", "GET"): "rounds/test_observers.py::test_the_pages",
    ("/L/votes/<pid>/observed", "POST"): "rounds/test_observers.py::test_the_pages",
    ("/L/account/again/card", "POST"): "accounts/test_cards.py::test_proving_by_card",
    ("/L/staff/second-factor/passkey", "POST"): "accounts/test_second_factor.py::test_passkey",
}
# Wrong codes are counted.
COUNTED = {"/L/staff/second-factor/passkey": {"session"}, "/L/account/again/card": {"sign_in_card"}}


@dataclass
class Report:
    """What a walk found."""

    requests: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    oracles: list[str] = field(default_factory=list)
    positive: set[tuple[str, str]] = field(default_factory=set)
    compared: int = 0

    @property
    def findings(self) -> list[str]:
        """Everything that is not as it should be."""
        return [
            *self.wrong,
            *(f"LEAK {one}" for one in self.leaks),
            *(f"WRITTEN {one}" for one in self.written),
            *(f"ORACLE {one}" for one in self.oracles),
        ]


def path_of(route: str, values: dict[str, Any]) -> str:
    """The address in German."""
    plain = route.replace("/L", "/de", 1) if route.startswith("/L") else route
    return ARGUMENT.sub(lambda found: quote(str(values[found[1]])), plain)


def outcome_of(response: TestResponse) -> str:
    """The answer in the words of the expectations."""
    status = response.status_code
    if 300 <= status < 400:
        place = urlsplit(response.location or "")
        if place.path == "/de/sign-in" and place.query.startswith("next="):
            return SIGN_IN
        if place.path == "/de/staff/second-factor":
            return SECOND_FACTOR
        return OK
    return OK if status < 300 else str(status)


def text_of(response: TestResponse) -> str:
    """The words of an answer, also of a packed one."""
    data: bytes = response.get_data()
    if data.startswith(b"PK"):
        with ZipFile(io.BytesIO(data)) as packed:
            data = b"\n".join(packed.read(name) for name in packed.namelist())
    return data.decode(errors="replace")


def face_of(response: TestResponse, path: str) -> Face:
    """Everything an answer says, without the address that only repeats the question."""
    headers = sorted((name, value) for name, value in response.headers if name not in OWN_HEADERS)
    shown = tuple((name, value.replace(path, "PATH")) for name, value in headers)
    return response.status_code, shown, CSRF.sub(r"\1", text_of(response)).replace(path, "PATH")


# HEAD is GET without its body, and no rule is asked for OPTIONS and for methods that nobody declared: another
# persona at each route by day, another few with WHOLE=1, all of them in `make trust`.
SOME = 6 if WHOLE else len(PERSONAS)
# By day: as how many personas each route is asked for an unknown id, however alike the refusals are.
ASKED_ANYWAY = 2


class Walk:
    """Walks cells of the expectations through a world: all of it, or what is `chosen`."""

    def __init__(self, world: World, *, is_thorough: bool = False, chosen: Names | None = None) -> None:
        self.world, self.report, self.is_thorough = world, Report(), is_thorough
        self.chosen = chosen
        self._unknown: dict[tuple[str, str, str], Face] = {}
        # How this persona is usually told that there is nothing; as how many each route was asked for that.
        self._usual: dict[tuple[str, str], Face] = {}
        self._asked: Counter[tuple[str, str]] = Counter()

    def go(
        self, cells: Iterable[Cell], personas: Iterable[str] = PERSONAS, *, until_found: bool = False
    ) -> Report:
        """Every cell for every persona; until_found: stop at the first answer in which something is wrong."""
        seen: set[str] = set()
        for cell in cells:
            for state, values in self._things(cell):
                for _ in self._visit(cell, state, values, personas, is_first=cell.route not in seen):
                    if until_found and self.report.findings:
                        return self.report
                seen.add(cell.route)
        return self.report

    def _things(self, cell: Cell) -> Iterator[tuple[str, dict[str, Any]]]:
        things = self.world.things[cell.on]
        yield from ((state, things[state]) for state in states_of(cell, self.world.things))

    def _is_chosen(self, cell: Cell, state: str, persona: str) -> bool:
        return self.chosen is None or (cell.route, cell.method, state, persona) in self.chosen

    def _visit(
        self, cell: Cell, state: str, values: dict[str, Any], personas: Iterable[str], *, is_first: bool
    ) -> Iterator[str]:
        # Each route begins with somebody else.
        for number, persona in enumerate(turned(list(personas), cell.route, cell.method)):
            if self._is_chosen(cell, state, persona):
                self._cross(cell, state, values, persona, cell.method)
            yield persona
            if not is_first or not (self.is_thorough or (len(cell.route) + number) % SOME == 0):
                continue
            if cell.method == "GET":
                self._cross(cell, state, values, persona, "HEAD")
            self._automatic(cell, values, persona)

    # ---------------------------------------------------------------- one request

    def _cross(self, cell: Cell, state: str, values: dict[str, Any], persona: str, method: str) -> None:
        where = f"{method} {cell.route} [{state}] as {persona}"
        data = form_of(self.world, cell.route, state, persona) if method == "POST" else None
        response = self._ask(persona, method, path_of(cell.route, values), where, data)
        expected, found = cell.outcomes[persona], outcome_of(response)
        if expected == TOMBSTONE:
            self._expect_tombstone(cell, values, persona, method, response, where)
        elif found != expected:
            self.report.wrong.append(f"{where}: {found} instead of {expected}")
        elif found == OK:
            self.report.positive.add((cell.route, cell.method))
        self._look_at_writes(cell.route, where, method, persona, found)
        if expected in {NOT_FOUND, SIGN_IN} and cell.on and method != "HEAD":
            self._compare(cell, values, persona, method, response, where)
        self.world.restore()

    def _ask(
        self, persona: str, method: str, path: str, where: str, data: dict[str, Any] | None = None
    ) -> TestResponse:
        response = self.world.ask(persona, method, path, data)
        self.report.requests[method] += 1
        text = f"{response.headers}\n{text_of(response)}"
        self.report.leaks += [f"{where}: {place}" for place in self.world.canaries.leaks(text, persona)]
        return response

    def _automatic(self, cell: Cell, values: dict[str, Any], persona: str) -> None:
        """OPTIONS says what may be sent; a method nobody declared is refused."""
        path = path_of(cell.route, values)
        for method, status in (("OPTIONS", 200), (WRONG_METHODS[len(path) % 3], 405)):
            where = f"{method} {cell.route} as {persona}"
            response = self._ask(persona, method, path, where)
            if response.status_code != status:
                self.report.wrong.append(f"{where}: {response.status_code} instead of {status}")
            self._look_at_writes(cell.route, where, method, persona, str(status))

    # ---------------------------------------------------------------- what must hold

    def _expect_tombstone(
        self,
        cell: Cell,
        values: dict[str, Any],
        persona: str,
        method: str,
        response: TestResponse,
        where: str,
    ) -> None:
        """404, and other words than for something unknown."""
        is_told = method == "HEAD" or face_of(response, path_of(cell.route, values)) != self._face_of_unknown(
            cell, values, persona, method, where
        )
        if response.status_code != 404 or not is_told:
            self.report.wrong.append(f"{where}: {response.status_code} instead of a tombstone")

    def _look_at_writes(self, route: str, where: str, method: str, persona: str, found: str) -> None:
        """Reading writes nothing; whoever is refused writes nothing either."""
        if not self.world.is_changed or (method == "POST" and found == OK):
            return
        allowed = PARKED if persona == "V" else COUNTED.get(route, set())
        tables = self.world.changes().keys() - allowed
        if tables:
            self.report.written.append(f"{where} ({found}): {sorted(tables)}")

    def _compare(
        self,
        cell: Cell,
        values: dict[str, Any],
        persona: str,
        method: str,
        response: TestResponse,
        where: str,
    ) -> None:
        """A refusal says exactly what is said about a thing that is not there."""
        self.report.compared += 1
        face = face_of(response, path_of(cell.route, values))
        if self._is_usual(face, cell, persona, method):
            return
        if face != self._face_of_unknown(cell, values, persona, method, where):
            self.report.oracles.append(f"{where} differs from an unknown id")

    def _is_usual(self, face: Face, cell: Cell, persona: str, method: str) -> bool:
        """By day: whether this is what the persona is told about unknown ids of other routes, too, and this
        route has been asked for one as others.
        """
        if self.chosen is None or self._asked[cell.route, method] < ASKED_ANYWAY:
            return False
        return face == self._usual.get((persona, method))

    def _face_of_unknown(
        self, cell: Cell, values: dict[str, Any], persona: str, method: str, where: str
    ) -> Face:
        key = (cell.route, method, persona)
        if key not in self._unknown:
            self.world.restore()
            strange = unknown(cell.on, values)
            fields = form_of(self.world, cell.route, "unknown", persona) if method == "POST" else None
            path = path_of(cell.route, strange)
            answer = self._ask(persona, method, path, f"{where}, unknown", fields)
            self._unknown[key] = face_of(answer, path)
            self._usual.setdefault((persona, method), self._unknown[key])
            self._asked[cell.route, method] += 1
        return self._unknown[key]


def walk(world: World, *, is_first_half: bool) -> tuple[list[Cell], Report]:
    """Half of the cells, by day or whole (choosing.py), and what was found in them."""
    half, chosen = cells(is_first_half=is_first_half), None
    if not WHOLE:
        chosen = by_day(visits(cells(), world.things, PERSONAS))
    return half, Walk(world, chosen=chosen).go(half)


def missing_successes(cells: Iterable[Cell], report: Report) -> list[tuple[str, str]]:
    """Routes that nobody got through: their walk would prove nothing."""
    return sorted({(cell.route, cell.method) for cell in cells} - report.positive - ELSEWHERE.keys())
