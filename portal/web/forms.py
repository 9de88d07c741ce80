"""Forms: our words for WTForms' messages, CSRF, and operations whose "no" becomes a field's error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.widgets import HiddenInput

from portal.core import i18n
from portal.core.errors import DomainError, NotAllowed, NotFound, RateLimited, SignInRequired
from portal.web.wtforms_words import COUNTED, SAID

Result = TypeVar("Result")


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_errors = []

    @property
    def status(self) -> int:
        """200 for a fresh form, 422 for one that was sent back."""
        return 422 if self.errors or self.form_errors else 200

    def attempt(self, operation: Callable[[], Result]) -> Result | None:
        """Run an operation; its DomainError becomes the field's (or the form's) error and None comes back."""
        try:
            return operation()
        except (NotFound, NotAllowed, SignInRequired, RateLimited):
            raise
        except DomainError as error:
            self.add_error(error.field, str(error))
            return None

    def add_error(self, field_name: str | None, message: str) -> None:
        """Put an error where the person can mend it."""
        field: Field | None = self._fields.get(field_name) if field_name else None
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]


class HiddenText(StringField):
    """A hidden value that travels with the form."""

    widget = HiddenInput()
