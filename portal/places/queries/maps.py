"""The districts as a picture: outlines, where names stand, and from a place to a point and back.

The picture is 400 units wide, so that names of 13 units can be read on a phone. It is made once per set of
districts (some 30 ms) and kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.core.geometry import (
    Bounds,
    Point,
    Polygon,
    Projection,
    bounds_of,
    in_polygon,
    label_point,
    ring_area,
    room_at,
    simplify_together,
    text_width,
)
from portal.places.queries.districts import DistrictCard, districts, polygons_of_district, version

WIDTH = 400
# A picture of one district that is clicked without scripts: the browser tells pixels of the size in the
# page, so it has one size everywhere, and fits a phone of 320.
PICK_WIDTH = 280
TOLERANCE = 1.2
# A point costs about three bytes after compression; names and links of eight districts some 400.
MOST_POINTS = 360
FONT_SIZE = 13.0


@dataclass(frozen=True)
class MapArea:
    """A district in the picture. `label`: its name, or its number in the list where the name has no room."""

    id: int
    slug: str
    name: str
    number: int
    path: str
    x: float
    y: float
    label: str


@dataclass(frozen=True)
class MapPicture:
    """A picture of districts, to be drawn as SVG by macros/map.html."""

    width: int
    height: int
    areas: tuple[MapArea, ...]
    projection: Projection

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place lies in the picture, inside its frame."""
        x, y = self.projection.point(lon, lat)
        return round(min(max(x, 6), self.width - 6), 1), round(min(max(y, 6), self.height - 6), 1)


def map_picture() -> MapPicture | None:
    """The whole town, or None while there are no districts."""
    return _town(version()) if districts() else None


@lru_cache(maxsize=8)
def _town(version: int) -> MapPicture:
    cards = districts()
    return _picture(cards, _bounds(cards), WIDTH, numbers={card.id: i for i, card in enumerate(cards, 1)})


def district_picture(card: DistrictCard) -> MapPicture:
    """One district with what lies around it, for pointing at a place."""
    return _around(card, version())


@lru_cache(maxsize=64)
def _around(card: DistrictCard, version: int) -> MapPicture:
    cards = districts()
    return _picture(cards, _bounds([card]), PICK_WIDTH, numbers=dict.fromkeys([c.id for c in cards], 0))


def picked_place(card: DistrictCard, x: int, y: int) -> tuple[float, float] | None:
    """(lat, lon) of the pixel somebody pointed at in the district's picture.

    None outside the district, and for 0, 0, which a browser sends when the picture is pressed by keyboard.
    """
    if (x, y) == (0, 0):
        return None
    lon, lat = district_picture(card).projection.place(x, y)
    inside = any(in_polygon(lon, lat, polygon) for polygon in polygons_of_district(card.id))
    return (round(lat, 6), round(lon, 6)) if inside else None


def _bounds(cards: Sequence[DistrictCard]) -> Bounds:
    return bounds_of(
        point for card in cards for polygon in polygons_of_district(card.id) for point in polygon[0]
    )


def _picture(
    cards: Sequence[DistrictCard], bounds: Bounds, width: int, *, numbers: dict[int, int]
) -> MapPicture:
    projection = Projection.fit(bounds, width=width, padding=8)
    owners: list[tuple[int, int]] = []
    rings: list[list[Point]] = []
    for card in cards:
        for index, polygon in enumerate(polygons_of_district(card.id)):
            for ring in polygon:
                owners.append((card.id, index))
                rings.append([projection.point(*point) for point in ring])
    shapes: dict[int, dict[int, list[list[Point]]]] = {card.id: {} for card in cards}
    for (card_id, index), ring in zip(owners, _simpler(rings), strict=True):
        shapes[card_id].setdefault(index, []).append(ring)
    areas = tuple(_area(card, list(shapes[card.id].values()), numbers[card.id]) for card in cards)
    return MapPicture(width, projection.height, areas, projection)


def _simpler(rings: Sequence[Sequence[Point]]) -> list[list[Point]]:
    """The rings with as many points as a small picture shows, and never more than a slow line takes."""
    tolerance = TOLERANCE
    simple = simplify_together(rings, tolerance)
    while sum(map(len, simple)) > MOST_POINTS and tolerance < WIDTH / 20:
        tolerance *= 1.4
        simple = simplify_together(rings, tolerance)
    return simple


def _area(card: DistrictCard, polygons: list[list[list[Point]]], number: int) -> MapArea:
    largest: Polygon = max(polygons, key=lambda polygon: abs(ring_area(polygon[0])))
    x, y = _roomiest(label_point(largest)[0], largest, text_width(card.name, FONT_SIZE))
    fits = text_width(card.name, FONT_SIZE) <= room_at((x, y), largest)
    return MapArea(
        id=card.id,
        slug=card.slug,
        name=card.name,
        number=number,
        path="".join(svg_path(ring) for polygon in polygons for ring in polygon),
        x=round(x, 1),
        y=round(y + FONT_SIZE / 3, 1),
        label=card.name if fits else str(number),
    )


def _roomiest(point: Point, polygon: Polygon, wanted: float) -> Point:
    """The point, or the nearest one beside it where a name of the wanted width has room."""
    x, y = point
    beside = sorted(range(-80, 81, 4), key=abs)
    return next(((x + dx, y) for dx in beside if room_at((x + dx, y), polygon) >= wanted), point)


def svg_path(ring: Sequence[Point]) -> str:
    """The ring as SVG path data in relative steps of tenths, which compress well."""
    tenths = [(math.floor(x * 10 + 0.5), math.floor(y * 10 + 0.5)) for x, y in ring]
    if len(tenths) > 1 and tenths[0] == tenths[-1]:
        tenths = tenths[:-1]
    (x0, y0), *rest = tenths
    parts = [f"M{_short(x0)} {_short(y0)}l"]
    x, y = x0, y0
    for next_x, next_y in rest:
        dx, dy = _short(next_x - x), _short(next_y - y)
        parts.append(f"{dx}{dy}" if dy.startswith("-") else f"{dx} {dy}")
        x, y = next_x, next_y
    steps = parts[0] + parts[1] if len(parts) > 1 else parts[0]
    for part in parts[2:]:
        steps += part if part.startswith("-") else f" {part}"
    return steps + "z"


def _short(tenths: int) -> str:
    """12 -> "1.2", 5 -> ".5", -5 -> "-.5", 20 -> "2"."""
    text = f"{tenths / 10:g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
