"""Compiled templates are kept for the next start, and made anew when anything they are made of is another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader

from portal.web import compiled
from portal.web.compiled import KeptTemplates
from portal.web.environment import PortalEnvironment

Draw = Callable[..., tuple[str, bool]]


@pytest.fixture
def draw(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """Draws a page as a process that has just started; says its text and whether it had to be compiled."""
    made: list[str] = []
    compiling = PortalEnvironment._generate

    def generate(self: PortalEnvironment, *given: object, **named: object) -> str:
        made.append(self.language)
        return compiling(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(PortalEnvironment, "_generate", generate)

    def drawn(source: str, language: str = "de", root: str = "") -> tuple[str, bool]:
        environment = app.jinja_env.overlay(
            bytecode_cache=KeptTemplates(tmp_path / "kept", app.extensions["static_files"]),
            loader=DictLoader({"page.html": source}),
        )
        made.clear()
        environment.__dict__.pop("by_language", None)
        with app.test_request_context(f"/{language}/", environ_overrides={"SCRIPT_NAME": root}):
            page = environment.for_language(language).get_template("page.html").render()  # type: ignore[attr-defined]
        return page, bool(made)

    return drawn


WORDS = '{{ _("Search") }} {{ url_for("discovery.home") }}'


def test_the_next_start_compiles_nothing(draw: Draw) -> None:
    assert draw(WORDS) == ("Suchen /de/", True)
    assert draw(WORDS) == ("Suchen /de/", False)


def test_another_text_language_or_place_is_compiled_anew(draw: Draw) -> None:
    draw(WORDS)
    assert draw(f"{WORDS}!") == ("Suchen /de/!", True)
    assert draw(WORDS, language="tr") == ("Ara /tr/", True)
    assert draw(WORDS, root="/town") == ("Suchen /town/de/", True)
    assert draw(WORDS) == ("Suchen /de/", False)


@pytest.mark.parametrize("ending", [".py", ".mo", ".html"])
def test_after_a_change_of_code_words_or_macros_nothing_old_is_used(
    draw: Draw, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str
) -> None:
    """And what was kept before goes."""
    stamps = compiled._stamps
    draw(WORDS)
    before = list((tmp_path / "kept").iterdir())
    monkeypatch.setattr(
        compiled,
        "_stamps",
        lambda folder, which: (f"{one}{'!' * (which == ending)}" for one in stamps(folder, which)),
    )
    assert draw(WORDS)[1]
    assert len(list((tmp_path / "kept").iterdir())) == len(before) == 1
    assert not before[0].exists()


def test_stamps_are_of_files_at_any_depth_and_notice_a_change(tmp_path: Path) -> None:
    (tmp_path / "a" / "__pycache__").mkdir(parents=True)
    for name in ("x.py", "a/y.py", "a/z.txt", "a/__pycache__/y.py"):
        (tmp_path / name).write_text("1")
    before = sorted(compiled._stamps(str(tmp_path), ".py"))
    assert [one.split()[0].removeprefix(f"{tmp_path}/") for one in before] == ["a/y.py", "x.py"]
    (tmp_path / "a/y.py").write_text("22")
    assert sorted(compiled._stamps(str(tmp_path), ".py"))[0] != before[0]


def test_other_static_files_have_other_addresses(app: Flask, tmp_path: Path) -> None:
    static = app.extensions["static_files"]
    less = type(static)(tmp_path)
    assert KeptTemplates(tmp_path, static).tools != KeptTemplates(tmp_path, less).tools


@pytest.mark.parametrize("broken", [b"", b"x" * 50, None])
def test_a_broken_file_is_compiled_anew(draw: Draw, tmp_path: Path, broken: bytes | None) -> None:
    draw(WORDS)
    (kept,) = (tmp_path / "kept").glob("*/*")
    kept.write_bytes(kept.read_bytes()[:-5] if broken is None else broken)
    assert draw(WORDS) == ("Suchen /de/", True)
    assert draw(WORDS) == ("Suchen /de/", False)


def test_a_disk_that_takes_nothing_costs_only_time(draw: Draw, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("in the way")
    assert draw(WORDS) == ("Suchen /de/", True)
    assert draw(WORDS) == ("Suchen /de/", True)
