"""A group in the languages it speaks."""

from __future__ import annotations

from typing import Any

from wtforms import SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.validators import Length

from portal.core.i18n import LANGUAGES
from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import AIM_LENGTH, CHARTER_FIELD_LENGTH, NAME_LENGTH
from portal.groups.operations.wording import WELCOME_LENGTH
from portal.web.forms import Form


class SpokenForm(Form):
    """Which languages are spoken."""

    languages = SelectMultipleField(
        _l("Which languages do you speak in the group?"),
        description=_l("People look for groups in their language."),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages.choices = [(slug, language.name) for slug, language in LANGUAGES.items()]


class WordsForm(Form):
    """The group's page in one language."""

    name = StringField(
        _l("Name of the group"),
        [Length(max=NAME_LENGTH)],
        render_kw={"dir": "auto", "maxlength": NAME_LENGTH},
    )
    aim = StringField(
        _l("What it is for, in one sentence"),
        [Length(max=AIM_LENGTH)],
        render_kw={"dir": "auto", "maxlength": AIM_LENGTH},
    )
    welcome = TextAreaField(
        _l("What people should know before they come"),
        [Length(max=WELCOME_LENGTH)],
        render_kw={"dir": "auto", "rows": 6, "maxlength": WELCOME_LENGTH},
    )
    contact_way = TextAreaField(
        _l("How can people reach you?"),
        [Length(max=CHARTER_FIELD_LENGTH)],
        render_kw={"dir": "auto", "rows": 3, "maxlength": CHARTER_FIELD_LENGTH},
    )
