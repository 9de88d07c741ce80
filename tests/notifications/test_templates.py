"""Every mail the portal can send: both forms there, nothing loaded, nothing private in the subject line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from portal.core.i18n import LANGUAGES, use_language
from portal.core.places_on_disk import data_root
from portal.notifications.settings import notice_kinds

TEMPLATES = data_root() / "templates"
MAILS = sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.glob("*/mail/*"))
# What a mail may be about in its subject line: how many, and which case of it. Never words of people.
IN_SUBJECTS = {
    "_",
    "gettext",
    "ngettext",
    "pgettext",
    "npgettext",
    "count",
    "decision",
    "is_split",
    "minutes",
    "purpose",
    "site",
    "title",
}
LOADED = re.compile(r"<img|<link|<script|<iframe|\ssrc=|@import|url\(|https?://", re.IGNORECASE)


def test_every_mail_has_text_and_html() -> None:
    stems = {path.with_suffix("") for path in MAILS}
    assert {path.with_suffix(suffix) for path in stems for suffix in (".txt", ".html")} == set(MAILS)
    assert len(MAILS) >= 10


def test_every_kind_of_notice_has_its_mail(app: Flask) -> None:
    wanted = {kind.template for kind in notice_kinds() if kind.template}
    there = {path.with_suffix("").as_posix() for path in MAILS}
    assert {name for name in wanted if not name.startswith(("test/", "notifications/mail/test"))} <= there


@pytest.mark.parametrize("path", [path for path in MAILS if path.suffix == ".txt"], ids=str)
def test_subject_lines_hold_no_words_of_people(app: Flask, path: Path) -> None:
    tree = app.jinja_env.parse((TEMPLATES / path).read_text(encoding="utf-8"))
    subjects = [block for block in tree.find_all(nodes.Block) if block.name == "subject"]
    assert len(subjects) == 1
    used = {name.name for name in subjects[0].find_all(nodes.Name) if name.ctx == "load"}
    assert used <= IN_SUBJECTS


@pytest.mark.parametrize("path", [path for path in MAILS if path.suffix == ".html"], ids=str)
def test_html_mails_load_nothing(path: Path) -> None:
    for source in (path, Path("layouts/mail.html")):
        words = re.sub(r"\{[{%#].*?[}%#]\}", "", (TEMPLATES / source).read_text(encoding="utf-8"))
        assert LOADED.search(words) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_of_notices_are_whole_sentences_in_every_language(app: Flask, language: str) -> None:
    values = {"title": "Bank", "count": 3, "cm": 1}
    with use_language(language):
        for kind in notice_kinds():
            try:
                line = kind.line(values)
            except KeyError:
                continue  # wants more from its context; its own package tests it
            assert line.strip()
            assert "%(" not in line
            assert str(kind.label).strip()
