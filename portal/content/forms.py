"""The form for reporting a barrier, and the parts every form with photos needs."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.content.operations.barriers import LONGEST, LONGEST_LINE
from portal.content.operations.pictures import LONGEST_ALT
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form


class BarrierForm(Form):
    """What did not work, where, and (only if wanted) where to answer."""

    page = StringField(_l("Which page is it about?"), validators=[Optional(), Length(max=LONGEST_LINE)])
    text = TextAreaField(
        _l("What did not work for you?"),
        validators=[InputRequired(_l("Please write what did not work for you.")), Length(max=LONGEST)],
    )
    contact = StringField(
        _l("How can we answer you?"),
        description=_l("E-mail or telephone. Only for this answer. We erase it afterwards."),
        validators=[Optional(), Length(max=LONGEST_LINE)],
    )

    def words(self) -> dict[str, str]:
        """What was typed."""
        return {
            "page": self.page.data or "",
            "text": self.text.data or "",
            "contact": self.contact.data or "",
        }


class PictureFields:
    """Mix into a form: a photo and its description. The upload survives a missing description."""

    picture = FileField(_l("Photo"), description=_l("JPEG, PNG or WebP, up to 5 MB."))
    alt = StringField(
        _l("What can be seen in the photo?"),
        description=_l("For people who cannot see it. One sentence is enough."),
        validators=[Optional(), Length(max=LONGEST_ALT)],
    )
