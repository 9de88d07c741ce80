"""Forms for leaving, pausing, and answering whether a group goes on."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import lazy_gettext as _l
from portal.groups.forms.sharing import NAME_TYPED
from portal.groups.models import Group
from portal.web.forms import Form, WholeNumber


class LeaveForm(Form):
    """What becomes of one's texts, and who could do what one did."""

    texts = RadioField(
        _l("What I have written here"),
        [InputRequired()],
        choices=[
            SelectChoice("keep", _l("may stay under the name I have here")),
            SelectChoice("take", _l("is deleted")),
        ],
        default="keep",
    )
    successor = SelectField(_l("Who could do what I did?"), [Optional()])
    successor_name = StringField(
        _l("Who could do what I did?"),
        [Optional(), Length(max=200)],
        description=_l("Type the name as the person writes it here. They can say yes or no."),
        render_kw=NAME_TYPED,
    )

    @classmethod
    def of(cls, group: Group, others: list[tuple[str, str]], *, has_roles: bool, **given: Any) -> LeaveForm:
        """The form as this member needs it: whoever holds no role names nobody."""
        form = cls(**given)
        if group.is_discreet or not has_roles:
            del form.successor
        else:
            form.successor.choices = [
                SelectChoice("", _l("The group finds somebody")),
                *(SelectChoice(key, name) for key, name in others),
            ]
        if not group.is_discreet or not has_roles:
            del form.successor_name
        return form

    @property
    def named(self) -> str:
        """Who was chosen or typed; empty for nobody."""
        field = self._fields.get("successor") or self._fields.get("successor_name")
        return str(field.data or "") if field is not None else ""


class PauseForm(Form):
    """How long one pauses."""

    days = WholeNumber(
        _l("For how many days?"),
        [InputRequired()],
        least=1,
        most=365,
        default=30,
        description=_l("Then you are back by yourself. You can come back earlier at any time."),
    )


class AnswerForm(Form):
    """Does the group go on?"""

    answer = RadioField(
        _l("Does it go on?"),
        [InputRequired()],
        choices=[
            SelectChoice("on", _l("Yes, we go on")),
            SelectChoice("break", _l("We take a break")),
            SelectChoice("stop", _l("We stop")),
        ],
    )
