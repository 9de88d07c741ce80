"""The home page in a real browser: for everybody, both directions, light and dark, narrow and wide."""

import pytest

from tests.support.browser import Visit, check_accessible, check_fits

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_home_page_is_accessible(visit: Visit, language: str, scheme: str, width: int) -> None:
    page = visit(f"/{language}/", width=width, scheme=scheme)
    check_accessible(page)
    check_fits(page)


def test_it_fits_on_the_smallest_screen_without_scripts(visit: Visit) -> None:
    # Playwright's own evaluation works although the page's scripts are off.
    check_fits(visit("/de/", width=320, javascript=False))
