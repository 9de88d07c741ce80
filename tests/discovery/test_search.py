"""Search over everything public: grouped, paged, and silent about the rest."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import portal
from portal.core import site_settings
from portal.core.actors import SYSTEM
from portal.core.db import transaction
from portal.discovery.queries import find_everything
from portal.places.operations import create_organization, load_districts
from tests.proposals.helpers import counted_queries
from tests.support.town import SECRETS, findable, make_secrets

DISTRICTS = Path(portal.__file__).parent / "demo" / "data" / "districts.geojson"


def test_proposals_districts_organisations_and_pages(both: Flask) -> None:
    with transaction():
        load_districts(DISTRICTS)
        findable(title="Trinkbrunnen in der Altstadt")
        findable(title="Bank am Fluss")
        create_organization(SYSTEM, name="Verein Altstadt e. V.")
        create_organization(SYSTEM, name="Treffpunkt Mühle")
    with transaction(write=False):
        found = find_everything("altstadt", page=1, language="de")
        legal = find_everything("datenschutz", page=1, language="de")
        second = find_everything("altstadt", page=2, language="de")
    assert [row.title for row in found.proposals] == ["Trinkbrunnen in der Altstadt"]
    assert [card.slug for card in found.districts] == ["altstadt"]
    assert [row.name for row in found.organizations] == ["Verein Altstadt e. V."]
    assert "privacy" in legal.pages
    assert (second.proposals, second.districts, second.organizations, second.pages) == ([], [], [], [])


def test_the_page_groups_and_numbers(app: Flask) -> None:
    with transaction():
        load_districts(DISTRICTS)
        for number in range(45):
            findable(title=f"Schatten für die Nordstadt {number}")
    client = app.test_client()
    first, third = client.get("/de/search?q=nordstadt").text, client.get("/de/search?q=nordstadt&page=3").text
    assert first.count("<article") == 20
    assert third.count("<article") == 5
    assert 'id="found-districts"' in first
    assert 'id="found-districts"' not in third
    assert "/de/search?q=nordstadt&amp;page=2" in first


def test_a_fragment_for_scripts(app: Flask) -> None:
    with transaction():
        findable(title="Schatten")
    answer = app.test_client().get("/de/search?q=schatten", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="results"')


def test_nothing_asked_and_nothing_found(app: Flask) -> None:
    client = app.test_client()
    assert "<article" not in client.get("/de/search").text
    for words in ("xyzxyz", "%", '" OR 1=1', "<script>alert(1)</script>", "\x00", "a" * 5000, "ا" * 90):
        answer = client.get("/de/search", query_string={"q": words})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    assert client.get("/de/search?q=bank&page=abc&colour=red").status_code == 200


def test_hidden_things_are_not_found(both: Flask) -> None:
    with transaction():
        make_secrets()
        findable(title="Sichtbares am Markt")
    with transaction(write=False):
        for word in (*SECRETS, "markt"):
            found = find_everything(word, page=1, language="de")
            assert {row.title for row in found.proposals} <= {"Sichtbares am Markt"}


def test_search_costs_five_queries(app: Flask) -> None:
    with transaction():
        for number in range(30):
            findable(title=f"Drei Worte Bank {number}", picture_count=1)
    app.test_client().get("/de/search?q=anders")
    for count in (1, 2):
        site_settings.site("site.name")
        with counted_queries() as sent:
            app.test_client().get(f"/de/search?q=drei+worte+bank&page={count}")
        assert len([one for one in sent if "site_setting" not in one]) <= 5, "\n".join(sent)
