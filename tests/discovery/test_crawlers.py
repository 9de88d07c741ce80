"""robots.txt, sitemaps with all languages, manifest and icons."""

from __future__ import annotations

import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from PIL import Image

from portal.core.db import transaction
from portal.core.i18n import LANGUAGES
from portal.core.settings import current_settings, use_settings
from tests.support.factories_proposals import make_proposal
from tests.support.town import make_secrets

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def test_a_portal_that_is_tried_out_is_not_to_be_found(app: Flask) -> None:
    assert "\nDisallow: /\n" in app.test_client().get("/robots.txt").text


def test_in_production_personal_pages_stay_out(app: Flask) -> None:
    before = current_settings()
    use_settings(replace(before, production=True))
    try:
        lines = app.test_client().get("/robots.txt").text.splitlines()
    finally:
        use_settings(before)
    assert "Disallow: /" not in lines
    assert "Disallow: /*/account" in lines
    assert f"Sitemap: {before.base_url}/sitemap.xml" in lines


def _locations(text: str) -> list[str]:
    return [str(one.text) for one in ElementTree.fromstring(text).iter(f"{MAP}loc")]


def test_the_index_leads_to_pages_that_exist(app: Flask) -> None:
    with transaction():
        make_proposal()
    client = app.test_client()
    base = current_settings().base_url
    maps = _locations(client.get("/sitemap.xml").text)
    assert maps == [f"{base}/sitemaps/pages.xml", f"{base}/sitemaps/proposals-1.xml"]
    for address in maps:
        for page in _locations(client.get(address.removeprefix(base)).text):
            assert client.get(page.removeprefix(base)).status_code == 200, page


def test_every_language_names_every_other(app: Flask) -> None:
    with transaction():
        proposal = make_proposal()
        make_secrets()
    tree = ElementTree.fromstring(app.test_client().get("/sitemaps/proposals-1.xml").text)
    urls = [url for url in tree if proposal.public_id in str(url.findtext(f"{MAP}loc"))]
    assert len(urls) == len(LANGUAGES)
    for url in urls:
        named = {link.get("hreflang"): link.get("href") for link in url.iter(LINK)}
        assert set(named) == {language.html_lang for language in LANGUAGES.values()} | {"x-default"}
        # Who reads none of them gets the town's first language, as the page itself says.
        assert named["x-default"] == named["de"] != named["en"]
    # One more that is listed: the one into which another was merged.
    assert len(list(tree)) == 2 * len(LANGUAGES)


@pytest.mark.parametrize("path", ["proposals-0.xml", "proposals-2.xml", "proposals-x.xml", "people.xml"])
def test_other_maps_are_not_there(app: Flask, path: str) -> None:
    with transaction():
        make_proposal()
    assert app.test_client().get(f"/sitemaps/{path}").status_code == 404


def test_the_manifest_names_icons_that_exist(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    facts = answer.get_json(force=True)
    assert (facts["name"], facts["start_url"], facts["lang"]) == (
        "Nachbarnetz Lindental an der Aue",
        "/",
        "de",
    )
    for icon in [*facts["icons"], {"src": "/apple-touch-icon.png", "sizes": "180x180"}]:
        png = client.get(icon["src"])
        picture = Image.open(io.BytesIO(png.data))
        assert (png.mimetype, picture.format) == ("image/png", "PNG")
        assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert client.get("/icons/5000.png").status_code == 404


def test_a_maskable_icon_has_nothing_at_its_rim(app: Flask) -> None:
    picture = Image.open(io.BytesIO(app.test_client().get("/icons/maskable-192.png").data)).convert("RGB")
    middle, radius = 96, 0.4 * 192
    ground = picture.getpixel((0, 0))
    outside = {
        picture.getpixel((x, y))
        for x in range(192)
        for y in range(192)
        if (x - middle) ** 2 + (y - middle) ** 2 > radius**2
    }
    assert outside == {ground}
