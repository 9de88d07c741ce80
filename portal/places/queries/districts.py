"""Questions about districts. The list of districts is asked on nearly every page, so it is kept in memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from portal.core.db import db, session
from portal.core.geometry import Polygon, in_polygon, polygons_of
from portal.places.models import District

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
    outlines: dict[int, list[Polygon]]
    version: int


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
            outlines={row.id: list(polygons_of(row.geometry)) for row in rows},
            version=hash(tuple((row.id, row.slug, row.name, str(row.geometry)) for row in rows)),
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


def polygons_of_district(district_id: int) -> list[Polygon]:
    """The district's outline: polygons of rings of (longitude, latitude)."""
    return _districts().outlines.get(district_id, [])


def district_at(lat: float, lon: float) -> DistrictCard | None:
    """The district a point lies in (degrees, WGS 84), or None outside the town."""
    kept = _districts()
    for card in kept.cards:
        if any(in_polygon(lon, lat, polygon) for polygon in kept.outlines[card.id]):
            return card
    return None


def version() -> int:
    """A number that changes when other districts are read: what is made of them is kept by it."""
    return _districts().version
