"""Everything residents and staff see, checked by axe."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.browser import Visit, as_person
from tests.support.every_page import PAGES, walk
from tests.support.world import make_world

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["de", "ar"])
def test_pages_for_people(app: Flask, visit: Visit, language: str) -> None:
    world = make_world()
    found = []
    for name, account in world.people.items():
        if name in PAGES:
            page = visit(f"/{language}/offline", **as_person(app, account))
            found += [f"{name} {one}" for one in walk(page, language, PAGES[name], world.words)]
    assert found == [], "\n".join(found)
