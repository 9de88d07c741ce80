"""What other modules show on a group's pages: they register a function, the page asks each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from portal.core.actors import Actor
from portal.groups.models import Group


class Place(StrEnum):
    """Where a part stands: on the overview, or on one of the other pages that take parts."""

    OVERVIEW = "overview"
    ABOUT = "about"
    MEMBERS = "members"
    FOUNDING = "founding"


@dataclass(frozen=True)
class Part:
    """A section of a page: its heading, the template of its inner part, and what that template needs.

    The template is included and finds the values of `context` in `part.context`. `urgent` parts (something
    waits for the reader) stand above everything else.
    """

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False
    name: str = ""


Maker = Callable[[Group, Actor], Part | None]
OwnMaker = Callable[[Actor], Part | None]
_makers: dict[tuple[Place, str], tuple[int, Maker]] = {}
_own_makers: dict[str, tuple[int, OwnMaker]] = {}


def register_part(place: Place, name: str, maker: Maker, *, order: int = 100) -> None:
    """Show something on a page of every group: `maker(group, actor)`, None for nothing."""
    if (place, name) in _makers:
        raise ValueError(f"the page {place} of groups has two parts called {name}")
    _makers[place, name] = (order, maker)


def parts_of(place: Place, group: Group, actor: Actor) -> list[Part]:
    """The parts that have something to show to this reader: urgent ones first, then in their order."""
    found = []
    for (where, name), (_order, maker) in sorted(_makers.items(), key=lambda item: (item[1][0], item[0][1])):
        part = maker(group, actor) if where is place else None
        if part is not None:
            found.append(replace(part, name=name))
    return sorted(found, key=lambda part: not part.urgent)


def register_own_part(name: str, maker: OwnMaker, *, order: int = 100) -> None:
    """Show something on everybody's page "My groups": `maker(actor)`, None for nothing."""
    if name in _own_makers:
        raise ValueError(f'the page "My groups" has two parts called {name}')
    _own_makers[name] = (order, maker)


def own_parts(actor: Actor) -> list[Part]:
    """What waits for this person in all their groups, urgent parts first."""
    found = []
    for name, (_order, maker) in sorted(_own_makers.items(), key=lambda item: (item[1][0], item[0])):
        part = maker(actor)
        if part is not None:
            found.append(replace(part, name=name))
    return sorted(found, key=lambda part: not part.urgent)
