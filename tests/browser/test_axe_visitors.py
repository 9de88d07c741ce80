"""Everything a visitor reads, checked by axe."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.browser.conftest import Gallery
from tests.support.after_steps import STEPS
from tests.support.axe import LANGUAGES
from tests.support.every_page import NO_PAGES, PAGES

pytestmark = pytest.mark.browser


def test_pages_for_visitors(gallery: Gallery) -> None:
    found = gallery.faults_of_pages("visitor")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", list(STEPS))
def test_pages_after_steps(gallery: Gallery, name: str) -> None:
    """Also what a form answers that was filled in wrongly."""
    found = []
    for language in LANGUAGES:
        person, answer = STEPS[name](gallery.app, gallery.world, language)
        assert answer.status_code in {200, 422}, (answer.status, answer.location)
        found += gallery.viewer.faults(person.client, answer, language)
    assert found == [], "\n".join(found)


def test_no_page_is_forgotten(app: Flask) -> None:
    """Every address that answers GET is on a list; every name on the lists is an address."""
    names = app.url_map.bind("localhost")
    words = _Anything()
    seen = {
        names.match("/de/" + path.partition("?")[0].format_map(words))[0]
        for paths in PAGES.values()
        for path in paths
        if path != "not-here"
    }
    expected = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    steps = {name.partition(" ")[0] for name in STEPS if name in expected}
    assert expected == seen | steps | NO_PAGES


class _Anything(dict[str, str]):
    """A word that fits every address."""

    def __missing__(self, key: str) -> str:
        return "1"


def test_the_lists_name_people_of_the_world(gallery: Gallery) -> None:
    assert set(PAGES) - {"visitor"} <= set(gallery.world.people)
