"""Plane geometry for the map of districts: projection, simpler borders, points in areas, room for names.

Pure Python and small numbers: a town's map of 1,200 points is ready in some 30 ms and kept by its users.
Points are (longitude, latitude) in degrees as in GeoJSON, or (x, y) in picture units with y downwards.
"""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Ring = Sequence[Point]
Polygon = Sequence[Ring]
"""An outer ring and any number of holes, each closed or not."""

# One letter of the system fonts is about this much of the font size wide.
_LETTER_WIDTH = 0.56
# How much a name prefers the middle of its district to a roomier end.
_PULL = 0.2


@dataclass(frozen=True)
class Bounds:
    """The box around points, in the points' own units."""

    west: float
    south: float
    east: float
    north: float

    @property
    def center(self) -> Point:
        return (self.west + self.east) / 2, (self.south + self.north) / 2


def bounds_of(points: Iterable[Point]) -> Bounds:
    """The smallest box around the points; ValueError when there are none."""
    found = list(points)
    if not found:
        raise ValueError("no points")
    xs, ys = [p[0] for p in found], [p[1] for p in found]
    return Bounds(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True)
class Projection:
    """Degrees to picture units: equirectangular, true to scale at the middle latitude.

    Over a town the error against the ellipsoid is far below one unit of a 1,000-unit picture.
    """

    west: float
    north: float
    x_per_degree: float
    y_per_degree: float
    padding: float
    width: int
    height: int

    @classmethod
    def fit(cls, bounds: Bounds, width: int = 1000, padding: float = 12) -> "Projection":
        """The projection that shows the box in a picture of this width; the height follows from it."""
        shrink = math.cos(math.radians(bounds.center[1]))
        span = max(bounds.east - bounds.west, 1e-9)
        x_scale = (width - 2 * padding) / span
        y_scale = x_scale / max(shrink, 0.05)
        height = math.ceil((bounds.north - bounds.south) * y_scale + 2 * padding)
        return cls(bounds.west, bounds.north, x_scale, y_scale, padding, width, height)

    def point(self, longitude: float, latitude: float) -> Point:
        """Where a place lies in the picture."""
        return (
            self.padding + (longitude - self.west) * self.x_per_degree,
            self.padding + (self.north - latitude) * self.y_per_degree,
        )

    def place(self, x: float, y: float) -> Point:
        """The (longitude, latitude) of a point in the picture: where somebody pointed."""
        return (
            self.west + (x - self.padding) / self.x_per_degree,
            self.north - (y - self.padding) / self.y_per_degree,
        )


def polygons_of(geometry: dict[str, Any]) -> list[list[list[Point]]]:
    """The polygons of a GeoJSON geometry of type Polygon or MultiPolygon; ValueError for others."""
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"not an area: {kind}")
    polygons = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
    return [[[(float(p[0]), float(p[1])) for p in ring] for ring in polygon] for polygon in polygons]


def _closed(ring: Ring) -> list[Point]:
    points = list(ring)
    return points if points and points[0] == points[-1] else [*points, *points[:1]]


def in_ring(x: float, y: float, ring: Ring) -> bool:
    """Whether a point lies inside a ring (even-odd rule)."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(_closed(ring)):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def in_polygon(x: float, y: float, polygon: Polygon) -> bool:
    """Whether a point lies in a polygon and in none of its holes."""
    return in_ring(x, y, polygon[0]) and not any(in_ring(x, y, hole) for hole in polygon[1:])


def ring_area(ring: Ring) -> float:
    """The area inside a ring in square units; positive when it runs counter-clockwise (y upwards)."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(_closed(ring))) / 2


# --- simpler borders ------------------------------------------------------------------------------


def simplify_line(points: Sequence[Point], tolerance: float) -> list[Point]:
    """The line with only the points that stand out more than the tolerance; both ends stay.

    Douglas and Peucker, "Algorithms for the reduction of the number of points", Cartographica 10 (1973),
    without recursion.
    """
    if len(points) < 3:
        return list(points)
    keep = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        farthest, distance = 0, tolerance
        for index in range(first + 1, last):
            away = _distance_to_segment(points[index], points[first], points[last])
            if away > distance:
                farthest, distance = index, away
        if farthest:
            keep.add(farthest)
            todo += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(keep)]


def _distance_to_segment(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = 0.0 if not length else max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length))
    return math.hypot(x - x1 - along * dx, y - y1 - along * dy)


def simplify_together(rings: Sequence[Ring], tolerance: float) -> list[list[Point]]:
    """Rings with fewer points whose common borders stay common: no gaps, no overlaps between neighbours.

    Borders are cut where three areas meet; each piece is simplified once and used by both sides.
    """
    closed = [_closed(ring) for ring in rings]
    neighbours: dict[Point, set[Point]] = {}
    for ring in closed:
        for one, other in pairwise(ring):
            neighbours.setdefault(one, set()).add(other)
            neighbours.setdefault(other, set()).add(one)
    corners = {point for point, beside in neighbours.items() if len(beside) != 2}
    known: dict[tuple[Point, ...], list[Point]] = {}
    return [_simpler_ring(ring, corners, tolerance, known) for ring in closed]


