"""What a grant opens: the package that has it says so. Nobody can agree on a grant that opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.i18n import LazyString
from portal.groups.models import GRANTS_DISCREET, Grant, Group


@dataclass(frozen=True)
class Look:
    """Where it leads, and what the link says; without a link it is a figure on the page itself."""

    label: LazyString
    url: Callable[[Group], str] | None = None


_looks: dict[Grant, Look] = {}


def register_look(grant: Grant, look: Look) -> None:
    """Say what this grant opens. Bookings of rooms: the package of rooms, when there is one."""
    if grant in _looks:
        raise ValueError(f"{grant} opens two things")
    _looks[grant] = look


def look_at(grant: Grant) -> Look | None:
    """What the grant opens; None while there is nothing of this kind."""
    return _looks.get(grant)


def offered_grants(group: Group) -> list[Grant]:
    """What a group can agree on: what opens something, and what its privacy allows."""
    return [one for one in Grant if one in _looks and (not group.is_discreet or one in GRANTS_DISCREET)]
