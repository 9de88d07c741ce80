"""A file of districts that waits to be loaded, as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portal.core.geometry import Projection, bounds_of, polygons_of, simplify_together
from portal.core.settings import current_settings
from portal.places.operations import DistrictChange
from portal.places.queries.maps import svg_path

WIDTH = 400
TOLERANCE = 1.2


@dataclass(frozen=True)
class DraftArea:
    """One district of the file in the picture."""

    name: str
    change: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class DraftMap:
    """The picture of what the file holds."""

    width: int
    height: int
    areas: tuple[DraftArea, ...]


def pending_folder() -> Path:
    """Where files wait between check and loading; every machine sees the same instance folder."""
    return current_settings().instance / "pending"


def pending_file(token: str) -> Path | None:
    """The file that was checked under this token, or None when it is gone."""
    path = pending_folder() / f"districts-{token}.geojson"
    return path if token.isalnum() and path.is_file() else None


def draft_map(changes: list[DistrictChange]) -> DraftMap:
    """The districts the file holds (not those that would be retired), drawn to be looked at."""
    kept = [one for one in changes if one.change != "retired"]
    shapes = [list(polygons_of(one.geometry)) for one in kept]
    outlines = (point for polygons in shapes for polygon in polygons for point in polygon[0])
    projection = Projection.fit(bounds_of(outlines), width=WIDTH, padding=8)
    owners = [number for number, polygons in enumerate(shapes) for polygon in polygons for _ring in polygon]
    rings = [
        [projection.point(*point) for point in ring]
        for polygons in shapes
        for polygon in polygons
        for ring in polygon
    ]
    paths = [""] * len(kept)
    for owner, ring in zip(owners, simplify_together(rings, TOLERANCE), strict=True):
        paths[owner] += svg_path(ring)
    areas = []
    for one, path in zip(kept, paths, strict=True):
        x, y = projection.point(one.label[1], one.label[0])
        areas.append(DraftArea(one.name, one.change, path, round(x, 1), round(y, 1)))
    return DraftMap(WIDTH, projection.height, tuple(areas))
