"""Home, search and open data with something in them: for everybody, both directions, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

import portal
from portal.core.db import transaction
from portal.places.operations import load_districts
from portal.places.queries import districts
from portal.proposals.models import Topic
from tests.support.axe import Viewer
from tests.support.browser import Visit, arrived, check_fits
from tests.support.town import findable, make_answer

pytestmark = pytest.mark.browser
DISTRICTS = Path(portal.__file__).parent / "demo" / "data" / "districts.geojson"
PAGES = ("", "search?q=bank", "search?q=nichtda", "open-data")


@pytest.fixture
def town(app: Flask) -> Flask:
    """Three proposals in two directions of writing, and an answer."""
    with transaction():
        load_districts(DISTRICTS)
        place = districts()[0].id
        findable(title="Bank vor der Kita", topic=Topic.MEETING, district_id=place, support_count=12)
        findable(title="مقعد أمام الروضة", what="نريد مقعدًا (bank) له مسند.", language="ar", topic=Topic.PLAY)
        make_answer(findable(title="Bank am Bahnhof"), decision="declined", text="Leider nicht.")
    return app


def test_accessible(town: Flask, viewer: Viewer) -> None:
    found = viewer.faults_of_pages(town.test_client(), PAGES)
    assert found == [], "\n".join(found)


def test_fits_on_the_smallest_screen_without_scripts(town: Flask, visit: Visit) -> None:
    page = visit("/ar/", width=320, javascript=False)
    for path in PAGES:
        page.goto(f"/ar/{path}")
        check_fits(page)


def test_search_while_typing(town: Flask, visit: Visit) -> None:
    page = visit("/de/search")
    page.get_by_role("searchbox").press_sequentially("bahnhof", delay=20)
    page.get_by_role("link", name="Bank am Bahnhof").wait_for()
    arrived(page, "/de/search?q=bahnhof")
    assert page.evaluate("document.activeElement.name") == "q"


def test_search_without_scripts(town: Flask, visit: Visit) -> None:
    page = visit("/de/search", javascript=False)
    page.get_by_role("searchbox").fill("bahnhof")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("article")).to_have_count(1)
