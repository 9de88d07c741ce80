"""Does the walk notice a wrong rule? Each declared permission is made wrong in memory, one way after another.

A mutant is killed when the walk finds anything wrong. Those that survive are asked by no route (operations
ask them once more), or say what another rule says already.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Flask

from portal.core import permissions
from portal.core.permissions import Deny, Permission, all_permissions, anyone, nobody
from portal.web.access import route_access
from tests.trust.expectations import Cell, cells, route_of
from tests.trust.walk import Walk
from tests.trust.world import World


@dataclass(frozen=True)
class Mutant:
    """A permission made wrong."""

    name: str
    how: str
    wrong: Permission


def mutants_of(one: Permission) -> list[Mutant]:
    """Always yes, always no, visitors let in or shut out, visible to all, the other kind of no."""
    other = Deny.FORBIDDEN if one.deny is Deny.NOT_FOUND else Deny.NOT_FOUND
    found = [
        Mutant(one.name, "always yes", replace(one, rule=anyone, sees=None)),
        Mutant(one.name, "always no", replace(one, rule=nobody)),
        Mutant(one.name, "visitors", replace(one, visitors=not one.visitors)),
        Mutant(one.name, "the other no", replace(one, deny=other)),
    ]
    if one.sees:
        found.append(Mutant(one.name, "seen by all", replace(one, sees=None)))
    # A rule that everybody passes cannot be more generous, and never says no.
    pointless = {"always yes", "the other no"} if one.rule is anyone else set()
    return [mutant for mutant in found if mutant.how not in pointless]


def all_mutants() -> list[Mutant]:
    """Of every permission that is declared."""
    return [mutant for one in all_permissions() for mutant in mutants_of(one)]


@contextmanager
def made_wrong(mutant: Mutant) -> Iterator[None]:
    """The wrong rule holds inside the block."""
    right = permissions._permissions[mutant.name]
    permissions._permissions[mutant.name] = mutant.wrong
    try:
        yield
    finally:
        permissions._permissions[mutant.name] = right


def cells_about(app: Flask, name: str) -> list[Cell]:
    """What asks this permission, directly or to know whether something is visible at all."""
    asking = {one.name for one in all_permissions() if name in {one.name, one.sees}}
    access = route_access(app)
    routes = {route_of(rule) for rule in app.url_map.iter_rules() if access[rule.endpoint] in asking}
    return [cell for cell in cells() if cell.route in routes]


def is_killed(world: World, mutant: Mutant) -> bool:
    """Whether the walk notices: first where the permission is asked, then everywhere."""
    with made_wrong(mutant):
        near = cells_about(world.app, mutant.name)
        if Walk(world).go(near, until_found=True).findings:
            return True
        far = [cell for cell in cells() if cell not in near] if not near else []
        return bool(Walk(world).go(far, until_found=True).findings)
