"""What people fill in about proposals: one thing per page while writing, everything at once when editing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core.i18n import LANGUAGES, current_language
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.public_id import new_id
from portal.core.text import GUESSABLE_LANGUAGES
from portal.places.queries import districts
from portal.proposals.models import (
    NEED_LABELS,
    NEED_LENGTH,
    PLACE_LENGTH,
    SHORT_TEXT_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    TOPIC_LOOKS,
    WITHDRAWN_LABELS,
    NeedKind,
    Proposal,
    Topic,
    WithdrawnReason,
)
from portal.proposals.operations import Texts
from portal.web.forms import Coordinate, Form, WholeNumber

MOST_QUANTITY = 1_000_000


def language_choices() -> list[tuple[str, str]]:
    """Languages a text can be in: the portal's own by their own names, then others in the reader's words."""
    own = [(language.slug, language.name) for language in LANGUAGES.values()]
    others = [(code, _language_name(code)) for code in GUESSABLE_LANGUAGES if code not in LANGUAGES]
    return own + sorted(others, key=lambda pair: pair[1])


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name(current_language().locale) or code
    except UnknownLocaleError:
        return code


def language_name(code: str) -> str:
    """A text's language in words."""
    return LANGUAGES[code].name if code in LANGUAGES else _language_name(code)


class TitleForm(Form):
    """The first page: a title, and what it is for. The key makes a double click one draft."""

    title = StringField(
        _l("What do you propose, in one sentence?"),
        description=_l("For example: A bench in front of the library"),
        validators=[DataRequired(), Length(max=TITLE_LENGTH)],
    )
    # Not refused here when it has just closed: the draft is kept, and the page says why.
    purpose = SelectField(_l("What is it for?"), validate_choice=False)
    draft_key = HiddenField()

    def __init__(self, processes: Sequence[tuple[str, str]] = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose.choices = [("", _("Simply for the neighbourhood")), *processes]
        if not self.is_submitted():
            self.draft_key.data = new_id(20)


class WhatForm(Form):
    """What is proposed; the one text nobody can do without."""

    text = TextAreaField(
        _l("What exactly should happen?"),
        description=_l("A few sentences are enough."),
        validators=[DataRequired(), Length(max=TEXT_LENGTH)],
    )


class WhyForm(Form):
    """Why it matters."""

    text = TextAreaField(
        _l("Why is it important?"),
        description=_l("What is difficult today? What would be better then?"),
        validators=[Length(max=TEXT_LENGTH)],
    )


class ForWhomForm(Form):
    """Who has something of it."""

    text = TextAreaField(
        _l("Who would it be good for?"),
        description=_l("For example: older people, children, everyone in the street"),
        validators=[Length(max=TEXT_LENGTH)],
    )


class PlaceFields(Form):
    """Where it is and what it is about. A point comes from the map; the district follows from it."""

    district = SelectField(_l("District"), coerce=int, validators=[Optional()])
    place_words = StringField(
        _l("The place in words"),
        description=_l("For example: in front of the library, beside the bus stop"),
        validators=[Length(max=PLACE_LENGTH)],
    )
    lat = Coordinate(_l("Latitude"), most=90)
    lon = Coordinate(_l("Longitude"), most=180)
    topic = RadioField(_l("What is it about?"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district.choices = [(0, _("Everywhere, or not sure"))] + [
            (card.id, card.name) for card in districts()
        ]
        self.topic.choices = [(topic.value, str(look.label)) for topic, look in TOPIC_LOOKS.items()]

    def place_values(self) -> dict[str, Any]:
        """The keywords of the operations: a half point counts as none."""
        point = self.lat.data is not None and self.lon.data is not None
        return {
            "district_id": self.district.data or None,
            "place_words": self.place_words.data or "",
            "lat": self.lat.data if point else None,
            "lon": self.lon.data if point else None,
            "topic": Topic(self.topic.data) if self.topic.data else None,
        }


class WhereForm(PlaceFields):
    """The page "where"."""


class NeedForm(Form):
    """One thing that is missing."""

    kind = SelectField(_l("What is missing?"))
    words = StringField(
        _l("In a few words"),
        description=_l("For example: people who can lay bricks"),
        validators=[InputRequired(), Length(max=NEED_LENGTH)],
    )
    quantity = WholeNumber(
        _l("How many? For money: how many euros?"),
        default=1,
        validators=[InputRequired()],
        least=1,
        most=MOST_QUANTITY,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, str(label)) for kind, label in NEED_LABELS.items()]

    def need_values(self) -> dict[str, Any]:
        """The keywords of the operation; euros become cents."""
        kind = NeedKind(self.kind.data)
        factor = 100 if kind is NeedKind.MONEY else 1
        return {"kind": kind, "words": self.words.data, "quantity": (self.quantity.data or 1) * factor}


class PictureForm(Form):
    """One photo with its description."""

    picture = FileField(
        _l("Photo"), description=_l("A photo you took yourself. Place data in it is removed.")
    )
    alt = StringField(
        _l("What can be seen in the photo?"),
        description=_l("People who cannot see it hear this sentence."),
        validators=[DataRequired(), Length(max=300)],
    )


class LanguageForm(Form):
    """In which language the text is."""

    language = SelectField(_l("Your text is in this language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()


class EditForm(PlaceFields):
    """A public proposal, everything that can change."""

    title = StringField(_l("Title"), validators=[DataRequired(), Length(max=TITLE_LENGTH)])
    what = TextAreaField(
        _l("What exactly should happen?"), validators=[DataRequired(), Length(max=TEXT_LENGTH)]
    )
    why = TextAreaField(_l("Why is it important?"), validators=[Length(max=TEXT_LENGTH)])
    for_whom = TextAreaField(_l("Who would it be good for?"), validators=[Length(max=TEXT_LENGTH)])
    language = SelectField(_l("Language of the text"))
    is_new_idea = BooleanField(
        _l("The idea itself changes, not only the wording"),
        description=_l("Then everyone who supports it is asked whether they are still with it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()

    def texts(self) -> Texts:
        """What was filled in."""
        return Texts(
            title=self.title.data,
            what=self.what.data,
            why=self.why.data or "",
            for_whom=self.for_whom.data or "",
            language=self.language.data,
            **self.place_values(),
        )


def place_data(proposal: Proposal) -> dict[str, Any]:
    """A proposal's place as form data."""
    return {
        "district": proposal.district_id or 0,
        "place_words": proposal.place_words,
        "lat": proposal.lat,
        "lon": proposal.lon,
        "topic": proposal.topic.value if proposal.topic else None,
    }


def edit_data(proposal: Proposal) -> dict[str, Any]:
    """A proposal as data of the edit form."""
    return {
        **place_data(proposal),
        "title": proposal.title,
        "what": proposal.what_md,
        "why": proposal.why_md,
        "for_whom": proposal.for_whom_md,
        "language": proposal.language,
    }


class WithdrawForm(Form):
    """Why it is taken back."""

    reason = RadioField(_l("Why do you withdraw it?"), validators=[InputRequired()])
    note = TextAreaField(
        _l("A few words for those who supported it"), validators=[Length(max=SHORT_TEXT_LENGTH)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(reason.value, str(label)) for reason, label in WITHDRAWN_LABELS.items()]

    @property
    def chosen_reason(self) -> WithdrawnReason:
        """The reason as the operation wants it."""
        return WithdrawnReason(self.reason.data)
