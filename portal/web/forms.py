"""Forms: our words for WTForms' messages, CSRF, and operations whose "no" becomes a field's error."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, TypeVar

from flask_wtf import FlaskForm
from wtforms import Field, FloatField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput, TextInput

from portal.core import i18n
from portal.core.errors import DomainError, NotAllowed, NotFound, RateLimited, SignInRequired
from portal.core.text import ascii_digits
from portal.web.requests import take_back
from portal.web.wtforms_words import (
    COUNTED,
    NO_DAY,
    NOT_A_NUMBER,
    NOTHING_CHOSEN,
    NOTHING_THERE,
    NOTHING_WHOLE,
    ONLY_ONE,
    OUT_OF_BOUNDS,
    SAID,
)

Result = TypeVar("Result")
log = logging.getLogger("portal.web")
YEARS = range(1900, 2200)
# What is said where nothing came: it fits what people do there.
EMPTY = {
    **dict.fromkeys(("RadioField", "SelectField", "SelectMultipleField"), NOTHING_CHOSEN),
    **dict.fromkeys(("DateField", "TimeField", "DateTimeLocalField"), NOTHING_WHOLE),
}
# Digits, also in groups of three as people write them: "12 000", "12.000", "12'000".
_DIGITS = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:([ .,'’٬\u00a0\u202f])\d{3})(?:\1\d{3})*)")
_MARKS = str.maketrans({"\u2212": "-", "\u200e": None, "\u200f": None, "\u061c": None})
# Far beyond every bound; a page of digits need not be read to its end.
_LONGEST = 40


class Words:
    """WTForms asks here for its messages; they stand in our own catalogues (see web/wtforms_words.py)."""

    def gettext(self, message: str) -> str:
        """The message in the reader's language."""
        return i18n.gettext(SAID.get(message, message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The plural form, unfilled: WTForms fills in %(num)d and others itself."""
        one, many = COUNTED.get(singular, (singular, plural))
        return i18n.translations_for(i18n.current_language().slug).ngettext(one, many, n)


WORDS = Words()


class Form(FlaskForm):
    """Base of all forms. `status` is 422 after a failed validation."""

    class Meta(FlaskForm.Meta):
        """Our own catalogues instead of WTForms'."""

        def get_translations(self, form: Any) -> Words:
            """Messages come from the portal's catalogues."""
            return WORDS

    form_errors: list[str]
    # Where an operation names a field by another name than this form has it; None: it stands on another page.
    errors_at: ClassVar[dict[str, str | None]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_errors = []

    @property
    def status(self) -> int:
        """200 for a fresh form, 422 for one that was sent back."""
        return 422 if self.errors or self.form_errors else 200

    def validate(self, extra_validators: Any = None) -> bool:
        """Days that can be reckoned with; and where nothing came, words that fit the field."""
        is_fine = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field.data, date) and field.data.year not in YEARS:
                field.errors = [i18n.gettext(NO_DAY)]
                is_fine = False
            if field.type in EMPTY and field.errors:
                empty, better = i18n.gettext(NOTHING_THERE), i18n.gettext(EMPTY[field.type])
                field.errors = [better if str(one) == empty else one for one in field.errors]
        return is_fine

    def attempt(self, operation: Callable[[], Result]) -> Result | None:
        """Run an operation; its DomainError becomes the field's (or the form's) error and None comes back.

        What it had begun to write is taken back: the page that is shown again would otherwise commit it, and
        a half decision or a half group would stay behind.
        """
        try:
            return operation()
        except (NotFound, NotAllowed, SignInRequired, RateLimited):
            raise
        except DomainError as error:
            message = str(error)
            take_back()
            self.add_error(error.field, message)
            return None

    def add_error(self, field_name: str | None, message: str) -> None:
        """Put an error where the person can mend it; what concerns no field stands above them all."""
        field: Field | None = self._fields.get(self.errors_at.get(field_name or "", field_name) or "")
        if field is None:
            is_known = not field_name or field_name in self.errors_at
            if not is_known and type(self) is not Form:  # a mere button has no fields
                log.warning("error_without_field form=%s field=%s", type(self).__name__, field_name)
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]


class Needed:
    """May be sent empty and is not optional: another answer makes it needed (its hint says which), or the
    step after this one asks for it. The operation says what is missing.
    """

    field_flags: ClassVar = {"needed": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Nothing to check here: only the operation knows."""


class HiddenText(StringField):
    """A hidden value that travels with the form."""

    widget = HiddenInput()


class WholeNumber(Field):
    """A whole number in the digits of any script, within bounds that the server checks.

    A plain text field: `<input type=number>` drops Arabic digits, swallows what it does not understand and
    changes when somebody scrolls. What was typed stands in the field again beside the error.
    """

    widget = TextInput()

    def __init__(
        self, label: Any = None, validators: Any = None, *, least: int, most: int, **given: Any
    ) -> None:
        looks = {"inputmode": "numeric" if least >= 0 else "text", "autocomplete": "off", "dir": "ltr"}
        given["render_kw"] = {**looks, "maxlength": _LONGEST, **(given.get("render_kw") or {})}
        super().__init__(label, validators, **given)
        self.least, self.most = least, most

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Blanks are nothing at all."""
        self.data = None
        typed = ascii_digits(valuelist[0].translate(_MARKS)).strip() if valuelist else ""
        if not typed:
            self.raw_data = []
            return
        if not _DIGITS.fullmatch(typed):
            raise ValueError(self._words(NOT_A_NUMBER))
        self.data = int(re.sub(r"[^\d-]", "", typed)[:_LONGEST])

    def _words(self, message: str) -> str:
        bounds = {"min": i18n.format_number(self.least), "max": i18n.format_number(self.most)}
        return i18n.gettext(message) % bounds

    def pre_validate(self, form: Any) -> None:
        """The bounds; what is no number at all was said before."""
        if self.process_errors:
            raise StopValidation
        if self.data is not None and not self.least <= self.data <= self.most:
            raise StopValidation(self._words(OUT_OF_BOUNDS if self.least < self.most else ONLY_ONE))


class Coordinate(FloatField):
    """A part of a point that the map put into the page. Nobody types it: what is no number is no point."""

    widget = HiddenInput()

    def __init__(self, label: Any = None, validators: Any = None, *, most: int, **given: Any) -> None:
        super().__init__(label, validators, **given)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, or leave it."""
        try:
            number = float(valuelist[0]) if valuelist else math.nan
        except ValueError:
            number = math.nan
        self.data = number if abs(number) <= self.most else None
        self.raw_data = []
