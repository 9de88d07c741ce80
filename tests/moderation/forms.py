"""A page's form, sent as a browser sends it."""

from __future__ import annotations

import re

from flask.testing import FlaskClient


def hidden_fields(page: str) -> dict[str, str]:
    """What the first form of the main part that has a token sends along by itself."""
    main = page.split("<main", 1)[1].split("</main>")[0]
    form = next(one for one in re.findall(r"<form.*?</form>", main, re.S) if "csrf_token" in one)
    found = {}
    for field in re.findall(r'<input[^>]*type="hidden"[^>]*>', form):
        name = re.search(r'name="([^"]*)"', field)
        value = re.search(r'value="([^"]*)"', field)
        assert name
        found[name[1]] = value[1] if value else ""
    return found


def fill(client: FlaskClient, url: str, **values: object) -> dict[str, object]:
    """The form of a page with these values."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status)
    return {**hidden_fields(page.text), **values}
