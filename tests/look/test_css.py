"""The stylesheet keeps its promises: both writing directions, old browsers, small, readable colours."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
CORE = (ROOT / "static" / "css" / "portal.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_physical_directions(sheet: Path) -> None:
    found = re.findall(r".*\b(?:left|right)\b.*", sheet.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "forbidden", ["@layer", "light-dark(", "oklch", "color-mix", "@import", "@font-face", "http:"]
)
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
