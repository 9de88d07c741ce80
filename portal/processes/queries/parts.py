"""What packages above show on a process's page: they register a function, the page asks each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from portal.core.actors import Actor


@dataclass(frozen=True)
class Part:
    """A section of the page: its heading, the template of its inner part, and what that template needs.

    The template is included and finds the values of `context` in `part.context`. `actions` are what people
    can do at this moment, as (address, words, icon): buttons at the top of the page.
    """

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    actions: tuple[tuple[str, str, str], ...] = ()


Maker = Callable[[int, Actor], Part | None]
_makers: dict[str, tuple[int, Maker]] = {}


def register_part(name: str, maker: Maker, *, order: int = 100) -> None:
    """A package shows something on the pages of processes: `maker(process_id, actor)`, None for nothing."""
    if name in _makers:
        raise ValueError(f"processes have two parts called {name}")
    _makers[name] = (order, maker)


def parts_of(process_id: int, actor: Actor) -> list[Part]:
    """The parts that have something to show to this reader, in their order."""
    found = []
    for name, (_order, maker) in sorted(_makers.items(), key=lambda item: (item[1][0], item[0])):
        part = maker(process_id, actor)
        if part is not None:
            found.append(replace(part, name=name))
    return found
