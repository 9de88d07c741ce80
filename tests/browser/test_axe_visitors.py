"""Everything a visitor reads, checked by axe."""

from __future__ import annotations

from copy import copy

import pytest
from flask import Flask

from tests.browser.conftest import Gallery
from tests.support.after_steps import STEPS
from tests.support.axe import LANGUAGES, looks_at
from tests.support.every_page import NO_PAGES, PAGES

pytestmark = pytest.mark.browser


def test_pages_for_visitors(gallery: Gallery) -> None:
    found = gallery.faults_of_pages("visitor")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", list(STEPS))
def test_pages_after_steps(gallery: Gallery, name: str) -> None:
    """Also what a form answers that was filled in wrongly."""
    found, number = [], list(STEPS).index(name)
    for language in LANGUAGES:
        if looks := looks_at(number, language):
            person, answer = STEPS[name](gallery.app, gallery.world, language)
            assert answer.status_code in {200, 422}, (answer.status, answer.location)
            found += gallery.viewer.faults(person.client, answer, language, looks)
    assert found == [], "\n".join(found)


def test_axe_sees_what_is_wrong(gallery: Gallery) -> None:
    """Also on a page that is written over another one, and only in the scheme that has the fault."""
    client = gallery.app.test_client()
    pale = "<p class=pale>Pale</p><style>@media (prefers-color-scheme: dark) {.pale {color: #111}}</style>"
    for number in range(8):
        language = LANGUAGES[number % 2]
        looks = looks_at(number, language)
        right = client.get(f"/{language}/imprint")
        wrong = copy(right)
        wrong.set_data(right.get_data(as_text=True).replace("</main>", f"<img src=/icon.svg>{pale}</main>"))
        found = gallery.viewer.faults(client, wrong, language, looks)
        is_dark = any(scheme == "dark" for _, scheme in looks)
        assert {one.split(": ")[1] for one in found} == {"image-alt", *(["color-contrast"] * is_dark)}
        assert gallery.viewer.faults(client, right, language, looks) == []


def test_every_way_is_seen() -> None:
    """Pages take turns; eight in a row are seen in eight ways, first ones in both languages and schemes."""
    seen = [
        {(language, *look) for language in LANGUAGES for look in looks_at(number, language)}
        for number in range(8)
    ]
    assert len(set.union(*seen)) == 8
    for number in range(8):
        first = [
            (language, *look)
            for language in LANGUAGES
            for look in looks_at(number, language, with_frame=True)
        ]
        assert seen[number] <= set(first)
        assert all(len(set(column)) == 2 for column in zip(*first, strict=True))


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
