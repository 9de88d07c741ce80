"""Icons, pictures and scripts: small, all there, and without anything inline."""

import re
from pathlib import Path
from xml.etree import ElementTree

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[2]
SPRITE = ROOT / "static" / "icons.svg"
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
PICTURES = (ROOT / "static" / "img", ROOT / "templates" / "illustrations")
DRAWINGS = [SPRITE, *(path for folder in PICTURES for path in sorted(folder.glob("*.svg")))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def packed(path: Path) -> int:
    return len(brotli.compress(path.read_bytes()))


def icon_names() -> set[str]:
    root = ElementTree.fromstring(SPRITE.read_text(encoding="utf-8"))
    return {symbol.attrib["id"] for symbol in root}


def test_sprite_is_small() -> None:
    assert packed(SPRITE) <= 4 * 1024
    assert len(icon_names()) >= 45


def test_scripts_are_small() -> None:
    """Passkeys are staff's: residents never load them. The code of a letter has a page of its own."""
    staff = [path for path in SCRIPTS if path.name == "passkey.js"]
    letter = [path for path in SCRIPTS if path.name == "letter.js"]
    assert sum(packed(path) for path in SCRIPTS if path not in staff + letter) <= 3 * 1024
    assert sum(packed(path) for path in letter) <= 300
    assert sum(packed(path) for path in staff) <= 1024


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_do_not_build_code_or_markup(path: Path) -> None:
    assert (
        re.findall(r"\beval\b|new Function|innerHTML|document\.write|https?:", path.read_text("utf-8")) == []
    )


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.name)
def test_drawings_are_well_formed_and_without_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert re.findall(r"style=|<style|<script|\son\w+=|href=", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_every_icon_that_is_named_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = set(re.findall(r"icons?\.(?:use|gable)\(\s*\"([\w-]+)\"", text))
    used |= set(re.findall(r"\bicon=\"([\w-]+)\"", text))
    assert used - icon_names() == set()
