"""Plurals in templates: filled in once, escaped in HTML only."""

from __future__ import annotations

from flask import Flask, render_template_string

from portal.core.i18n import use_language

WORDS = "{{ ngettext('%(num)s day for %(what)s', '%(num)s days for %(what)s', n, what=what) }}"


def test_a_plural_takes_further_values(app: Flask) -> None:
    with app.test_request_context("/en/"), use_language("en"):
        assert render_template_string(WORDS, n=1, what="100 % of it") == "1 day for 100 % of it"
        assert render_template_string(WORDS, n=2, what="<b>") == "2 days for &lt;b&gt;"


def test_a_text_mail_is_not_escaped(app: Flask) -> None:
    with app.test_request_context("/en/"), use_language("en"):
        text = app.jinja_env.overlay(autoescape=False).from_string(WORDS)
        assert text.render(n=2, what="A & B") == "2 days for A & B"


def test_both_names_of_the_number(app: Flask) -> None:
    with app.test_request_context("/en/"), use_language("en"):
        assert render_template_string("{{ ngettext('%(n)s row', '%(n)s rows', 3) }}") == "3 rows"
        shown = render_template_string("{{ ngettext('%(n)s row', '%(n)s rows', 3000, n='3,000') }}")
        assert shown == "3,000 rows"
