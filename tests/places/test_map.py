"""The map: small, complete, and pointing at it finds the place."""

from __future__ import annotations

import json
import math
import random
import re
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from flask import Flask

from portal.core.db import transaction
from portal.core.geometry import in_polygon
from portal.places.operations import load_districts
from portal.places.queries import (
    PICK_WIDTH,
    district_at,
    district_by_slug,
    district_picture,
    districts,
    map_picture,
    picked_place,
    polygons_of_district,
)
from portal.places.queries.maps import svg_path
from tests.support.factories_places import make_district, square

DEMO = Path(__file__).parents[2] / "portal/demo/data/districts.geojson"


def wavy_town(path: Path) -> Path:
    """Eight districts in two rows whose common borders wave: 1,200 points like a real town's."""

    def edge(x1: float, y1: float, x2: float, y2: float) -> list[list[float]]:
        steps, seed = 38, random.Random(f"{sorted([(x1, y1), (x2, y2)])}")
        wave = [seed.uniform(-0.0007, 0.0007) for _ in range(steps + 1)]
        wave[0] = wave[-1] = 0
        if (x1, y1) > (x2, y2):
            wave.reverse()
        return [
            [round(x1 + (x2 - x1) * i / steps + wave[i], 6), round(y1 + (y2 - y1) * i / steps + wave[i], 6)]
            for i in range(steps)
        ]

    features = []
    for number in range(8):
        x, y = 8.5 + (number % 4) * 0.012, 50.5 + (number // 4) * 0.012
        a, b, c, d = (x, y), (x + 0.012, y), (x + 0.012, y + 0.012), (x, y + 0.012)
        ring = [*edge(*a, *b), *edge(*b, *c), *edge(*c, *d), *edge(*d, *a), list(a)]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": "Nord" if number else "Gartenstadt am Mühlenweiher"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
        features[-1]["properties"]["slug"] = f"d{number}"  # type: ignore[index]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.fixture
def town(app: Flask, tmp_path: Path) -> Flask:
    with transaction():
        assert load_districts(wavy_town(tmp_path / "town.geojson")) == 8
    return app


def test_the_map_of_a_town_is_small(town: Flask) -> None:
    points = sum(len(p[0]) for card in districts() for p in polygons_of_district(card.id))
    assert points > 1200
    page = town.test_client().get("/de/districts").text
    svg = re.search(r"<svg viewBox.*?</svg>", page, re.DOTALL)
    assert svg is not None
    assert len(brotli.compress(svg[0].encode(), quality=5)) <= 1700
    assert "style=" not in svg[0]


def test_each_district_is_a_link_in_picture_and_list(town: Flask) -> None:
    page = town.test_client().get("/ar/districts").text
    for card in districts():
        assert page.count(f'href="/ar/districts/{card.slug}"') == 2
    assert page.count("<title>Nord</title>") == 7
    picture = map_picture()
    assert picture is not None
    assert [area.label for area in picture.areas] == ["1", *["Nord"] * 7]  # no room for the long name


def test_the_demo_town_is_small_and_every_name_has_room(app: Flask) -> None:
    with transaction():
        assert load_districts(DEMO) == 8
    svg = re.search(r"<svg viewBox.*?</svg>", app.test_client().get("/de/districts").text, re.DOTALL)
    assert svg is not None
    assert len(brotli.compress(svg[0].encode(), quality=5)) <= 1700
    picture = map_picture()
    assert picture is not None
    assert [area.label for area in picture.areas] == [area.name for area in picture.areas]


def test_pins_stand_where_their_places_are(town: Flask) -> None:
    picture = map_picture()
    assert picture is not None
    west, east = picture.at(50.506, 8.501), picture.at(50.506, 8.545)
    assert west[0] < east[0]
    assert west[1] == east[1]
    assert picture.at(0, 0) == (6, picture.height - 6)  # never outside of the frame
    macro = town.jinja_env.get_template("macros/map.html").module
    with town.test_request_context("/de/"):
        pin = SimpleNamespace(lat=50.506, lon=8.506, title='<b>"Bank"', url="/de/x")
        svg = str(macro.svg(picture, pins=[pin], notes={picture.areas[0].id: "3"}))  # type: ignore[attr-defined]
    assert "<title>&lt;b&gt;&#34;Bank&#34;</title>" in svg
    assert "Mühlenweiher: 3</title>" in svg


def test_pointing_at_the_picture_finds_the_place(town: Flask) -> None:
    card = district_by_slug("d5")
    assert card is not None
    picture = district_picture(card)
    assert picture.width == PICK_WIDTH
    assert 200 < picture.height < 600
    x, y = picture.at(50.518, 8.518)
    place = picked_place(card, round(x), round(y))
    assert place is not None
    metres = math.dist(place, (50.518, 8.518)) * 111_000
    assert metres < 6
    found = district_at(*place)
    assert found == card


def test_pointing_outside_or_by_keyboard_is_no_place(town: Flask) -> None:
    card = district_by_slug("d0")
    assert card is not None
    assert picked_place(card, 0, 0) is None
    assert picked_place(card, 1, 1) is None
    assert picked_place(card, 10**4, 10**4) is None
    assert picked_place(card, 140, 140) is not None


def test_the_picture_to_point_at(town: Flask) -> None:
    client = town.test_client()
    plain = client.get("/de/districts/d1/map.svg")
    assert plain.mimetype == "image/svg+xml"
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    assert "<circle" not in plain.text
    assert '<circle cx="10" cy="20"' in client.get("/de/districts/d1/map.svg?x=10&y=20").text
    for nonsense in ("x=a&y=2", "x=-1&y=2", "x=1", "x=99999999&y=1", "x=%22%3E&y=1", "x=١&y=١"):
        assert client.get(f"/de/districts/d1/map.svg?{nonsense}").text == plain.text
    assert client.get("/de/districts/nowhere/map.svg").status_code == 404


def test_a_district_has_a_page(town: Flask) -> None:
    client = town.test_client()
    assert "Gartenstadt am Mühlenweiher" in client.get("/de/districts/d0").text
    assert client.get("/de/districts/nowhere").status_code == 404


def test_no_districts_no_map(app: Flask) -> None:
    assert map_picture() is None
    assert app.test_client().get("/de/districts").status_code == 200


def test_a_new_file_makes_a_new_picture(app: Flask) -> None:
    with transaction():
        make_district("Alt", geometry=square(8, 50))
    first = map_picture()
    with transaction():
        make_district("Neu", geometry=square(8.01, 50))
    second = map_picture()
    assert first is not None
    assert second is not None
    assert [len(one.areas) for one in (first, second)] == [1, 2]


def test_holes_and_islands(app: Flask) -> None:
    outer, inner = square(8, 50, 0.03)["coordinates"][0], square(8.01, 50.01)["coordinates"][0]
    island = square(8.05, 50)["coordinates"][0]
    with transaction():
        ring = make_district(
            "Ring", geometry={"type": "MultiPolygon", "coordinates": [[outer, inner], [island]]}
        )
        hole = make_district("Loch", geometry=square(8.01, 50.01))
    found = [district_at(50.005, 8.005), district_at(50.015, 8.015), district_at(50.005, 8.055)]
    assert [one.id if one else None for one in found] == [ring.id, hole.id, ring.id]
    picture = map_picture()
    assert picture is not None
    assert picture.areas[0].path.count("M") == 3


def test_path_data_is_exact_to_a_tenth() -> None:
    ring = [(0.0, 0.0), (10.04, 0.46), (9.5, -3.0), (0.0, 0.0)]
    path = svg_path(ring)
    assert path == "M0 0l10 .5-.5-3.5z"
    assert not in_polygon(20, 20, [ring])
