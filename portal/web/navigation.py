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


def _values(entry: Entry) -> dict[str, Any]:
    return dict(entry.values)


def items(area: str, actor: Actor) -> list[NavItem]:
    """The entries of an area this actor may use."""
    here = request.endpoint or ""
    chosen = sorted((one for one in _entries if one.area == area), key=lambda one: one.order)
    return [
        NavItem(
            entry.endpoint,
            url_for(entry.endpoint, **_values(entry)),
            entry.label,
            entry.icon,
            here == entry.endpoint and all((request.view_args or {}).get(k) == v for k, v in entry.values),
        )
        for entry in chosen
        if entry.permission is None or can(actor, entry.permission)
    ]
