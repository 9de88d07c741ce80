"""Being known in person: the name at the counter, the code of a neighbour."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, HiddenText

AT_COUNTER = {"autocomplete": "off", "spellcheck": "false", "dir": "auto"}


class NameForm(Form):
    """The name of the account of somebody who stands here."""

    name = StringField(
        _l("Name of the account"),
        [DataRequired(_l("Please type the name.")), Length(max=200)],
        description=_l("As the person sees it on the page “My account”."),
        render_kw=AT_COUNTER,
    )


class VouchForm(NameForm):
    """Staff say that they know this person."""

    sure = BooleanField(
        _l("The person stands here, and I know or have checked who it is and that they live here."),
        [DataRequired(_l("Please tick this only if it is so."))],
    )


class NeighbourForm(Form):
    """The code a neighbour shows."""

    code = StringField(
        _l("Code of your neighbour"),
        [DataRequired(_l("Please type the code your neighbour shows you.")), Length(max=200)],
        description=_l("Ten letters and digits."),
        render_kw={**AT_COUNTER, "dir": "ltr", "autocapitalize": "characters"},
    )


class NeighbourSureForm(Form):
    """One neighbour's word."""

    code = HiddenText(validators=[DataRequired(), Length(max=200)])
    sure = BooleanField(
        _l("I know this person in person, and I know that they live here."),
        [DataRequired(_l("Please tick this only if it is so."))],
    )
