"""What those who carry out an accepted proposal fill in: steps, news, who is responsible."""

from __future__ import annotations

from typing import Any

from wtforms import (
    DateField,
    FileField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.proposals.forms.writing import language_choices
from portal.proposals.models import (
    MILESTONE_LABELS,
    MILESTONE_LENGTH,
    TEXT_LENGTH,
    Milestone,
    MilestoneState,
)
from portal.proposals.operations import Step
from portal.web.forms import Form, Needed


class MilestoneForm(Form):
    """One step; `step` names the one that is changed, empty for a new one."""

    step = HiddenField()
    title = StringField(
        _l("What is done in this step?"), validators=[DataRequired(), Length(max=MILESTONE_LENGTH)]
    )
    due_on = DateField(_l("Planned for"), [Optional()], description=_l("Leave it empty if nobody knows yet."))
    state = SelectField(_l("How far is it?"))
    language = SelectField(_l("Language of the text"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = [(one.value, str(look[0])) for one, look in MILESTONE_LABELS.items()]
        self.language.choices = language_choices()

    def filled_in(self) -> Step:
        """The step as it was typed."""
        state = MilestoneState(self.state.data)
        return Step(self.title.data or "", self.due_on.data, state, self.language.data)


class NewsForm(Form):
    """What is new, with a photo if there is one."""

    text = TextAreaField(
        _l("What is new?"),
        description=_l("Two sentences are enough: what was done, and what comes next."),
        validators=[DataRequired(), Length(max=TEXT_LENGTH)],
    )
    language = SelectField(_l("Language of the text"))
    picture = FileField(_l("Photo"))
    alt = StringField(_l("What can be seen in the photo?"), validators=[Needed(), Length(max=300)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()

    def validate_alt(self, field: StringField) -> None:
        """A photo needs its sentence: without it some readers get nothing."""
        if self.picture.data and not (field.data or "").strip():
            raise ValidationError(_("Please say what can be seen in the photo."))


class ResponsibleForm(Form):
    """Who carries it out."""

    organization = SelectField(_l("Who is responsible?"))

    def __init__(self, organizations: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization.choices = [("", _("Nobody named yet")), *organizations]


def milestone_data(milestone: Milestone) -> dict[str, Any]:
    """A step as form data."""
    return {
        "step": milestone.public_id,
        "title": milestone.title,
        "due_on": milestone.due_on,
        "state": milestone.state.value,
        "language": milestone.language,
    }
