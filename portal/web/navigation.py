"""Navigation: packages register entries; a page shows those its reader may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from portal.core.actors import Actor
from portal.core.permissions import can


@dataclass(frozen=True)
class Entry:
    """One entry: area main (tab bar), more, staff or footer."""

    endpoint: str
    label: Any
    icon: str
    order: int
    area: str
    permission: str | None
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class NavItem:
    """An entry ready to be shown."""

    endpoint: str
    url: str
    label: Any
    icon: str
    current: bool


_entries: list[Entry] = []


def register_nav(
    endpoint: str,
    label: Any,
    *,
    icon: str = "arrow",
    order: int = 100,
    area: str = "main",
    permission: str | None = None,
    **values: str,
) -> None:
    """A package adds an entry at import."""
    _entries.append(Entry(endpoint, label, icon, order, area, permission, tuple(values.items())))
    _entries.sort(key=lambda one: one.order)


def items(area: str, actor: Actor) -> tuple[NavItem, ...]:
    """The entries of an area this actor may use."""
    here, given = request.endpoint or "", request.view_args or {}
    return tuple(
        NavItem(
            entry.endpoint,
            url_for(entry.endpoint, **dict[str, Any](entry.values)),
            entry.label,
            entry.icon,
            here == entry.endpoint and all(given.get(key) == value for key, value in entry.values),
        )
        for entry in _entries
        if entry.area == area and (entry.permission is None or can(actor, entry.permission))
    )
