"""Pages: the map of districts, one district, organisations."""

from __future__ import annotations

from flask import Response, request

from portal.core.i18n import lazy_gettext as _l
from portal.places.models import Organization
from portal.places.queries import (
    DistrictCard,
    district_by_slug,
    district_picture,
    districts,
    map_picture,
    organization_by_public_id,
    organization_page,
)
from portal.web.access import requires
from portal.web.blueprints import Section
from portal.web.navigation import register_nav
from portal.web.render import Page, page_number, render

section = Section("places", __name__)
PER_PAGE = 30

register_nav("places.district_list", _l("Districts"), icon="map", order=60, area="footer")
register_nav("places.organizations", _l("Organisations"), icon="house", order=70, area="footer")


@section.get("/districts")
@requires("places.read")
def district_list() -> Response:
    """The town's districts as a map and as a list."""
    return render("places/districts.html", picture=map_picture(), districts=districts())


@section.get("/districts/<slug>")
@requires("places.read", on=district_by_slug)
def district_page(district: DistrictCard) -> Response:
    """One district; what goes on there is linked."""
    return render("places/district.html", district=district, picture=map_picture())


def _pixel(name: str) -> int | None:
    raw = request.args.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 5 else None


@section.get("/districts/<slug>/map.svg")
@requires("places.read", on=district_by_slug)
def district_map(district: DistrictCard) -> Response:
    """The district's picture for pointing at a place; ?x=&y= shows where somebody pointed."""
    x, y = _pixel("x"), _pixel("y")
    pin = (x, y) if x is not None and y is not None else None
    answer = render("places/district_map.svg", picture=district_picture(district), own=district, pin=pin)
    answer.mimetype = "image/svg+xml"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@section.get("/organizations")
@requires("places.read")
def organizations() -> Response:
    """Organisations by name."""
    rows, total = organization_page(page_number(), PER_PAGE)
    page = Page(page_number(), PER_PAGE, total)
    return render("places/organizations.html", organizations=rows, page=page)


@section.get("/organizations/<public_id>")
@requires("places.read", on=organization_by_public_id)
def organization(organization: Organization) -> Response:
    """What it is and how to reach it."""
    return render("places/organization.html", organization=organization)
