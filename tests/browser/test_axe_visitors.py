"""Everything a visitor reads, checked by axe."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.browser import Visit
from tests.support.every_page import AFTER_STEPS, NO_PAGES, PAGES, walk
from tests.support.world import World, make_world

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["de", "ar"])
def test_pages_for_visitors(app: Flask, visit: Visit, language: str) -> None:
    world = make_world()
    found = walk(visit(f"/{language}/"), language, PAGES["visitor"], world.words)
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
    assert expected == seen | AFTER_STEPS | NO_PAGES


class _Anything(dict[str, str]):
    """A word that fits every address."""

    def __missing__(self, key: str) -> str:
        return "1"


def test_the_lists_name_people_of_the_world(app: Flask) -> None:
    world: World = make_world()
    assert set(PAGES) - {"visitor"} <= set(world.people)
