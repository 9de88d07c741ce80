"""Every template can be read, stays short and keeps to the strict content security policy."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates"
OWN = ("layouts", "macros", "errors", "illustrations")
TEMPLATES = sorted(p for name in OWN for p in (FOLDER / name).iterdir())


def named(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def test_every_template_compiles(app: Flask) -> None:
    """With the filters and macros the packages really register."""
    templates = [path for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt", ".xml"}]
    assert len(templates) > 100
    for path in templates:
        app.jinja_env.get_template(named(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_inline_script_style_or_handler(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|\son[a-z]+=|javascript:|\shx-on|<script(?![^>]*\bsrc=)", text) == []
    if path.stem == "mail":
        return  # mails have no policy, and nothing may be loaded from elsewhere
    assert [tag for tag in re.findall(r"<style[^>]*>.*?</style>", text, re.S) if "core_css" not in tag] == []
