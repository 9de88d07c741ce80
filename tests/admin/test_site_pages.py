"""The site's own pages: versions, what is missing, what is behind."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from portal.admin.queries.site_pages import PageState, latest_version_id, page_overview
from portal.content.operations import publish_page
from portal.core import clock
from portal.core.db import transaction
from portal.core.i18n import LANGUAGES
from tests.admin.conftest import Desk

TEXT = {"title": "Impressum", "body": "## Wer\n**{operator}** antwortet.", "note": "Neu"}


def states(page: str = "imprint") -> dict[str, str]:
    with transaction(write=False):
        row = next(row for row in page_overview() if row.page == page)
        return {cell.language.slug: cell.state.value for cell in row.cells}


def test_a_text_is_published_and_earlier_ones_stay(admin: Desk) -> None:
    admin.get("/de/staff/pages/imprint/de")
    admin.post("/de/staff/pages/imprint/de", **TEXT, seen="")
    visitor = admin.app.test_client()
    page = visitor.get("/de/imprint").text
    assert "<strong>" in page
    assert "Wer</h2>" in page
    with transaction(write=False):
        first = latest_version_id("imprint", "de")
    changed = TEXT | {"body": "Ganz anders", "note": "Kürzer"}
    admin.post("/de/staff/pages/imprint/de", **changed, seen=str(first))
    assert "Ganz anders" in visitor.get("/de/imprint").text
    versions = visitor.get("/de/imprint/versions").text
    assert "Neu" in versions
    assert "Kürzer" in versions
    assert "antwortet" in visitor.get(f"/de/imprint/versions/{first}").text


def test_two_editors_do_not_overwrite_each_other(admin: Desk) -> None:
    admin.post("/de/staff/pages/imprint/de", **TEXT, seen="")
    answer = admin.client.post(
        "/de/staff/pages/imprint/de",
        data={**TEXT, "body": "Zweite Hand", "seen": "", "csrf_token": token(admin)},
    )
    assert answer.status_code in {409, 422}
    assert "Zweite Hand" in answer.text
    assert "Zweite Hand" not in admin.app.test_client().get("/de/imprint").text


def token(admin: Desk) -> str:
    page = admin.get("/de/staff/pages/imprint/de").text
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_looking_first_publishes_nothing(admin: Desk) -> None:
    given = TEXT | {"body": "Hallo <script>alert(1)</script> **Welt**"}
    page = admin.post("/de/staff/pages/imprint/de/preview", 200, **given, seen="").text
    assert "<strong>Welt</strong>" in page
    assert "<script>alert" not in page
    assert states()["de"] == PageState.PORTAL
    admin.post("/de/staff/pages/imprint/de/preview", 422, title="", body="", seen="")


def test_the_overview_says_what_is_missing_and_what_is_behind(admin: Desk) -> None:
    assert set(states().values()) == {"portal"}
    admin.post("/de/staff/pages/imprint/de", **TEXT, seen="")
    assert states() == {slug: "current" if slug == "de" else "missing" for slug in LANGUAGES}
    admin.post("/de/staff/pages/imprint/en", **TEXT, seen="")
    assert states()["en"] == "current"
    with time_machine.travel(clock.now() + timedelta(minutes=1)), transaction():
        seen = latest_version_id("imprint", "de")
        publish_page(admin.actor, "imprint", "de", title="I", body="Neuer", seen_version_id=seen)
    assert states()["en"] == "outdated"
    assert states()["de"] == "current"
    assert set(states("privacy").values()) == {"portal"}
    admin.get("/ar/staff/pages")


def test_unknown_pages_and_languages_are_not_there(app: Flask, admin: Desk) -> None:
    for path in ("/de/staff/pages/secret/de", "/de/staff/pages/imprint/xx"):
        admin.get(path, 404)
