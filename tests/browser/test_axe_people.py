"""Everything residents and staff see, checked by axe."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Gallery
from tests.support.every_page import PAGES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", [name for name in PAGES if name != "visitor"])
def test_pages_for_people(gallery: Gallery, name: str) -> None:
    found = gallery.faults_of_pages(name)
    assert found == [], "\n".join(found)
