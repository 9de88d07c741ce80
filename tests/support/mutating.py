"""Permissions made wrong in memory, to see whether anything notices (`make trust`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from portal.core import permissions
from portal.core.permissions import Deny, Permission, all_permissions, anyone, nobody

# Set for a process whose tests shall run with a wrong rule.
VARIABLE = "PORTAL_TEST_MUTANT"


@dataclass(frozen=True)
class Mutant:
    """A permission made wrong."""

    name: str
    how: str
    wrong: Permission

    @property
    def package(self) -> str:
        """Whose rule it is."""
        return self.name.partition(".")[0]


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


_staying: set[str] = set()


def stay_wrong(text: str) -> None:
    """The mutant `name=how`, as long as the process lives. Each test's portal asks for it: the second time
    "the other no" would be the right one again, and "always yes" not found any more."""
    if text in _staying:
        return
    _staying.add(text)
    name, _, how = text.partition("=")
    (mutant,) = (one for one in mutants_of(permissions.get_permission(name)) if one.how == how)
    permissions._permissions[name] = mutant.wrong
