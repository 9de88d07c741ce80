"""Loading districts and keeping organisations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.places.errors import BrokenDistricts, NameMissing, NameTaken, WebsiteNotSecure
from portal.places.models import District, Organization
from portal.places.operations import create_organization, load_districts, slug_of
from portal.places.queries import district_at, district_by_slug, districts
from tests.support.factories_places import make_district, make_organization, square


def write(path: Path, *names: str, **properties: object) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, **properties},
            "geometry": square(8 + i / 100, 50),
        }
        for i, name in enumerate(names)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_districts_are_loaded_in_the_order_of_the_file(app: Flask, tmp_path: Path) -> None:
    with transaction():
        assert load_districts(write(tmp_path / "a.geojson", "Süd-West", "Altstadt")) == 2
    assert [(one.slug, one.name) for one in districts()] == [
        ("sued-west", "Süd-West"),
        ("altstadt", "Altstadt"),
    ]


def test_loading_again_keeps_ids_and_retires_what_is_gone(app: Flask, tmp_path: Path) -> None:
    with transaction():
        load_districts(write(tmp_path / "a.geojson", "Nord", "Süd"))
        before = {one.slug: one.id for one in districts()}
        load_districts(write(tmp_path / "b.geojson", "Süd", "Ost"))
    assert [one.slug for one in districts()] == ["sued", "ost"]
    assert districts()[0].id == before["sued"]
    assert session.scalar(select(District.retired_at).where(District.slug == "nord")) is not None
    with transaction():
        load_districts(write(tmp_path / "c.geojson", "Nord"))
    assert [one.id for one in districts()] == [before["nord"]]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"features": []}',
        '{"features": [{"properties": {"name": "A"}, "geometry": {"type": "Point"}}]}',
        '{"features": [{"properties": {}, "geometry": {"type": "Polygon", "coordinates": []}}]}',
        '{"features": [null]}',
    ],
)
def test_a_broken_file_changes_nothing(app: Flask, tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.geojson"
    path.write_text(content, encoding="utf-8")
    with transaction():
        kept = make_district("Mitte")
        with pytest.raises(BrokenDistricts):
            load_districts(path)
    assert [one.id for one in districts()] == [kept.id]


def test_two_districts_with_one_slug_are_refused(app: Flask, tmp_path: Path) -> None:
    with transaction(), pytest.raises(BrokenDistricts):
        load_districts(write(tmp_path / "a.geojson", "Nord", "nord"))


def test_slugs_are_plain_words() -> None:
    assert slug_of("Süd-West") == "sued-west"
    assert slug_of("Łódź / Bałuty") == "odz-bauty"
    assert slug_of("  Große Bleiche  ") == "grosse-bleiche"


def test_a_point_lies_in_its_district(app: Flask) -> None:
    with transaction():
        one = make_district(geometry=square(8.0, 50.0))
        two = make_district(geometry=square(8.01, 50.0))
    found = district_at(50.005, 8.005)
    assert found is not None
    assert found.id == one.id
    found = district_at(50.005, 8.015)
    assert found is not None
    assert found.id == two.id
    assert district_at(50.02, 8.005) is None
    assert district_by_slug(two.slug) == found


def test_organizations_need_a_name_of_their_own_and_a_secure_website(app: Flask) -> None:
    with transaction():
        make_organization("Noise")
        made = create_organization(SYSTEM, name=" Nachbarschaftshaus ", website="https://haus.example")
        assert made.name == "Nachbarschaftshaus"
        with pytest.raises(NameMissing):
            create_organization(SYSTEM, name="  ")
        with pytest.raises(NameTaken):
            create_organization(SYSTEM, name="Nachbarschaftshaus")
        with pytest.raises(WebsiteNotSecure):
            create_organization(SYSTEM, name="Other", website="http://haus.example")
        with pytest.raises(WebsiteNotSecure):
            create_organization(SYSTEM, name="Other", website="javascript:alert(1)")
    assert len(list(session.scalars(select(Organization)))) == 2


def test_the_database_itself_refuses_another_scheme(app: Flask) -> None:
    with pytest.raises(IntegrityError), transaction():
        make_organization(website="http://haus.example")
