"""Typing a code, asking for letters, saying that one is lost."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.accounts.forms import language_choices
from portal.core.i18n import lazy_gettext as _l
from portal.rounds.models import REASON_LENGTH
from portal.web.forms import Form, Needed, WholeNumber

BIGGEST = 1_000_000


class CodeForm(Form):
    """The code from the letter."""

    code = StringField(
        _l("Your code"),
        [DataRequired(_l("Please type the code from the letter.")), Length(max=200)],
        description=_l("13 letters and digits. Spaces and small letters are fine; O and 0 mean the same."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "dir": "ltr",
            "data-from-hash": "",
        },
    )


class AskLettersForm(Form):
    """A batch: language, district, how many."""

    size = WholeNumber(_l("How many letters"), [InputRequired()], least=1, most=500)
    language = SelectField(_l("Language of the letters"), choices=language_choices)
    district = SelectField(_l("District"), [Optional()], coerce=str)

    def __init__(self, districts: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district.choices = [SelectChoice(str(number), name) for number, name in districts] or [
            SelectChoice("", _l("The whole town"))
        ]


class LostLetterForm(Form):
    """Which letter: the number printed on it, or that the town's list says."""

    batch_number = WholeNumber(_l("Number of the batch"), [InputRequired()], least=1, most=BIGGEST)
    letter_number = WholeNumber(
        _l("Number of the letter"),
        [Optional()],
        least=1,
        most=BIGGEST,
        description=_l("The part behind the dash. Leave it empty for the whole batch."),
    )
    language = SelectField(_l("Language of the new letter"), choices=language_choices)
    reason = TextAreaField(
        _l("Reason"),
        [Needed(), Optional(), Length(max=REASON_LENGTH)],
        description=_l("Only needed to take a letter back for good. No names, please."),
    )
