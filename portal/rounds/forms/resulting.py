"""After the end of a vote: what was drawn, objections, and answers to them."""

from __future__ import annotations

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.core.i18n import lazy_gettext as _l
from portal.rounds.models import TEXT_LENGTH
from portal.web.forms import Form


class DrawForm(Form):
    """The public draw, as it was announced."""

    draw = StringField(
        _l("What was drawn"),
        description=_l("Exactly as it was announced, for example: 3 11 19 28 33 47"),
        validators=[DataRequired(), Length(max=200)],
    )


class ReadFileForm(Form):
    """What an observer promises."""

    promise = BooleanField(
        _l("I use the file to count again. I show it to nobody, and I try to find out about nobody."),
        validators=[InputRequired()],
    )


class ObjectionForm(Form):
    """What somebody thinks is wrong."""

    words = TextAreaField(
        _l("What do you think is wrong?"),
        description=_l("Everybody can read this, and the answer to it. Your name does not stand there."),
        validators=[DataRequired(), Length(max=TEXT_LENGTH)],
    )


class AnswerObjectionForm(Form):
    """The answer in words."""

    answer = TextAreaField(
        _l("Answer"),
        description=_l("Everybody can read it."),
        validators=[DataRequired(), Length(max=TEXT_LENGTH)],
    )
