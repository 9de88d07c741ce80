"""What changes places: loading districts from a file, keeping organisations."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.core import audit, clock, search
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.geometry import label_point, polygons_of, ring_area
from portal.core.permissions import ensure
from portal.places.errors import BrokenDistricts, NameMissing, NameTaken, WebsiteNotSecure
from portal.places.models import District, Organization
from portal.places.queries import document_of, forget_districts

audit.schema("places.organization_created", visibility="public")
audit.schema("places.organization_changed", visibility="public")
audit.schema("places.organization_closed", visibility="public")
audit.schema("places.organization_reopened", visibility="public")

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

# Host with a dot, no name or password before it, nothing that ends an attribute.
WEBSITE = re.compile(r"""https://[^\s"'<>\\@/?#]+\.[^\s"'<>\\@/?#.]+([/?#][^\s"'<>\\]*)?""")


def slug_of(name: str) -> str:
    """The word for addresses: "Süd-West" becomes "sued-west"."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(UMLAUTS))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def _features(path: Path) -> list[tuple[str, str, dict[str, Any], tuple[float, float]]]:
    """(slug, name, geometry, (lat, lon) of the label) of each feature, or BrokenDistricts."""
    try:
        found = []
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            properties, shape = feature["properties"], feature["geometry"]
            if shape["type"] not in {"Polygon", "MultiPolygon"}:
                raise BrokenDistricts
            name = str(properties["name"]).strip()
            slug = slug_of(str(properties.get("slug") or name))
            found.append((slug, name, shape, _label_point(properties, shape)))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        raise BrokenDistricts from None
    slugs = [slug for slug, *_ in found]
    if not found or "" in slugs or len(set(slugs)) != len(slugs):
        raise BrokenDistricts
    return found


def _label_point(properties: dict[str, Any], shape: dict[str, Any]) -> tuple[float, float]:
    given = properties.get("label")
    if given:
        return float(given[1]), float(given[0])
    largest = max(polygons_of(shape), key=lambda polygon: abs(ring_area(polygon[0])))
    (lon, lat), _room = label_point(largest)
    return lat, lon


@dataclass(frozen=True)
class DistrictChange:
    """What a file would do to one district. change: new, changed, same or retired."""

    slug: str
    name: str
    change: str
    geometry: dict[str, Any]
    label: tuple[float, float]


def check_districts(path: Path | str) -> list[DistrictChange]:
    """What loading this file would do, without doing it, in the order of the file; BrokenDistricts."""
    known = {row.slug: row for row in session.scalars(select(District).order_by(District.position))}
    found = []
    for slug, name, shape, label in _features(Path(path)):
        row = known.pop(slug, None)
        before = None if row is None or row.retired_at else (row.name, row.geometry)
        change = "new" if before is None else "same" if before == (name, shape) else "changed"
        found.append(DistrictChange(slug, name, change, shape, label))
    gone = [row for row in known.values() if row.retired_at is None]
    return found + [
        DistrictChange(row.slug, row.name, "retired", row.geometry, (row.label_lat, row.label_lon))
        for row in gone
    ]


def load_districts(path: Path | str) -> int:
    """Load the districts of a GeoJSON file (FeatureCollection of Polygon or MultiPolygon with `name`).

    Known ones (by slug) are updated, missing ones retired, never deleted. All or nothing: BrokenDistricts.
    Optional properties: `slug`, `label` ([lon, lat] where the name stands). Returns how many there are.
    """
    found = _features(Path(path))
    known = {row.slug: row for row in session.scalars(select(District))}
    for position, (slug, name, shape, (lat, lon)) in enumerate(found):
        row = known.pop(slug, None)
        if row is None:
            row = District(slug=slug)
            session.add(row)
        row.name, row.geometry, row.label_lat, row.label_lon = name, shape, lat, lon
        row.position, row.retired_at = position, None
    for row in known.values():
        row.retired_at = row.retired_at or clock.now()
    session.flush()
    forget_districts()
    return len(found)


def create_organization(
    actor: Actor,
    *,
    name: str,
    description: str = "",
    contact: str = "",
    website: str = "",
    language: str = "de",
) -> Organization:
    """A new organisation. NameMissing, NameTaken or WebsiteNotSecure when the facts do not hold."""
    organization = Organization(created_at=clock.now(), name="")
    _describe(organization, name, description, contact, website, language)
    session.add(organization)
    session.flush()
    _let_be_found(organization)
    audit.record("places.organization_created", actor=actor, subject=("organization", organization.id))
    return organization


def describe_organization(
    actor: Actor,
    organization: Organization,
    *,
    name: str,
    description: str = "",
    contact: str = "",
    website: str = "",
    language: str = "de",
) -> None:
    """Write the facts anew; raises as `create_organization`."""
    ensure(actor, "places.keep_organizations")
    _describe(organization, name, description, contact, website, language)
    session.flush()
    _let_be_found(organization)
    audit.record("places.organization_changed", actor=actor, subject=("organization", organization.id))


def close_organization(actor: Actor, organization: Organization) -> None:
    """It works no longer: gone from lists and choices, what points at it still finds its name."""
    ensure(actor, "places.keep_organizations")
    organization.closed_at = organization.closed_at or clock.now()
    session.flush()
    _let_be_found(organization)
    audit.record("places.organization_closed", actor=actor, subject=("organization", organization.id))


def reopen_organization(actor: Actor, organization: Organization) -> None:
    """It works again."""
    ensure(actor, "places.keep_organizations")
    organization.closed_at = None
    session.flush()
    _let_be_found(organization)
    audit.record("places.organization_reopened", actor=actor, subject=("organization", organization.id))


def _describe(
    organization: Organization, name: str, description: str, contact: str, website: str, language: str
) -> None:
    name, website = name.strip(), website.strip()
    if not name:
        raise NameMissing
    if website and not WEBSITE.fullmatch(website):
        raise WebsiteNotSecure
    others = select(Organization.id).where(Organization.name == name, Organization.id != organization.id)
    if session.scalar(others) is not None:
        raise NameTaken
    organization.name, organization.website, organization.language = name, website, language
    organization.description, organization.contact = description.strip(), contact.strip()


def _let_be_found(organization: Organization) -> None:
    """Search knows it as it is now; whoever works no longer is not found."""
    # The language may have changed: its old row must not stay.
    search.drop("organization", organization.id)
    if organization.closed_at is None:
        one = document_of(organization)
        search.put("organization", one.id, one.language, one.title, one.body)
