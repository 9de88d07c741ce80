"""What people fill in about themselves: few fields, plain words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.accounts.queries import ROLE_LABELS
from portal.accounts.settings import district_choices, organization_choices
from portal.core.i18n import LANGUAGES
from portal.core.i18n import lazy_gettext as _l
from portal.core.names import MAX_NAME_CHARACTERS
from portal.web.forms import Form, HiddenText

LONGEST_ADDRESS = 254


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """(value, words) as WTForms wants them."""
    return [SelectChoice(str(value), words) for value, words in pairs]


def language_choices() -> list[SelectChoice]:
    """Every language under its own name."""
    return options((language.slug, language.name) for language in LANGUAGES.values())


def as_id(field: SelectField) -> int | None:
    """The id a person chose from a list, None for the first, empty choice."""
    return int(field.data) if field.data else None


def name_field(label: Any, description: Any = "") -> StringField:
    """A display name; the domain checks more than its length."""
    return StringField(
        label,
        [DataRequired(_l("Please choose a name.")), Length(max=4 * MAX_NAME_CHARACTERS)],
        description=description,
        render_kw={"autocomplete": "nickname", "spellcheck": "false", "dir": "auto"},
    )


class SignInForm(Form):
    """The one field that everything begins with."""

    errors_at: ClassVar = {"email": "identifier"}
    identifier = StringField(
        _l("Your e-mail address or your code name"),
        [DataRequired(_l("Please type your e-mail address or your code name.")), Length(max=LONGEST_ADDRESS)],
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "dir": "auto",
        },
    )
    next = HiddenText()


class CodeForm(Form):
    """The code from the mail, or the secret of a paper card."""

    code = StringField(
        _l("Your code"),
        [DataRequired(_l("Please type the code from the mail.")), Length(max=60)],
    )
    shared_device = BooleanField(
        _l("This is not my own device"),
        description=_l("You are signed out after 30 minutes without a click."),
    )


class ChooseForm(Form):
    """Which account of a shared address."""

    account = RadioField(_l("Who are you?"), [InputRequired(_l("Please choose one."))])


class SignUpForm(Form):
    """A name is all an account needs."""

    display_name = name_field(
        _l("The name others see"),
        _l("It need not be your real name. You can also sign in with it."),
    )


class ProfileForm(Form):
    """What others see, and how we speak to the person."""

    display_name = name_field(_l("The name others see"))
    language = SelectField(_l("Language of mails and pages"), choices=language_choices)
    district = SelectField(_l("Your district"), [Optional()], coerce=str)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district.choices = options([("", _l("I would rather not say")), *district_choices()])

    @property
    def district_id(self) -> int | None:
        """The chosen district."""
        return as_id(self.district)


class EmailForm(Form):
    """The new address."""

    email = StringField(
        _l("New e-mail address"),
        [DataRequired(_l("Please type an e-mail address.")), Length(max=LONGEST_ADDRESS)],
        render_kw={"type": "email", "autocomplete": "email", "spellcheck": "false", "dir": "ltr"},
    )


class EraseForm(Form):
    """What shall stay when the person goes. Each answer is chosen, none is set for them but the mildest."""

    proposals = RadioField(
        _l("Your proposals"),
        choices=options([("keep", _l("Keep them, without my name")), ("delete", _l("Delete them too"))]),
        default="keep",
    )
    comments = RadioField(
        _l("Your comments"),
        choices=options([("keep", _l("Keep them, without my name")), ("delete", _l("Delete them too"))]),
        default="keep",
    )
    support = RadioField(
        _l("Your support for proposals"),
        choices=options([("keep", _l("Go on counting it, without my name")), ("delete", _l("Take it back"))]),
        default="delete",
    )


class SecondFactorForm(Form):
    """Six digits from the app, or a recovery code."""

    code = StringField(
        _l("Code from your app, or a recovery code"),
        [DataRequired(_l("Please type the code.")), Length(max=40)],
    )


class PasskeyForm(Form):
    """What the browser answers; a script fills it in."""

    credential = HiddenText(validators=[DataRequired(), Length(max=20_000)])
    label = StringField(
        _l("Name of this passkey"), [Optional(), Length(max=60)], description=_l("For example: work phone")
    )


class TotpForm(Form):
    """The first code of an authenticator app proves that it works."""

    secret = HiddenText(validators=[DataRequired(), Length(min=32, max=32)])
    code = StringField(
        _l("The code your app shows now"), [DataRequired(_l("Please type the code.")), Length(max=40)]
    )


class RoleForm(Form):
    """A hat for somebody: whom, which, where, until when."""

    email = StringField(
        _l("E-mail address at work"),
        [DataRequired(_l("Please type an e-mail address.")), Length(max=LONGEST_ADDRESS)],
        render_kw={"type": "email", "autocomplete": "off", "dir": "ltr"},
    )
    display_name = name_field(_l("Name"), _l("Only used if this person has no account for work yet."))
    role = SelectField(_l("Role"), choices=options(ROLE_LABELS.items()))
    district = SelectField(_l("District"), [Optional()], coerce=str)
    organization = SelectField(_l("Organisation"), [Optional()], coerce=str)
    until = DateField(_l("Until"), [Optional()], description=_l("Leave it empty for no end."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district.choices = options([("", _l("Everywhere")), *district_choices()])
        self.organization.choices = options([("", _l("None")), *organization_choices()])


class CardForm(Form):
    """An account for somebody without e-mail, made together with them."""

    display_name = name_field(
        _l("The name others see"), _l("Choose it together. It need not be the real name.")
    )
    language = SelectField(_l("Language"), choices=language_choices)
