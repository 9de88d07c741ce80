"""Forms speak our words, and an operation's no lands at its field."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
import wtforms
from flask import Flask
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.core.errors import DomainError, NotFound
from portal.web.forms import Form
from portal.web.wtforms_words import COUNTED, SAID

# Said to programmers only: they mean a mistake in the code, never one of a person.
FOR_PROGRAMMERS = {"Invalid field name '%s'.", "Choices cannot be None."}


class NameForm(Form):
    name = StringField("Name", validators=[InputRequired(), Length(min=3)])


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
