"""The picture of a town: districts as SVG paths, places for their names, pins. Drawn by a template."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from portal.core.geometry import (
    Point,
    Projection,
    Ring,
    bounds_of,
    label_point,
    polygons_of,
    ring_area,
    room_at,
    simplify_together,
    text_width,
)


def svg_path(rings: Iterable[Ring], *, closed: bool = True) -> str:
    """The `d` of an SVG path through points in picture units, whole and in relative form."""
    parts: list[str] = []
    for ring in rings:
        points = [(round(x), round(y)) for x, y in ring]
        if closed and len(points) > 1 and points[0] == points[-1]:
            points.pop()
        steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
        line = " ".join(f"{dx} {dy}" for dx, dy in steps if (dx, dy) != (0, 0)).replace(" -", "-")
        if line:
            parts.append(f"M{points[0][0]} {points[0][1]}l{line}" + ("z" if closed else ""))
    return "".join(parts)


@dataclass(frozen=True)
class Area:
    """One district in the picture: its path, where its name stands, and how much room the name has there."""

    key: str
    path: str
    x: int
    y: int
    room: int

    def fits(self, text: str, font_size: float) -> bool:
        """Whether a name of this size fits beside the borders; else the map shows a number and a legend."""
        return text_width(text, font_size) <= self.room


@dataclass(frozen=True)
class TownMap:
    """The map of a town: a picture of `width` x `height` units, its areas in the order given."""

    width: int
    height: int
    areas: tuple[Area, ...]
    projection: Projection

    def pin(self, longitude: float, latitude: float) -> tuple[int, int] | None:
        """Where a place lies in the picture, or None when it is outside of it."""
        x, y = self.projection.point(longitude, latitude)
        if not (0 <= x <= self.width and 0 <= y <= self.height):
            return None
        return round(x), round(y)


def town_map(districts: dict[str, dict[str, Any]], width: int = 1000, tolerance: float = 1.5) -> TownMap:
    """The map of districts given as key -> GeoJSON geometry; ValueError without any.

    `tolerance` is in picture units: borders move by that much at most, together for both neighbours.
    """
    shapes = {key: polygons_of(geometry) for key, geometry in districts.items()}
    bounds = bounds_of(p for polygons in shapes.values() for polygon in polygons for p in polygon[0])
    projection = Projection.fit(bounds, width)
    rings = [
        [projection.point(*point) for point in ring]
        for polygons in shapes.values()
        for polygon in polygons
        for ring in polygon
    ]
    simple = iter(simplify_together(rings, tolerance))
    areas = [
        _area(key, [[next(simple) for _ in polygon] for polygon in polygons])
        for key, polygons in shapes.items()
    ]
    return TownMap(projection.width, projection.height, tuple(areas), projection)


def _area(key: str, polygons: list[list[list[Point]]]) -> Area:
    largest = max(polygons, key=lambda polygon: abs(ring_area(polygon[0])))
    (x, y), _ = label_point(largest, 0.02)
    path = svg_path(ring for polygon in polygons for ring in polygon)
    return Area(key, path, round(x), round(y), int(room_at((x, y), largest)))


@dataclass(frozen=True)
class PinGroup:
    """Pins so near each other that one sign stands for all; `members` are their positions in the input."""

    x: int
    y: int
    members: tuple[int, ...]


def group_pins(pins: Sequence[tuple[float, float]], distance: float) -> list[PinGroup]:
    """Pins gathered so that no two signs are nearer than about `distance`; every pin is in one group.

    Goes through the pins in order, so that the same pins give the same picture.
    """
    groups: list[list[int]] = []
    cells: dict[tuple[int, int], list[int]] = {}
    for index, (x, y) in enumerate(pins):
        column, row = math.floor(x / distance), math.floor(y / distance)
        near = (
            group
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for group in cells.get((column + dx, row + dy), ())
            if math.dist(pins[groups[group][0]], (x, y)) < distance
        )
        found = min(near, default=None)
        if found is None:
            cells.setdefault((column, row), []).append(len(groups))
            groups.append([index])
        else:
            groups[found].append(index)
    return [PinGroup(round(pins[g[0]][0]), round(pins[g[0]][1]), tuple(g)) for g in groups]
