"""What members write on the board."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from portal.core.i18n import lazy_gettext as _l
from portal.core.public_id import new_id
from portal.groups.models import ALT_LENGTH, POST_LENGTH, POST_TITLE_LENGTH
from portal.web.forms import Form, HiddenText, Needed

KEY_LENGTH = 20


class AnswerForm(Form):
    """A post in a conversation. `form_key` makes a form sent twice one post."""

    text = TextAreaField(_l("Your answer"), validators=[Length(max=POST_LENGTH)])
    form_key = HiddenText(default=lambda: new_id(KEY_LENGTH))


class ThreadForm(AnswerForm):
    """The beginning of a conversation."""

    title = StringField(_l("What is it about?"), validators=[Length(max=POST_TITLE_LENGTH)])
    text = TextAreaField(_l("What do you want to say?"), validators=[Length(max=POST_LENGTH)])


class ChangeForm(Form):
    """Other words for a post; the title only where it begins a conversation."""

    title = StringField(_l("What is it about?"), validators=[Length(max=POST_TITLE_LENGTH)])
    text = TextAreaField(_l("Text"), validators=[Length(max=POST_LENGTH)])


class AddPictureForm(Form):
    """A photo and what is to be seen on it."""

    file = FileField(
        _l("Photo"),
        [Needed()],
        description=_l("JPEG, PNG or WebP, up to 5 MB. The place where it was taken is erased."),
    )
    alt = StringField(
        _l("What is to be seen?"),
        description=_l("In a few words, for people who cannot see it."),
        validators=[Needed(), Length(max=ALT_LENGTH)],
    )
    form_key = HiddenText(default=lambda: new_id(KEY_LENGTH))


class DescribeForm(Form):
    """What is to be seen on a picture that is there already."""

    alt = StringField(_l("What is to be seen?"), validators=[Length(max=ALT_LENGTH)])
