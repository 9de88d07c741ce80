"""The stylesheet keeps its promises: both writing directions, old browsers, small, readable colours."""

import re
from pathlib import Path

import brotli
import pytest

from portal.core.theme import PAIRS as TOWN_PAIRS
from portal.core.theme import contrast
from portal.web.minify import minify_css

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
CORE = (ROOT / "static" / "css" / "portal.css").read_text(encoding="utf-8")
FORBIDDEN = ("@layer", "light-dark(", "oklch", "color-mix", "@import", "@font-face", "http:")
TONES = ("bad", "good", "wait", "info")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_physical_directions(sheet: Path) -> None:
    found = re.findall(r".*\b(?:left|right)\b.*", sheet.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_nothing_old_browsers_choke_on(sheet: Path, forbidden: str) -> None:
    text = sheet.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert forbidden not in text


def test_rules_are_not_nested() -> None:
    depth, deepest = 0, 0
    for line in re.sub(r"/\*.*?\*/|url\(\"[^\"]*\"\)", "", CORE, flags=re.S).split("\n"):
        for sign in re.findall(r"[{}]", line):
            depth += 1 if sign == "{" else -1
            deepest = max(deepest, depth)
            assert depth >= 0
    assert depth == 0
    assert deepest == 2


def test_fits_into_every_page() -> None:
    sent = minify_css(CORE).encode()
    assert len(sent) <= 25 * 1024
    assert len(brotli.compress(sent)) <= 6 * 1024


def tokens(selector: str) -> dict[str, str]:
    """The custom properties a selector sets, over those of the light theme."""
    start = CORE.index(selector + "{")
    block = re.sub(r"url\(\"[^\"]*\"\)", "none", CORE[start : CORE.index("color-scheme:", start)])
    found = dict(re.findall(r"--([\w-]+):([^;]+);", block))
    return found if selector == ":root" else tokens(":root") | found


def colour(theme: dict[str, str], name: str) -> str:
    value = theme[name]
    while value.startswith("var("):
        value = theme[value[6:-1]]
    return value if len(value) == 7 else "#" + "".join(2 * sign for sign in value[1:])


def ratio(theme: dict[str, str], front: str, back: str) -> float:
    return contrast(colour(theme, front), colour(theme, back))


# Pairs with a town's own colour are in portal.core.theme; here are the others.
PAIRS = [pair for pair in TOWN_PAIRS if pair[0] != "on-sun"] + [
    *(("muted", ground, 4.5) for ground in ("paper", "surface", "soft")),
    *(("line-2", ground, 3.0) for ground in ("paper", "surface")),
    *((tone, ground, 4.5) for tone in TONES for ground in (tone + "-soft", "surface")),
]


@pytest.mark.parametrize("theme", [":root", ":root:not([data-theme=light])", ":root[data-theme=dark]"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_can_be_read(theme: str, front: str, back: str, least: float) -> None:
    assert ratio(tokens(theme), front, back) >= least


def test_both_ways_to_the_night_theme_agree() -> None:
    assert tokens(":root:not([data-theme=light])") == tokens(":root[data-theme=dark]")
