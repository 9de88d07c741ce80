"""Districts and organisations for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from portal.core import clock
from portal.core.db import session
from portal.places.models import District, Organization
from portal.places.queries import forget_districts

_numbers = count(1)


def square(lon: float, lat: float, size: float = 0.01) -> dict[str, Any]:
    """A square whose south-west corner is given, as GeoJSON."""
    ring = [
        [lon, lat],
        [lon + size, lat],
        [lon + size, lat + size],
        [lon, lat + size],
        [lon, lat],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def make_district(name: str = "", **values: Any) -> District:
    """A district; without a place of its own it is the next square to the east."""
    number = next(_numbers)
    lon, lat = 8.0 + number * 0.01, 50.0
    values.setdefault("slug", f"district-{number}")
    values.setdefault("geometry", square(lon, lat))
    values.setdefault("position", number)
    district = District(
        name=name or f"District {number}", label_lat=lat + 0.005, label_lon=lon + 0.005, **values
    )
    session.add(district)
    session.flush()
    forget_districts()
    return district


def make_organization(name: str = "", **values: Any) -> Organization:
    """An organisation."""
    values.setdefault("created_at", clock.now())
    organization = Organization(name=name or f"Organisation {next(_numbers)}", **values)
    session.add(organization)
    session.flush()
    return organization
