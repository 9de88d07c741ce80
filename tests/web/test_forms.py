"""Forms speak our words, and an operation's no lands at its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import polib
import pytest
import wtforms
from flask import Flask
from wtforms import DateField, DateTimeLocalField, RadioField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from portal.content.forms import VideoForm
from portal.core.errors import DomainError, NotFound
from portal.groups.forms.board import AddPictureForm
from portal.groups.forms.decision_rules import RulesForm
from portal.groups.forms.decisions import DatesForm, DraftForm
from portal.groups.forms.papers import FileForm
from portal.moderation.forms import DecisionForm
from portal.proposals.forms.office import AssessmentForm
from portal.rounds.forms.drafting import BallotForm, CountingForm
from portal.rounds.forms.drafting import WordsForm as RoundWordsForm
from portal.rounds.forms.letters import LostLetterForm
from portal.rounds.models import BallotKind, Round
from portal.web.forms import Coordinate, Form, WholeNumber
from portal.web.wtforms_words import COUNTED, SAID

# Said to programmers only: they mean a mistake in the code, never one of a person.
FOR_PROGRAMMERS = {"Invalid field name '%s'.", "Choices cannot be None."}


class NameForm(Form):
    name = StringField("Name", validators=[InputRequired(), Length(min=3)])


class AnswerForm(NameForm):
    answer = RadioField("Answer", choices=["yes", "no"], validators=[InputRequired()])


class DayForm(Form):
    day = DateField("Day", validators=[InputRequired()])


class WhenForm(DayForm):
    time = TimeField("Time", validators=[InputRequired()])
    both = DateTimeLocalField("Both", validators=[InputRequired()])


class Renamed(NameForm):
    errors_at: ClassVar = {"nickname": "name"}


class TakenName(DomainError):
    message = "This name is taken."
    field = "name"


def test_every_message_of_wtforms_has_our_words() -> None:
    catalogue = polib.pofile(str(Path(wtforms.__file__).parent / "locale" / "wtforms.pot"))
    missing = {entry.msgid for entry in catalogue} - set(SAID) - set(COUNTED) - FOR_PROGRAMMERS
    assert missing == set()


@pytest.mark.parametrize(
    ("typed", "error"), [("", "Please fill this in."), ("ab", "Please write at least 3 characters.")]
)
def test_errors_are_kind(app: Flask, typed: str, error: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/en/x", method="POST", data={"name": typed}):
        app.preprocess_request()
        form = NameForm()
        assert form.status == 200
        assert not form.validate_on_submit()
        assert [str(message) for message in form.name.errors] == [error]
        assert form.status == 422


def test_where_something_is_chosen_nothing_is_filled_in(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/de/x", method="POST", data={"name": ""}):
        app.preprocess_request()
        form = AnswerForm()
        assert not form.validate_on_submit()
        assert form.name.errors == ["Bitte füllen Sie das aus."]
        assert form.answer.errors == ["Bitte wählen Sie eine der Antworten."]


@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "24.5.26", "٥"])
def test_a_day_nobody_can_reckon_with_is_refused(app: Flask, typed: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/de/x", method="POST", data={"day": typed}):
        app.preprocess_request()
        form = DayForm()
        assert not form.validate_on_submit()
        assert form.day.errors == ["Bitte geben Sie einen Tag ein, zum Beispiel 2026-05-24."]
        assert f'value="{typed}"' in form.day()


def test_an_operations_no_becomes_its_fields_error(app: Flask) -> None:
    def refuse() -> None:
        raise TakenName

    def nowhere() -> None:
        raise DomainError("Not today.")

    def missing() -> None:
        raise NotFound

    with app.test_request_context("/en/x", method="POST", data={"name": "Anna"}):
        form = NameForm()
        assert form.attempt(lambda: "made") == "made"
        assert form.attempt(refuse) is None
        assert form.attempt(nowhere) is None
        assert form.name.errors == ["This name is taken."]
        assert form.form_errors == ["Not today."]
        assert form.status == 422
        with pytest.raises(NotFound):
            form.attempt(missing)


class Point(Form):
    lat = Coordinate("Latitude", most=90)


class HowMany(Form):
    many = WholeNumber("How many", [Optional()], least=1, most=12_000)


@pytest.fixture
def how_many(app: Flask) -> Callable[[str], HowMany]:
    """The form as it comes back from a page."""
    app.config["WTF_CSRF_ENABLED"] = False

    def send(typed: str) -> HowMany:
        with app.test_request_context("/de/x", method="POST", data={"many": typed}):
            app.preprocess_request()
            form = HowMany()
            form.validate_on_submit()
            return form

    return send


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("٥", 5),
        ("۵", 5),
        (" 5 ", 5),
        ("+05", 5),
        ("\u200f٥\u200f", 5),
        ("12.000", 12_000),
        ("12 000", 12_000),
        ("١٢٬٠٠٠", 12_000),
        ("", None),
        (" \u00a0", None),
    ],
)
def test_a_whole_number_is_read_in_every_script(
    how_many: Callable[[str], HowMany], typed: str, number: int | None
) -> None:
    form = how_many(typed)
    assert (form.many.data, form.many.errors, form.status) == (number, [], 200)


@pytest.mark.parametrize("typed", ["5,5", "abc", "1.20.000", "5 Euro", "²", "0x10", "1e3", "--1"])
def test_what_is_no_number_stays_in_its_field(how_many: Callable[[str], HowMany], typed: str) -> None:
    form = how_many(typed)
    (said,) = form.many.errors
    assert said == "Bitte schreiben Sie eine ganze Zahl in Ziffern, von 1 bis 12.000."
    assert f'value="{typed}"' in form.many()
    assert form.status == 422


@pytest.mark.parametrize("typed", ["-1", "\u22121", "0", "12.001", "99999999999999999999", "9" * 5000])
def test_a_number_out_of_bounds_is_told_the_bounds(how_many: Callable[[str], HowMany], typed: str) -> None:
    form = how_many(typed)
    assert [str(said) for said in form.many.errors] == ["Bitte geben Sie eine Zahl von 1 bis 12.000 ein."]
    assert f'value="{typed}"' in form.many()


def test_the_browser_does_not_judge_numbers(how_many: Callable[[str], HowMany]) -> None:
    box = how_many("abc").many()
    assert 'inputmode="numeric"' in box
    assert 'autocomplete="off"' in box
    assert 'dir="ltr"' in box
    assert not re.search(r'type="number"|\b(?:min|max|step|pattern)=', box)


@pytest.mark.parametrize(
    ("typed", "number"), [("51.5", 51.5), ("abc", None), ("91", None), ("nan", None), ("inf", None)]
)
def test_a_point_that_is_none_is_left_out(app: Flask, typed: str, number: float | None) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/en/x", method="POST", data={"lat": typed}):
        form = Point()
        assert form.validate_on_submit()
        assert form.lat.data == number


def test_an_error_for_a_field_that_is_not_there_is_noticed(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """It stands above the form, and tests fail over the line in the log (tests/support/pages.py)."""
    with app.test_request_context("/en/x", method="POST", data={"name": "Anna"}):
        form, renamed, button = NameForm(), Renamed(), Form()
        for one in (form, renamed, button):
            one.add_error("nickname", "This name is taken.")
        assert form.form_errors == button.form_errors == ["This name is taken."]
        assert (renamed.form_errors, renamed.name.errors) == ([], ["This name is taken."])
    assert [line for line in caplog.messages if "error_without_field" in line] == [
        "error_without_field form=NameForm field=nickname"
    ]


# (form, its fields that are needed for a choice or by the next step, one that can truly be left out)
NOT_OPTIONAL: list[tuple[type[Form], set[str], str]] = [
    (BallotForm, {"points_total", "score_max"}, "max_choices"),
    (RoundWordsForm, {"question"}, "intro"),
    (RulesForm, {"quorum", "points_total", "max_choices"}, "points_each"),
    (DraftForm, {"options"}, "question"),
    (DatesForm, {"start_1"}, "start_2"),
    (VideoForm, {"words"}, "poster"),
    (FileForm, {"file", "alt"}, "name"),
    (AddPictureForm, {"file", "alt"}, ""),
    (AssessmentForm, {"reason"}, "who"),
    (LostLetterForm, {"reason"}, "letter_number"),
]


@pytest.mark.parametrize(("kind", "needed", "free"), NOT_OPTIONAL)
def test_what_is_needed_is_not_called_optional(
    app: Flask, kind: type[Form], needed: set[str], free: str
) -> None:
    """Also where only one choice needs it, and where it may be missing until the next step."""
    with app.test_request_context("/en/x"):
        app.preprocess_request()
        form, field = kind(), app.jinja_env.globals["ui"].form.field
        assert {name for name in needed if "(optional)" in field(form[name])} == set()
        assert not free or "(optional)" in field(form[free])


def test_a_decision_of_moderation_and_a_count_call_nothing_optional_that_they_ask_for(app: Flask) -> None:
    vote = Round(ballot_kind=BallotKind.BASKET)
    with app.test_request_context("/en/x"):
        app.preprocess_request()
        asked = (
            (DecisionForm([]), {"law", "passage", "days"}),
            (CountingForm(vote), {"budget", "threshold", "lottery_source", "lottery_on"}),
        )
        field = app.jinja_env.globals["ui"].form.field
        for form, names in asked:
            found = {one.name: str(field(one)) for one in form if one.name in names}
            assert {name for name, html in found.items() if "(optional)" in html} == set()
        assert "Needed where the result shares out money." in field(asked[1][0].budget)


def test_a_file_that_is_needed_is_not_called_optional(app: Flask) -> None:
    """Of a new video only the preview picture may be left out; of one that is there, the file as well."""
    with app.test_request_context("/en/x"):
        app.preprocess_request()
        ui = app.jinja_env.globals["ui"]
        page = str(ui.video.edit(VideoForm(), None, "/x", "/y"))
        labels = [one.partition("</label>")[0] for one in page.split("<label ")[1:]]
        assert [one.partition('"')[2].partition('"')[0] for one in labels if "(optional)" in one] == [
            "poster"
        ]
        assert "(optional)" in ui.form.file(VideoForm().video, optional=True)
        assert "(optional)" not in ui.form.field(VideoForm().video, optional=False)


def test_half_a_day_is_asked_for_whole_and_the_other_half_stays(app: Flask) -> None:
    """Without scripts a browser sends nothing of a half-filled field, and does not say so."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/en/x", method="POST", data={"day": "", "time": "18:30", "both": ""}):
        app.preprocess_request()
        form, whole = WhenForm(), "Please fill in all parts: half a day or half a time does not reach us."
        assert not form.validate_on_submit()
        assert form.errors == {"day": [whole], "both": [whole]}
        assert 'value="18:30"' in form.time()
