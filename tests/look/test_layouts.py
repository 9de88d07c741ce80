"""Every layout and error page is a valid page in every language, by the rules of tests/support/pages.py."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from portal.core.i18n import LANGUAGES
from portal.web.render import page_context
from tests.support.pages import check_html

ROOT = Path(__file__).resolve().parents[2]
ERRORS = sorted(path.stem for path in (ROOT / "templates" / "errors").glob("[0-9o]*.html"))
LAYOUTS = {
    "page": "<h1>One</h1>{% endblock %}{% block side %}<p>Two</p>{% endblock %}{% block more %}<p>Three</p>",
    "wizard": "<h1>One</h1>",
    "staff": "<h1>One</h1>",
    "print": "<h1>One</h1>",
}


def page(app: Flask, source: str, language: str, **values: Any) -> str:
    """A child template as it would be sent."""
    with app.test_request_context(f"/{language}/"):
        app.preprocess_request()
        return app.jinja_env.from_string(source).render({**page_context(), **values})


@pytest.mark.parametrize("language", ["de", "leicht", "ar"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_are_valid(app: Flask, layout: str, language: str) -> None:
    source = '{% extends "layouts/' + layout + '.html" %}{% block title %}T{% endblock %}{% block content %}'
    html = page(app, source + LAYOUTS[layout] + "{% endblock %}", language, steps=["A", "B"], step=2)
    check_html(html)
    known = LANGUAGES[language]
    assert f'<html lang="{known.html_lang}" dir="{known.dir}"' in html


def test_page_without_side_has_one_column(app: Flask) -> None:
    source = '{% extends "layouts/page.html" %}{% block content %}<h1>One</h1>{% endblock %}'
    assert "columns" not in page(app, source, "de").split("<main")[1]


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_are_valid(app: Flask, name: str) -> None:
    html = page(app, '{% extends "errors/' + name + '.html" %}', "de")
    check_html(html)
    assert "discovery" not in html


def test_frame_carries_what_scripts_and_readers_need(app: Flask) -> None:
    html = page(app, '{% extends "layouts/base.html" %}{% block main %}<h1>One</h1>{% endblock %}', "de")
    for part in ('class="skip" href="#main"', 'id="flash"', 'id="say"', 'id="alarm"', 'id="main"'):
        assert html.count(part) == 1
    assert html.count("<script defer src=") == html.count("<script")


def test_quick_exit_stands_where_it_is_asked_for(app: Flask) -> None:
    source = '{% extends "layouts/base.html" %}{% block main %}<h1>One</h1>{% endblock %}'
    assert "data-leave" not in page(app, source, "de")
    assert "data-leave" in page(app, source, "de", leave_url="https://example.org/")


def test_widgets_are_valid_in_a_page(app: Flask) -> None:
    source = """{% extends "layouts/page.html" %}{% block content %}<h1>One</h1>
    {{ ui.tools.row(speak="#main", share_url="/s", report_url="/r") }}
    {{ ui.filters.search_row("/", count=1) }}<div id="results"></div>{{ ui.filters.panel("/", groups) }}
    {% call ui.card.grid() %}{{ ui.proposal.card(p) }}{% endcall %}{{ ui.pager.numbers(pages) }}
    {{ ui.empty.state("Nothing", scene="gathering") }}{{ ui.figure.row([(1, "a")]) }}
    {{ ui.timeline.status_block("Now", stages=["A", "B"], current=1) }}
    {{ ui.notice.box("x", "wait") }}{% endblock %}"""
    options = [("a", "A", True), ("b", "B", False)]
    groups = [
        {"title": "One", "name": "one", "many": True, "options": options},
        {"title": "Two", "name": "two", "many": False, "options": options},
    ]
    proposal = SimpleNamespace(
        title="Bench", url="/p", language="de", excerpt="Text", topic_icon="bench", topic_hue=1, picture=None,
        place="Market", stage_label="Collecting", stage_icon="heart", stage_tone="", supports=3, goal=40,
        days_left=2, comments=1,
    )  # fmt: skip
    pages = SimpleNamespace(page=2, pages=9, url=lambda number: f"?page={number}")
    check_html(page(app, source, "de", groups=groups, p=proposal, pages=pages))


def test_only_visitors_pages_are_kept_for_offline_reading(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/de/offline").headers["X-Offline"] == "1"
    assert client.get("/de/").headers["X-Offline"] == "1"
    assert "X-Offline" not in client.get("/de/there-is-nothing").headers


def test_the_same_page_in_other_languages_and_for_all_others(app: Flask) -> None:
    """x-default: where the reader's language is none of them, the town's first one."""
    html = app.test_client().get("/ar/help").text
    for language in LANGUAGES.values():
        assert f'hreflang="{language.html_lang}" href="/{language.slug}/help"' in html
    assert 'hreflang="x-default" href="/de/help"' in html
