"""Questions about places. The list of districts is asked on nearly every page, so it is kept in memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, func, select

from portal.core.db import db, session
from portal.places.models import District, Organization

# Other processes see newly loaded districts after this time at the latest.
CACHE_SECONDS = 30.0


@dataclass(frozen=True)
class DistrictCard:
    """What pages need to know about a district; `lat` and `lon` are where its name stands on the map."""

    id: int
    slug: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class _Kept:
    until: float
    cards: list[DistrictCard]
    geometries: dict[int, dict[str, Any]]


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def forget_districts() -> None:
    """Read the districts anew at the next question."""
    _kept.pop(db.engine, None)


def _districts() -> _Kept:
    kept = _kept.get(db.engine)
    if kept is None or kept.until < time.monotonic():
        query = (
            select(District).where(District.retired_at.is_(None)).order_by(District.position, District.name)
        )
        rows = list(session.scalars(query))
        kept = _Kept(
            until=time.monotonic() + CACHE_SECONDS,
            cards=[DistrictCard(row.id, row.slug, row.name, row.label_lat, row.label_lon) for row in rows],
            geometries={row.id: row.geometry for row in rows},
        )
        _kept[db.engine] = kept
    return kept


def districts() -> list[DistrictCard]:
    """The town's districts in the order of the file; kept in memory."""
    return list(_districts().cards)


def district(district_id: int | None) -> DistrictCard | None:
    """One district by id, or None."""
    return next((card for card in _districts().cards if card.id == district_id), None)


def district_by_slug(slug: str) -> DistrictCard | None:
    """One district by the word in its address, or None."""
    return next((card for card in _districts().cards if card.slug == slug), None)


def district_names() -> dict[int, str]:
    """id -> name of every district."""
    return {card.id: card.name for card in _districts().cards}


def _in_ring(lat: float, lon: float, ring: list[list[float]]) -> bool:
    inside = False
    for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def district_at(lat: float, lon: float) -> DistrictCard | None:
    """The district a point lies in (degrees, WGS 84), or None outside the town."""
    for card in _districts().cards:
        shape = _districts().geometries[card.id]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        if any(_in_ring(lat, lon, p[0]) and not any(_in_ring(lat, lon, h) for h in p[1:]) for p in polygons):
            return card
    return None


def open_organizations() -> Select[Organization]:
    """Organisations at work, by name."""
    return (
        select(Organization).where(Organization.closed_at.is_(None)).order_by(func.lower(Organization.name))
    )


def organization_by_public_id(public_id: str) -> Organization | None:
    """One organisation by the id in its address, closed ones too, or None."""
    return session.scalar(select(Organization).where(Organization.public_id == public_id))


def organization_names(ids: list[int]) -> dict[int, str]:
    """id -> name of these organisations, in one query."""
    rows = session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(ids))).all()
    return {row.id: row.name for row in rows}
