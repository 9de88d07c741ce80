"""Questions about districts, their map and organisations."""

from portal.places.queries.districts import (
    DistrictCard,
    district,
    district_at,
    district_by_slug,
    district_names,
    districts,
    forget_districts,
    polygons_of_district,
)
from portal.places.queries.districts import version as districts_version
from portal.places.queries.maps import (
    PICK_WIDTH,
    MapArea,
    MapPicture,
    district_picture,
    map_picture,
    picked_place,
)
from portal.places.queries.organizations import (
    document_of,
    open_organizations,
    organization_by_public_id,
    organization_desk,
    organization_names,
    organization_page,
    search_documents,
)

__all__ = [
    "PICK_WIDTH",
    "DistrictCard",
    "MapArea",
    "MapPicture",
    "district",
    "district_at",
    "district_by_slug",
    "district_names",
    "district_picture",
    "districts",
    "districts_version",
    "document_of",
    "forget_districts",
    "map_picture",
    "open_organizations",
    "organization_by_public_id",
    "organization_desk",
    "organization_names",
    "organization_page",
    "picked_place",
    "polygons_of_district",
    "search_documents",
]
