"""Navigation: packages register entries; a page shows those its reader may use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

from portal.core.actors import Actor
from portal.core.i18n import current_language
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


@dataclass(frozen=True, eq=False)
class NavItem:
    """An entry ready to be shown. There is one of each (see `_made`), so it is known by what it is."""

    endpoint: str
    url: str
    label: Any
    icon: str
    current: bool
    # The page is none of the menu's own, but stands below this entry.
    within: bool = False


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
    _made.clear()


# An entry looks the same on every page but one: (entry, language, root, whether it is this page).
_made: dict[tuple[int, str, str, bool], NavItem] = {}


def items(area: str, actor: Actor) -> tuple[NavItem, ...]:
    """The entries of an area this actor may use."""
    here, given = request.endpoint or "", request.view_args or {}
    language, root = current_language().slug, request.script_root
    found = []
    for number, entry in enumerate(_entries):
        if entry.area != area or not (entry.permission is None or can(actor, entry.permission)):
            continue
        current = here == entry.endpoint and all(given.get(key) == value for key, value in entry.values)
        key = (number, language, root, current)
        item = _made.get(key)
        if item is None:
            url = url_for(entry.endpoint, **dict[str, Any](entry.values))
            item = _made[key] = NavItem(entry.endpoint, url, entry.label, entry.icon, current)
        found.append(item)
    return tuple(found if any(one.current for one in found) else _with_section(found))


def _with_section(found: list[NavItem]) -> list[NavItem]:
    """The entry below whose address this page stands is marked; of several the nearest."""
    path = request.script_root + request.path
    above = [
        one
        for one in found
        if path.startswith(f"{one.url.rstrip('/')}/") and one.endpoint != "discovery.home"
    ]
    nearest = max(above, key=lambda one: len(one.url), default=None)
    return [replace(one, within=True) if one is nearest else one for one in found]
