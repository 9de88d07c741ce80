"""Does anything notice a wrong rule? Each declared permission is made wrong in memory, one way after another.

First the walk is asked: a mutant is killed when it finds anything wrong in the cells that ask this permission
(which those are is written down during a walk with the right rules). What the walk does not notice goes to
the tests of the package that declares the rule.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable

from flask import Flask

from portal.core import permissions
from portal.core.permissions import Permission
from portal.web.access import route_access
from tests.support.mutating import VARIABLE, Mutant, made_wrong
from tests.trust.choosing import Names
from tests.trust.expectations import Cell, route_of
from tests.trust.walk import Report, Walk
from tests.trust.world import World

# A rule that every page asks is not made more visible by the four hundredth page.
NEAREST = 30


class Listening(dict[str, Permission]):
    """The declared permissions; writes down which of them are asked."""

    asked: set[str]

    def __getitem__(self, name: str) -> Permission:
        self.asked.add(name)
        return super().__getitem__(name)


def walk_and_listen(world: World, cells: Iterable[Cell]) -> tuple[Report, dict[str, list[Cell]]]:
    """A walk with the right rules: what it found, and the cells in which each permission is asked."""
    walk, asked_in = Walk(world, is_thorough=True), {}
    right = permissions._permissions
    listening = Listening(right)
    permissions._permissions = listening
    try:
        for cell in cells:
            listening.asked = set()
            walk.go([cell])
            asked_in[cell.route, cell.method, cell.state] = (cell, listening.asked)
    finally:
        permissions._permissions = right
    return walk.report, nearest_first(asked_in.values(), declared_by(world.app))


def declared_by(app: Flask) -> dict[tuple[str, str], str]:
    """Route and method -> the permission its view declares."""
    access = route_access(app)
    return {
        (route_of(rule), method): access[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }


def nearest_first(
    asked_in: Iterable[tuple[Cell, set[str]]], declared: dict[tuple[str, str], str]
) -> dict[str, list[Cell]]:
    """Permission -> the cells that ask it: first those whose route stands or falls with it, then those that
    ask few others. A page of staff asks for each line of its menu, too, and shows one line less without."""
    asking = defaultdict(list)
    for cell, names in sorted(asked_in, key=lambda one: len(one[1])):
        for name in names:
            asking[name].append(cell)
    for name, cells in asking.items():
        cells.sort(key=lambda one, name=name: declared.get((one.route, one.method)) != name)  # type: ignore[misc]
    return asking


def is_seen_walking(
    world: World, mutant: Mutant, asking: dict[str, list[Cell]], chosen: Names | None = None
) -> bool:
    """Whether the walk notices, in the cells nearest to this rule: in all visits there, or in the chosen."""
    with made_wrong(mutant):
        walk = Walk(world, chosen=chosen)
        return bool(walk.go(asking.get(mutant.name, [])[:NEAREST], until_found=True).findings)


def is_seen_by_tests(mutant: Mutant, files: tuple[str, ...]) -> bool:
    """Whether a test of these files fails in a process of its own, in which the rule is wrong."""
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not browser", "-p", "no:cacheprovider", *files],
        env={**os.environ, VARIABLE: f"{mutant.name}={mutant.how}"},
        capture_output=True,
        check=False,
    )
    if answer.returncode not in {0, 1}:
        raise RuntimeError(answer.stdout.decode()[-2000:])
    return answer.returncode == 1