def _simpler_ring(
    ring: list[Point], corners: set[Point], tolerance: float, known: dict[tuple[Point, ...], list[Point]]
) -> list[Point]:
    if len(ring) < 5:
        return ring
    start = next((index for index, point in enumerate(ring[:-1]) if point in corners), None)
    if start is None:
        # Two areas that share a whole ring must cut it at the same two points, wherever each begins.
        start = ring.index(min(ring))
    turned = [*ring[start:-1], *ring[: start + 1]]
    cuts = [i for i, point in enumerate(turned) if point in corners or i in (0, len(turned) - 1)]
    if len(cuts) == 2:
        cuts.insert(1, max(range(len(turned)), key=lambda i: (math.dist(turned[0], turned[i]), turned[i])))
    simple: list[Point] = [turned[0]]
    for first, last in pairwise(cuts):
        simple += _simpler_piece(turned[first : last + 1], tolerance, known)[1:]
    # A ring needs three corners to have an inside.
    return simple if len(simple) > 3 else ring


def _simpler_piece(
    piece: list[Point], tolerance: float, known: dict[tuple[Point, ...], list[Point]]
) -> list[Point]:
    """The piece simplified, by the same points whichever of its two sides asks first."""
    turned_round = piece[::-1] < piece
    forward = piece[::-1] if turned_round else piece
    key = tuple(forward)
    if key not in known:
        known[key] = simplify_line(forward, tolerance)
    return known[key][::-1] if turned_round else known[key]


# --- where a name stands --------------------------------------------------------------------------


def label_point(polygon: Polygon, precision: float = 0.01) -> tuple[Point, float]:
    """The best place for a name, and its distance to the border: far inside, and rather in the middle.

    Searches squares, the most promising first (idea: Agafonkin, "polylabel", 2016; the pull towards the
    middle keeps names of long districts from standing at one end). `precision` is a share of the
    polygon's shorter side.
    """
    box = bounds_of(polygon[0])
    size = min(box.east - box.west, box.north - box.south)
    if size <= 0:
        return box.center, 0.0
    search = _LabelSearch(polygon, precision * size)
    half = size / 2
    for column in range(math.ceil((box.east - box.west) / size)):
        for row in range(math.ceil((box.north - box.south) / size)):
            search.look_at((box.west + (2 * column + 1) * half, box.south + (2 * row + 1) * half), half)
    search.run()
    return search.best, max(_signed_distance(search.best, polygon), 0.0)


class _LabelSearch:
    """The search for a name's place: squares in a heap by what they could still hold."""

    def __init__(self, polygon: Polygon, enough: float) -> None:
        self.polygon, self.enough = polygon, enough
        self.middle = centroid(polygon[0])
        self.best = self.middle
        self.worth = self._worth(self.middle)
        self._squares: list[tuple[float, Point, float]] = []

    def _worth(self, point: Point) -> float:
        return _signed_distance(point, self.polygon) - _PULL * math.dist(point, self.middle)

    def look_at(self, center: Point, half: float) -> None:
        """Try the middle of a square, and keep the square if it may hold a better point."""
        worth = self._worth(center)
        if worth > self.worth:
            self.best, self.worth = center, worth
        potential = worth + half * math.sqrt(2) * (1 + _PULL)
        if potential > self.worth + self.enough:
            heapq.heappush(self._squares, (-potential, center, half))

    def run(self) -> None:
        """Look into the most promising square until none can hold a better point."""
        while self._squares:
            potential, (x, y), half = heapq.heappop(self._squares)
            if -potential <= self.worth + self.enough:
                return
            quarter = half / 2
            for dx in (-quarter, quarter):
                for dy in (-quarter, quarter):
                    self.look_at((x + dx, y + dy), quarter)


def centroid(ring: Ring) -> Point:
    """The centre of gravity of the area inside a ring; may lie outside of it."""
    area = ring_area(ring)
    if not area:
        return bounds_of(ring).center
    pairs = [(one, other, one[0] * other[1] - other[0] * one[1]) for one, other in pairwise(_closed(ring))]
    x = sum((one[0] + other[0]) * cross for one, other, cross in pairs) / (6 * area)
    y = sum((one[1] + other[1]) * cross for one, other, cross in pairs) / (6 * area)
    return x, y


def _signed_distance(point: Point, polygon: Polygon) -> float:
    """The distance to the border, negative outside."""
    nearest = min(
        _distance_to_segment(point, one, other) for ring in polygon for one, other in pairwise(_closed(ring))
    )
    return nearest if in_polygon(*point, polygon) else -nearest


def room_at(point: Point, polygon: Polygon) -> float:
    """How wide the polygon is at a point, from border to border on its horizontal line; 0 outside."""
    x, y = point
    if not in_polygon(x, y, polygon):
        return 0.0
    crossings = [
        (x2 - x1) * (y - y1) / (y2 - y1) + x1
        for ring in polygon
        for (x1, y1), (x2, y2) in pairwise(_closed(ring))
        if (y1 > y) != (y2 > y)
    ]
    left = max((c for c in crossings if c <= x), default=x)
    right = min((c for c in crossings if c > x), default=x)
    # The name is centred on the point, so the nearer border decides.
    return 2 * min(x - left, right - x)


def text_width(text: str, font_size: float) -> float:
    """About how wide a text is in the system's fonts; for deciding whether a name fits."""
    return len(text) * font_size * _LETTER_WIDTH
