"""The counter: opening, the second person, the sheet counts."""

from __future__ import annotations

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, HiddenText, WholeNumber

PLAIN = {"autocomplete": "off", "spellcheck": "false", "dir": "auto"}


class OpenCounterForm(Form):
    """Where it is."""

    place = StringField(
        _l("Place"), [DataRequired(_l("Please say where the counter is.")), Length(max=120)], render_kw=PLAIN
    )


class SecondPersonForm(Form):
    """The second person on the same device."""

    name = StringField(
        _l("Name of the second person’s account for work"),
        [DataRequired(_l("Please type the name.")), Length(max=200)],
        render_kw=PLAIN,
    )
    code = StringField(
        _l("Code from the second person’s app"),
        [DataRequired(_l("Please type the code.")), Length(max=40)],
        render_kw={**PLAIN, "dir": "ltr", "inputmode": "numeric"},
    )


class PersonForm(Form):
    """Who stands here: the code from the letter, or the name of the account."""

    who = StringField(
        _l("Who is it?"),
        [DataRequired(_l("Please type the code or the name.")), Length(max=200)],
        render_kw={**PLAIN, "autocapitalize": "none"},
    )


class HandOutForm(Form):
    """Somebody who was found, sealed for this counter; help needs consent."""

    sealed = HiddenText(validators=[DataRequired(), Length(max=1000)])
    consent = BooleanField(
        _l("The person wants help on this tablet and agrees; we have read it out to them.")
    )


class CloseCounterForm(Form):
    """The urn is opened."""

    size = WholeNumber(_l("Sheets in the urn, counted by hand"), [InputRequired()], least=0, most=100_000)
    remarks = TextAreaField(
        _l("Remarks for the protocol"),
        [Optional(), Length(max=2000)],
        description=_l("For example: a ballot was handed back. No names of voters."),
    )
