"""Organisations and districts, kept by administrators."""

from __future__ import annotations

import io
import json
import os
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.admin.errors import UploadGone
from portal.admin.operations import forget_pending, load_upload
from portal.admin.queries.districts import pending_file, pending_folder
from portal.core import clock
from portal.core.db import session, transaction
from portal.places.models import District, Organization
from portal.places.queries import districts
from tests.admin.conftest import Desk
from tests.support.factories_places import square

pytestmark = pytest.mark.usefixtures("at_noon")


def collection(*names: str, size: float = 0.01) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": square(8.0 + at * 0.02, 50.0, size)}
        for at, name in enumerate(names)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(admin: Desk, data: bytes, status: int = 303) -> str:
    answer = admin.post("/de/staff/districts", status, file=(io.BytesIO(data), "town.geojson"))
    return str(answer.location or "")


def test_an_organisation_is_created_changed_closed_and_opened(admin: Desk) -> None:
    facts = {"name": "Haus am Markt", "website": "https://haus.example", "language": "de"}
    admin.post("/de/staff/organizations/new", **facts)
    with transaction(write=False):
        path = f"/de/staff/organizations/{session.scalars(select(Organization)).one().public_id}"
    assert 'value="Haus am Markt"' in admin.get(path).text
    admin.post(path, **facts | {"name": "Haus am Fluss", "contact": "Zimmer 3"})
    visitor = admin.app.test_client()
    assert "Haus am Fluss" in visitor.get("/de/organizations").text
    admin.post(path + "/close")
    assert "Haus am Fluss" not in visitor.get("/de/organizations").text
    assert "Haus am Fluss" in admin.get("/de/staff/organizations").text
    admin.get(path)
    admin.post(path + "/reopen")
    assert "Haus am Fluss" in visitor.get("/de/organizations").text
    answer = admin.post("/de/staff/organizations/new", 422, **facts | {"name": "Haus am Fluss"})
    assert 'id="errors"' in answer.text
    admin.post("/de/staff/organizations/new", 422, **facts | {"website": "http://haus.example"})


def test_districts_are_looked_at_before_they_count(admin: Desk) -> None:
    check = upload(admin, collection("Nord", "Süd"))
    assert districts() == []
    page = admin.get(check).text
    assert "Nord" in page
    assert page.count("<path d=") >= 2
    assert districts() == []
    admin.post(check)
    assert [one.name for one in districts()] == ["Nord", "Süd"]
    admin.get(check, 404)
    again = upload(admin, collection("Nord", "West"))
    page = admin.get(again.replace("/de/", "/en/")).text
    for word, change in (("Nord", "as before"), ("West", "new"), ("Süd", "no longer in the file")):
        assert change in page.partition(f"<bdi>{word}</bdi>")[2][:120]
    admin.post(again)
    with transaction(write=False):
        rows = {row.name: row.retired_at is None for row in session.scalars(select(District))}
    assert rows == {"Nord": True, "Süd": False, "West": True}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe\x00",
        b'{"features": []}',
        b'{"features": [{"properties": {"name": "A"}, "geometry": {"type": "Point", "coordinates": [1]}}]}',
        b'{"features": [{"properties": {"name": "A"}, "geometry": {"type": "Polygon", "coordinates": []}}]}',
        b"[" * 100_000,
    ],
)
def test_broken_files_are_refused_and_leave_nothing(admin: Desk, data: bytes) -> None:
    upload(admin, data, 422)
    assert list(pending_folder().glob("*")) == []
    assert districts() == []


def test_a_token_names_no_other_file(app: Flask, admin: Desk) -> None:
    pending_folder().mkdir(parents=True, exist_ok=True)
    assert pending_file("../../portal") is None
    assert pending_file("") is None
    for token in ("..%2F..%2Fportal", "0" * 32):
        admin.get(f"/de/staff/districts/{token}", 404)
    with pytest.raises(UploadGone), transaction():
        load_upload(admin.actor, "0" * 32)


def test_files_nobody_loaded_go_after_a_day(admin: Desk) -> None:
    token = upload(admin, collection("Nord")).rpartition("/")[2]
    forget_pending()
    path = pending_file(token)
    assert path is not None
    old = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(path, (old, old))
    forget_pending()
    assert pending_file(token) is None
