"""Forms without their token, for tests of pages. The token has tests of its own (tests/web)."""

from __future__ import annotations

import pytest

from portal.core import site_settings


@pytest.fixture(autouse=True)
def without_tokens(request: pytest.FixtureRequest) -> None:
    """Forms can be sent without fetching their page first; settings of the test before are forgotten."""
    site_settings.forget()
    for name in ("app", "app_pg", "both"):
        if name in request.fixturenames:
            request.getfixturevalue(name).config["WTF_CSRF_ENABLED"] = False
