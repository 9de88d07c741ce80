"""Forms of conversations."""

from __future__ import annotations

from typing import Any

from babel import Locale
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Length, Optional

from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.public_id import new_id
from portal.core.text import GUESSABLE_LANGUAGES
from portal.discussions.errors import CommentTooLong, EmptyComment
from portal.discussions.models import MAX_COMMENT_CHARACTERS, Comment
from portal.web.forms import Form, HiddenText

STANCES = [
    SelectChoice("", _pl("stance", "No mark")),
    SelectChoice("for", _pl("stance", "In favour")),
    SelectChoice("against", _pl("stance", "Against")),
    SelectChoice("question", _pl("stance", "Question")),
    SelectChoice("neutral", _pl("stance", "Neutral")),
]


WORDS_NEEDED = (
    DataRequired(EmptyComment.message),
    Length(max=MAX_COMMENT_CHARACTERS, message=CommentTooLong.message),
)


WORDS_NEEDED = (
    DataRequired(EmptyComment.message),
    Length(max=MAX_COMMENT_CHARACTERS, message=CommentTooLong.message),
)


def text_languages() -> list[SelectChoice]:
    """The languages a text may be in, named in the reader's language; "" means: find out."""
    names = current_language().locale.languages
    named = [
        SelectChoice(code, str(names.get(code) or Locale.parse(code).get_display_name() or code))
        for code in GUESSABLE_LANGUAGES
    ]
    named.sort(key=lambda one: str(one.label).casefold())
    return [SelectChoice("", _("Recognise it from the text")), *named]


class CommentForm(Form):
    """Write a comment or an answer. Several may stand on one page, so ids carry what is answered."""

    body = TextAreaField(
        _l("Your comment"),
        validators=WORDS_NEEDED,
    )
    stance = RadioField(_l("How do you see it?"), choices=STANCES, default="", validators=[Optional()])
    reply_to = HiddenText()
    form_key = HiddenText(default=lambda: new_id(16))

    def __init__(self, *args: Any, reply_to: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reply_to is not None and not self.is_submitted():
            self.reply_to.data = reply_to
        self.place = (self.reply_to.data or "new")[:16]
        if self.reply_to.data:
            self.body.label.text = _("Your answer")
        for field in self:
            field.id = f"{field.name}-{self.place}"


class EditCommentForm(Form):
    """Change one's own comment, its mark, or the language it is in."""

    body = TextAreaField(
        _l("Your comment"),
        validators=WORDS_NEEDED,
    )
    stance = RadioField(_l("How do you see it?"), choices=STANCES, default="", validators=[Optional()])
    language = SelectField(_l("Language of your text"), validators=[Optional()])

    def __init__(self, comment: Comment, **kwargs: Any) -> None:
        values = {"body": comment.body_md, "stance": comment.stance or "", "language": comment.language}
        super().__init__(data=values, **kwargs)
        self.language.choices = text_languages()


class DeleteCommentForm(Form):
    """Only the token: taking a comment back asks once."""
