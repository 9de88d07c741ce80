"""What members fill in about minutes, tasks and files."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    DateField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.i18n import lazy_gettext as _l
from portal.core.public_id import new_id
from portal.groups.forms.board import KEY_LENGTH
from portal.groups.models import (
    ALT_LENGTH,
    FILE_NAME_LENGTH,
    LINE_LENGTH,
    MINUTES_LENGTH,
    MINUTES_TITLE_LENGTH,
    MOST_LINES,
    PRESENT_LENGTH,
    TASK_LENGTH,
)
from portal.web.forms import WORDS, Form, HiddenText, Needed

Choices = list[tuple[str, Any]]
EMPTY_LINES = 3


class TaskLineForm(PlainForm):
    """One task on a sheet of minutes."""

    class Meta:
        """Our own words for messages; the sheet around it holds the token."""

        def get_translations(self, form: Any) -> Any:
            """Messages come from the portal's catalogues."""
            return WORDS

    public_id = HiddenText()
    what = StringField(_l("What is to be done?"), validators=[Optional(), Length(max=TASK_LENGTH)])
    doer = SelectField(_l("Who does it?"), validators=[Optional()], validate_choice=False)
    due_on = DateField(_l("Until when?"), validators=[Optional()])


class Checkboxes(SelectMultipleField):
    """Several answers, each a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MinutesForm(Form):
    """One sheet about one meeting."""

    of_date = SelectField(_l("Which meeting?"), validators=[Optional()], default="")
    met_on = DateField(_l("When did you meet?"), validators=[Optional()])
    title = StringField(_l("Title"), validators=[Length(max=MINUTES_TITLE_LENGTH)])
    present = StringField(
        _l("Who was there?"),
        description=_l("Names, or only how many."),
        validators=[Length(max=PRESENT_LENGTH)],
    )
    text = TextAreaField(_l("What did you talk about?"), validators=[Length(max=MINUTES_LENGTH)])
    decisions = TextAreaField(
        _l("What did you decide?"),
        description=_l("Each decision on a line of its own."),
        validators=[Length(max=LINE_LENGTH * MOST_LINES)],
    )
    decided = Checkboxes(_l("Decided here in the portal"), validate_choice=False)
    tasks = FieldList(FormField(TaskLineForm), min_entries=0, max_entries=MOST_LINES)
    version = HiddenText()
    form_key = HiddenText(default=lambda: new_id(KEY_LENGTH))

    def offer(self, *, doers: Choices, decided: Choices, dates: Choices, empty: int = EMPTY_LINES) -> None:
        """Whom and what one can choose, and some empty lines at the end."""
        self.of_date.choices = dates
        self.decided.choices = decided
        if not self.is_submitted():
            while empty > 0 and len(self.tasks.entries) < MOST_LINES:
                self.tasks.append_entry()
                empty -= 1
        for line in self.tasks.entries:
            line.form.doer.choices = doers


class TaskForm(Form):
    """Something to do."""

    what = StringField(_l("What is to be done?"), validators=[Length(max=TASK_LENGTH)])
    due_on = DateField(_l("Until when?"), validators=[Optional()])
    doers = Checkboxes(_l("Who does it?"), validate_choice=False)
    form_key = HiddenText(default=lambda: new_id(KEY_LENGTH))


class FileForm(Form):
    """A picture or a PDF for the members."""

    file = FileField(
        _l("File"),
        [Needed()],
        description=_l(
            "A photo (JPEG, PNG, WebP) or a PDF, up to 5 MB. From photos we erase the place where they were"
            " taken. A PDF stays as it is, with what your program wrote into it, such as your name."
        ),
    )
    name = StringField(
        _l("Name of the file"),
        description=_l("Left empty, it keeps the name it has."),
        validators=[Length(max=FILE_NAME_LENGTH)],
    )
    alt = StringField(
        _l("For a photo: what is to be seen?"),
        description=_l("In a few words, for people who cannot see it."),
        validators=[Needed(), Length(max=ALT_LENGTH)],
    )
    form_key = HiddenText(default=lambda: new_id(KEY_LENGTH))
