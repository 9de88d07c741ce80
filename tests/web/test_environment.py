"""Templates with words worked out beforehand say exactly what they say without."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from jinja2 import DictLoader

from portal.core.i18n import LANGUAGES, use_language
from portal.web.environment import PortalEnvironment

PAGE = """
{% import "macros/icon.html" as icons %}
<p>{{ _("Search") }}</p>
<p>{{ _("%(count)s of %(goal)s people", count=value, goal="<b>") }} {{ _("100 %% sure") }}</p>
<p>{{ pgettext("stance", "Against") }} {{ pgettext("action", "Report") }}</p>
<p>{{ ngettext("%(num)s comment", "%(num)s comments", 3) }}</p>
<p title="{{ _('Filter') }}">{{ icons.use("bell") }}{{ ui.icon.gable("tree", 2) }}{{ icons.use(value) }}</p>
<p>{{ url_for("discovery.home") }} {{ url_for("proposals.detail", pid=value) }}
{{ static_url("icons.svg") }}
</p>
<p>{{ ("<" ~ _("Filter") ~ ">")|length }} {{ _("Filter")|upper }}</p>
"""
WORDS = "{{ _('Search') }}{{ url_for('discovery.home') }}"


@pytest.fixture
def pages(app: Flask) -> PortalEnvironment:
    """The environment with one page and one text of our own beside the portal's macros."""
    environment = app.jinja_env
    assert isinstance(environment, PortalEnvironment)
    own = DictLoader({"page.html": PAGE, "mail.txt": "{{ _('Filter') }} & {{ value }}"})
    environment.loader = environment.loader and _both(own, environment)
    return environment


def _both(own: DictLoader, environment: PortalEnvironment) -> DictLoader:
    macros = {name: environment.loader.get_source(environment, name)[0] for name in ("macros/icon.html",)}  # type: ignore[union-attr]
    return DictLoader({**own.mapping, **macros})


@pytest.mark.parametrize("slug", LANGUAGES)
def test_the_same_words_as_without(app: Flask, pages: PortalEnvironment, slug: str) -> None:
    with app.test_request_context(f"/{slug}/"), use_language(slug):
        plain = pages.get_template("page.html").render(value="<i>7</i>")
        folded = pages.for_language(slug).get_template("page.html").render(value="<i>7</i>")
    assert re.sub(r"\s+", " ", folded) == re.sub(r"\s+", " ", plain)
    assert "&lt;i&gt;7" in folded
    assert "<i>" not in folded


def test_a_text_is_not_escaped(app: Flask, pages: PortalEnvironment) -> None:
    with app.test_request_context("/de/"):
        text = pages.for_language("de").get_template("mail.txt").render(value="<i>")
    assert text == "Filtern & <i>"


def test_languages_keep_apart(app: Flask, pages: PortalEnvironment) -> None:
    """The words are those of the environment, whoever is asked first; and each has its own macros."""
    with app.test_request_context("/de/"):
        german, turkish = pages.for_language("de"), pages.for_language("tr")
        assert "<p>Suche" in german.get_template("page.html").render(value="")
        assert "<p>Ara" in turkish.get_template("page.html").render(value="")
        assert german.globals["ui"] is not turkish.globals["ui"]
        assert pages.for_language("de") is german


def test_constant_words_are_worked_out_when_compiled(app: Flask, pages: PortalEnvironment) -> None:
    """What this is for: no catalogue is asked while a page is drawn."""
    with app.test_request_context("/de/"):
        source = pages.for_language("de").compile(
            "{{ _('Search') }}{{ url_for('discovery.home') }}", raw=True
        )
    assert "gettext" not in source
    assert "/de/" in source


def test_built_addresses_are_kept_apart(app: Flask) -> None:
    """By language, values and anchor; what somebody typed is not kept."""
    with app.test_request_context("/de/"):
        for _ in range(2):
            assert app.url_for("proposals.detail", pid="a") == "/de/proposals/a"
            assert app.url_for("proposals.detail", pid="b", _anchor="x") == "/de/proposals/b#x"
            assert app.url_for("proposals.index", topic=["green", "safety"]).endswith(
                "topic=green&topic=safety"
            )
            assert app.url_for("proposals.detail", lang="ar", pid="a") == "/ar/proposals/a"
        with use_language("tr"):
            assert app.url_for("proposals.detail", pid="a") == "/tr/proposals/a"
        kept = len(app.addresses)  # type: ignore[attr-defined]
        app.url_for("proposals.index", q="x" * 200)
        assert len(app.addresses) == kept  # type: ignore[attr-defined]
    with app.test_request_context("/de/", environ_overrides={"SCRIPT_NAME": "/town"}):
        assert app.url_for("proposals.detail", pid="a") == "/town/de/proposals/a"


def test_an_address_with_the_host_is_never_kept(app: Flask, pages: PortalEnvironment) -> None:
    """Else the first visitor's Host header would stand in everybody's page."""
    source = '{{ url_for("discovery.home", _external=True) }}'
    for host in ("one.example", "two.example"):
        with app.test_request_context("/de/", base_url=f"http://{host}"):
            page = pages.for_language("de").from_string(source).render()
            assert page == f"http://{host}/de/"
    with app.test_request_context("/de/"):
        assert "url_for" in str(pages.for_language("de").compile(source, raw=True))
