"""The macros write markup that people with and without sight can use."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from wtforms import BooleanField, FileField, Form, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def gettext(text: str, **values: Any) -> str:
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    return (one if num == 1 else many) % {"num": num, **values}


def environment() -> Environment:
    loader = FileSystemLoader(ROOT / "templates")
    env = Environment(loader=loader, autoescape=True, trim_blocks=True, undefined=StrictUndefined)
    env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
    env.globals.update(pgettext=lambda context, text, **values: gettext(text, **values))
    env.globals.update(static_url=lambda path: "/static/" + path, csrf_token=lambda: "secret")
    env.filters.update(dict.fromkeys(("date", "datetime", "day", "number", "money", "relative"), str))
    return env


def macros(name: str) -> Any:
    return environment().get_template(f"macros/{name}.html").module


TOPICS = [SelectChoice("a", "Green"), SelectChoice("b", "Traffic")]


class Sample(Form):
    title = StringField("Title", [InputRequired("Please give a title.")], description="One sentence")
    why = TextAreaField("Why")
    topic = RadioField("Topic", [InputRequired("Please choose.")], choices=TOPICS)
    tags = SelectMultipleField("Tags", choices=[SelectChoice("x", "X")])
    agree = BooleanField("I agree")
    photo = FileField("Photo")


def refused() -> Sample:
    form = Sample(formdata=None, data={})
    form.validate()
    return form


def test_summary_comes_with_links_to_fields() -> None:
    html = str(macros("form").errors(refused()))
    assert 'role="alert"' in html
    assert "autofocus" in html
    assert 'tabindex="-1"' in html
    assert 'href="#title"' in html
    assert 'href="#topic-0"' in html
    assert "Please give a title." in html


def test_summary_is_silent_without_errors() -> None:
    assert str(macros("form").errors(Sample())).strip() == ""


def test_field_names_its_hint_and_problem() -> None:
    html = str(macros("form").field(refused().title))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="title-hint title-problem"' in html
    assert 'id="title-hint"' in html
    assert 'id="title-problem"' in html
    assert '<label for="title">' in html


def test_field_without_problem_claims_none() -> None:
    html = str(macros("form").field(Sample().why))
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html
    assert "(optional)" in html


def test_extra_attributes_reach_the_input() -> None:
    html = str(macros("form").field(Sample().title, data_hx_get="/check", autocomplete="off"))
    assert 'data-hx-get="/check"' in html
    assert 'autocomplete="off"' in html


def test_tiles_stay_real_radios() -> None:
    html = str(macros("form").tiles(refused().topic))
    assert html.count('type="radio"') == 2
    assert "<legend>" in html
    assert 'aria-describedby="topic-problem"' in html


@pytest.mark.parametrize("name", ["title", "why", "topic", "tags", "agree", "photo"])
def test_every_kind_of_field_has_a_label(name: str) -> None:
    html = str(macros("form").field(Sample()[name]))
    assert ("<label" in html and f'name="{name}"' in html) or name == "tags"


def test_start_sends_the_token_only_with_post() -> None:
    form = macros("form")
    assert 'value="secret"' in str(form.start("/x"))
    assert "secret" not in str(form.start("/x", method="get"))


def test_private_forms_never_keep_drafts() -> None:
    html = str(macros("form").start("/x", draft="help", private=True))
    assert "data-draft" not in html
    assert "data-private" in html


def test_values_are_escaped() -> None:
    html = str(macros("badge").tag("<b>x</b>"))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize(("page", "shown"), [(1, "1234"), (617, "617"), (1234, "1")])
def test_pager_draws_a_window(page: int, shown: str) -> None:
    pages = SimpleNamespace(page=page, pages=1234, url=lambda number: f"?page={number}")
    html = str(macros("pager").numbers(pages))
    assert shown in html
    assert html.count("<li>") <= 9
    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize("total", [2, 3, 4, 6])
def test_pager_names_every_page_of_a_short_list_once(total: int) -> None:
    pages = SimpleNamespace(page=1, pages=total, url=lambda number: f"?page={number}")
    html = str(macros("pager").numbers(pages))
    assert [html.count(f"</span>{number}<") for number in range(1, total + 1)] == [1] * total


def test_status_block_answers_five_questions() -> None:
    history = [SimpleNamespace(text="Published", when=NOW, note=None, state=None)]
    html = str(
        macros("timeline").status_block(
            "Being checked", "Answer", "Parks office", "12 December", history, stages=["A", "B"], current=2
        )
    )
    for words in ("Being checked", "Answer", "Parks office", "12 December", "Published", "Step 2 of 2: B"):
        assert words in html
    assert html.count('aria-current="step"') == 1


def test_user_text_is_inert_and_says_its_language() -> None:
    html = str(macros("usertext").block("<p>x</p>", "ar"))
    assert 'lang="ar"' in html
    assert 'dir="auto"' in html
    assert "data-hx-disable" in html


def test_offers_post_form_with_pressed_state() -> None:
    html = str(macros("button").post("/support", "Support", icon="heart", pressed=True, id="support-1"))
    assert 'method="post"' in html
    assert 'aria-pressed="true"' in html
    assert "secret" in html
