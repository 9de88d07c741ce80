"""What pages of votes cost: queries for one and for three rows, bytes on a slow line; where votes show."""

from __future__ import annotations

import brotli
import pytest
from flask import Flask

from portal.core import site_settings
from portal.core.db import transaction
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_rounds import get_round, make_round
from tests.support.queries import counted_queries

LARGEST_DOCUMENT = 14 * 1024


def public_id(round_id: int) -> str:
    with transaction(write=False):
        return get_round(round_id).public_id


def cost_of(app: Flask, path: str) -> int:
    """Queries of one page for somebody who is signed in (pages of visitors are kept)."""
    client = app.test_client()
    sign_in(client, make_staff("moderator") if "/office/" in path else make_resident())
    client.get(path)
    site_settings.forget()
    with counted_queries() as sent:
        assert client.get(path).status_code == 200
    return len(sent)


@pytest.mark.parametrize("path", ["/de/votes", "/de/", "/de/office/votes", "/de/search?q=abstimmung"])
def test_lists_cost_the_same_for_one_and_for_three(app: Flask, path: str) -> None:
    with transaction():
        district = make_district("Nordend").id
    make_round(district_ids=(district,))
    one = cost_of(app, path)
    for _ in range(2):
        make_round(district_ids=(district,))
    assert cost_of(app, path) == one


def test_a_vote_costs_the_same_with_one_and_with_many_options(app: Flask) -> None:
    few = public_id(make_round(options=2, proposals=1))
    many = public_id(make_round(options=20, proposals=5))
    assert cost_of(app, f"/de/votes/{few}") == cost_of(app, f"/de/votes/{many}") <= 14


@pytest.mark.parametrize("language", ["de", "ar"])
def test_pages_of_votes_are_light(app: Flask, language: str) -> None:
    pid = public_id(make_round(options=30, proposals=5))
    visitor = app.test_client()
    for path in (f"/{language}/votes", f"/{language}/votes/{pid}", f"/{language}/votes/{pid}/log"):
        page = visitor.get(path).get_data()
        assert len(brotli.compress(page, quality=5)) <= LARGEST_DOCUMENT, path


def test_a_running_vote_stands_on_the_home_page_in_the_search_and_in_the_sitemap(app: Flask) -> None:
    running = make_round(title="Bürgerhaushalt am Hafen")
    coming = make_round(title="Später am Hafen", is_running=False)
    visitor = app.test_client()
    home = visitor.get("/de/").text
    assert f"/de/votes/{public_id(running)}" in home
    assert f"/de/votes/{public_id(coming)}" not in home
    found = visitor.get("/de/search?q=hafen").text
    assert f"/de/votes/{public_id(running)}" in found
    assert f"/de/votes/{public_id(coming)}" in found
    assert f"/ar/votes/{public_id(coming)}" in visitor.get("/sitemaps/pages.xml").text
