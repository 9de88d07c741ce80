"""The portal on a phone's home screen: web manifest and icons, drawn from the town's own colours.

The icons are drawn when they are first asked for (20 ms each) and kept in memory: no picture files in the
repository, nothing from anybody else, and a town that changes its colours changes its icon.
"""

from __future__ import annotations

import io
import json
from functools import lru_cache

from flask import Flask, Response, url_for
from PIL import Image, ImageDraw

from portal.core.errors import NotFound
from portal.core.i18n import DEFAULT_LANGUAGE, LANGUAGES
from portal.core.site_settings import site
from portal.web.access import public
from portal.web.locale import offered_languages

SIZES = (180, 192, 512)
# Drawn larger and made smaller: soft edges.
SCALE = 4
# The shapes of static/img/logo.svg on its grid of 40 by 40: two houses, leaning on each other.
GRID = 40
HOUSES = (
    ("sun", ((4, 36), (4, 17), (16, 6), (22.5, 12), (22.5, 36))),
    ("mint", ((18, 36), (18, 22), (27.5, 13.5), (37, 22), (37, 36))),
    ("bar", ((9, 20), (13.5, 20), (13.5, 25), (9, 25))),
    ("bar", ((25, 25), (30, 25), (30, 36), (25, 36))),
    ("paper", ((9, 29), (13.5, 29), (13.5, 36), (9, 36))),
)
KEPT = "public, max-age=86400"


def colours() -> tuple[tuple[str, str], ...]:
    """The town's colours by the names of the drawing."""
    bar, sun = str(site("site.colour_bar")), str(site("site.colour_sun"))
    return (("bar", bar), ("sun", sun), ("mint", "#7fd1c0"), ("paper", "#ffffff"))


@lru_cache(maxsize=32)
def icon_png(size: int, palette: tuple[tuple[str, str], ...], *, maskable: bool) -> bytes:
    """The icon as PNG. maskable: all of it lies inside the circle a phone may cut out (80 % of the width)."""
    colour = dict(palette)
    side = size * SCALE
    picture = Image.new("RGB", (side, side), colour["bar"])
    draw = ImageDraw.Draw(picture)
    share = 0.56 if maskable else 0.8
    unit = side * share / GRID
    # The houses fill 4 to 37 and 6 to 36 of their grid; their middle comes to the middle.
    left, top = side / 2 - 20.5 * unit, side / 2 - 21 * unit
    for name, points in HOUSES:
        # Doors and windows are holes in the houses: the ground shines through.
        draw.polygon([(left + x * unit, top + y * unit) for x, y in points], fill=colour[name])
    stream = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(stream, "PNG", optimize=True)
    return stream.getvalue()


@public
def icon(size: int) -> Response:
    """An icon with the picture as large as it may be."""
    return _icon(size, maskable=False)


@public
def maskable_icon(size: int) -> Response:
    """An icon a phone may cut into a circle or a drop."""
    return _icon(size, maskable=True)


def _icon(size: int, *, maskable: bool) -> Response:
    if size not in SIZES:
        raise NotFound
    response = Response(icon_png(size, colours(), maskable=maskable), mimetype="image/png")
    response.headers["Cache-Control"] = KEPT
    return response


@public
def manifest() -> Response:
    """Name, colours and icons for a home screen, in the town's first language."""
    language = offered_languages()[0] if offered_languages() else LANGUAGES[DEFAULT_LANGUAGE]
    facts = {
        "id": "/",
        "name": f"{site('site.name')} {site('site.tagline')}".strip(),
        "short_name": site("site.name"),
        "lang": language.html_lang,
        "dir": language.dir,
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": site("site.colour_bar"),
        "background_color": site("site.colour_bar"),
        "icons": [
            {
                "src": url_for(endpoint, size=size),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for endpoint, purpose in (("app_icon", "any"), ("app_icon_maskable", "maskable"))
            for size in (192, 512)
        ],
    }
    response = Response(json.dumps(facts, ensure_ascii=False), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = KEPT
    return response


def init_app(app: Flask) -> None:
    """Routes where browsers look for them."""
    for path, name, view in (
        ("/manifest.webmanifest", "manifest", manifest),
        ("/icons/<int:size>.png", "app_icon", icon),
        ("/icons/maskable-<int:size>.png", "app_icon_maskable", maskable_icon),
    ):
        app.add_url_rule(path, name, view, methods=["GET"])
    app.add_url_rule("/apple-touch-icon.png", "app_icon_apple", icon, defaults={"size": 180}, methods=["GET"])
