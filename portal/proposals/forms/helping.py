"""What neighbours fill in to help: a pledge, a translation."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.proposals.models import NEED_LENGTH, TEXT_LENGTH, TITLE_LENGTH, NeedKind, Proposal, ProposalNeed
from portal.web.forms import Form, WholeNumber


class PledgeForm(Form):
    """What somebody can give."""

    quantity = WholeNumber(_l("How many?"), validators=[InputRequired()], least=1, most=1)
    words = StringField(
        _l("A note for the authors"),
        description=_l("Only the authors read it. For example: on Saturdays, or how they can reach you."),
        validators=[Length(max=NEED_LENGTH)],
    )
    is_named = BooleanField(_l("Show my name beside it"))

    def __init__(self, need: ProposalNeed, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale_of(need)
        self.quantity.most = max(1, need.quantity // self.scale)
        if need.kind is NeedKind.MONEY:
            self.quantity.label.text = _("How many euros?")

    @property
    def amount(self) -> int:
        """Pieces, or cents."""
        return int(self.quantity.data or 1) * self.scale


def scale_of(need: ProposalNeed) -> int:
    """Money is kept in cents and typed in euros."""
    return 100 if need.kind is NeedKind.MONEY else 1


class TextForm(Form):
    """The proposal in another language. Fields that the original leaves empty are left out."""

    title = StringField(_l("Title"), validators=[DataRequired(), Length(max=TITLE_LENGTH)])
    what = TextAreaField(
        _l("What exactly should happen?"), validators=[DataRequired(), Length(max=TEXT_LENGTH)]
    )
    why = TextAreaField(_l("Why is it important?"), validators=[DataRequired(), Length(max=TEXT_LENGTH)])
    for_whom = TextAreaField(
        _l("Who would it be good for?"), validators=[DataRequired(), Length(max=TEXT_LENGTH)]
    )

    def __init__(self, proposal: Proposal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("why", "for_whom"):
            if not getattr(proposal, f"{name}_md"):
                del self._fields[name]

    def fields(self) -> dict[str, str]:
        """field name -> words."""
        names = ("title", "what", "why", "for_whom")
        return {name: self._fields[name].data or "" for name in names if name in self._fields}
