"""The home page in a real browser on the smallest screen."""

import pytest

from tests.support.browser import Visit, check_fits

pytestmark = pytest.mark.browser


def test_it_fits_on_the_smallest_screen_without_scripts(visit: Visit) -> None:
    # Playwright's own evaluation works although the page's scripts are off.
    check_fits(visit("/de/", width=320, javascript=False))
