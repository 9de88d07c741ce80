"""The form for reporting a barrier, and the parts every form with photos needs."""

from __future__ import annotations

from typing import BinaryIO

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.content.operations.barriers import LONGEST, LONGEST_LINE
from portal.content.operations.videos import LONGEST_WORDS
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, Needed
from portal.web.traps import OpenForm


class BarrierForm(OpenForm):
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


class VideoForm(Form):
    """The sign-language video of a thing: the file, its words, and a preview picture."""

    video = FileField(_l("Video in sign language"), description=_l("MP4 or WebM. Say nothing private in it."))
    words = TextAreaField(
        _l("What is signed, in words"),
        description=_l("Needed, so that everybody can follow. The video is public only with its words."),
        validators=[Needed(), Optional(), Length(max=LONGEST_WORDS)],
    )
    poster = FileField(
        _l("Preview picture"), description=_l("May be left out. JPEG, PNG or WebP, up to 5 MB.")
    )

    def files(self) -> tuple[BinaryIO | None, bytes]:
        """The video to be read piece by piece, and the preview picture (b"" for none)."""
        video, poster = self.video.data, self.poster.data
        return (video.stream if video else None), (poster.read() if poster else b"")
