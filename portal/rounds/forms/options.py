"""What moderators fill in about options; and the reasons everybody can read."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import pgettext
from portal.places.queries import districts
from portal.proposals.forms.office import MoneyField, euros_of
from portal.rounds.models import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH, RoundOption
from portal.web.forms import Form


class CostForm(Form):
    """What an option costs and what excludes it."""

    cost = MoneyField(_l("What does it cost, in euros?"))
    exclusive_group = StringField(
        _l("Only one of these can win"),
        description=_l("Options with the same word here exclude each other, for example “market square”."),
        validators=[Length(max=20)],
    )


class TypedForm(CostForm):
    """An option that is no proposal."""

    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=TITLE_LENGTH)])
    text = TextAreaField(_l("What is it?"), validators=[Length(max=TEXT_LENGTH)])
    plain = TextAreaField(
        _l("The same in plain language"),
        description=_l("Short sentences, one thought each. It stands on the ballot beside the text."),
        validators=[Length(max=TEXT_LENGTH)],
    )
    district = SelectField(_l("District"), coerce=int)
    is_status_quo = BooleanField(_l("This option means: everything stays as it is"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = pgettext("district", "The whole town")
        self.district.choices = [(0, whole), *((one.id, one.name) for one in districts())]


def option_data(option: RoundOption) -> dict[str, Any]:
    """An option as form data."""
    return {
        "title": option.title,
        "text": option.text_md,
        "plain": option.plain_text or "",
        "cost": euros_of(option.cost_cents),
        "exclusive_group": option.exclusive_group or "",
        "district": option.district_id or 0,
        "is_status_quo": option.is_status_quo,
    }


class ReasonForm(Form):
    """A reason everybody can read."""

    reason = TextAreaField(
        _l("Why?"),
        description=_l("Everybody can read this, for good. Please name no private person."),
        validators=[InputRequired(), Length(max=REASON_LENGTH)],
    )


class OpenForm(Form):
    """The last yes before a vote is frozen. `seen` is the hash of what the page showed."""

    seen = HiddenField()
    is_read = BooleanField(
        _l("I have read everything on this page. Afterwards nobody can change it."),
        validators=[InputRequired()],
    )
