"""What people fill in to begin a decision, to lead it, and to say what comes of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import lazy_gettext as _l
from portal.groups.errors import OptionsMissing, TimesWrong
from portal.groups.errors.deciding import DatesMissing
from portal.groups.models import (
    CHARTER_FIELD_LENGTH,
    CHARTER_FIELDS,
    QUESTION_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    Method,
)
from portal.groups.models.decisions import ONE_TEXT
from portal.groups.models.labels import CHARTER_LABELS
from portal.groups.operations.deciding.outcomes import STATEMENT_LENGTH, WHO_LENGTH
from portal.groups.queries.method_words import METHODS, USUAL_METHOD
from portal.web.forms import Form, HiddenText, WholeNumber

MOST_STARTS = 6
EVENING = 20


class EndForm(Form):
    """The end of something, as a day and a full hour of the town's clocks."""

    closes_on = DateField(_l("Until which day?"), validators=[InputRequired()])
    closes_hour = SelectField(_l("Until what time?"), coerce=int, validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closes_hour.choices = [SelectChoice(hour, f"{hour:02}:00") for hour in range(24)]
        if not self.is_submitted():
            self.closes_on.data = self.closes_on.data or clock.today() + timedelta(days=7)
            self.closes_hour.data = EVENING if self.closes_hour.data is None else self.closes_hour.data

    def ends_at(self) -> datetime:
        """The instant. Raises TimesWrong for an hour the clocks show twice or never."""
        return instant_of(self.closes_on.data, self.closes_hour.data)


def instant_of(day: Any, hour: int) -> datetime:
    """A full hour of a day. Raises TimesWrong for one the town's clocks show twice or never."""
    try:
        return clock.at_local(day, time(hour))
    except clock.UnclearTime as problem:
        raise TimesWrong(field="closes_on") from problem


class DraftForm(Form):
    """What is to be decided. Fields a method does not need are taken out by `for_method`."""

    title = StringField(
        _l("What is to be decided?"),
        description=_l("One sentence that can be answered, for example: “We plant a hedge in the yard.”"),
        validators=[InputRequired(), Length(max=TITLE_LENGTH)],
    )
    question = TextAreaField(
        _l("What should people know?"),
        description=_l("Why now, what it costs, what happens otherwise."),
        validators=[Length(max=QUESTION_LENGTH)],
    )
    options = TextAreaField(
        _l("What can be chosen?"),
        description=_l("One suggestion in each line."),
        validators=[Length(max=7000)],
    )
    collecting = BooleanField(_l("The others may add suggestions first"))
    form_key = HiddenText()
    # The field that cannot stay empty unless the others fill it, and what is said then.
    needs: ClassVar = "options"
    missing: ClassVar[type[DomainError]] = OptionsMissing

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.needs:
            self[self.needs].flags.needed = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Everything that is missing is said at once, not one thing after the other."""
        is_fine = bool(super().validate(extra_validators))
        if self.needs and self.needs in self and not (self.things() or self.collecting.data):
            self.add_error(self.needs, str(self.missing.message))
            return False
        return is_fine

    def things(self) -> tuple[str, ...]:
        """What can be chosen from."""
        return self.lines()

    def lines(self) -> tuple[str, ...]:
        """The suggestions, one per line."""
        return tuple(line for line in (self.options.data or "").splitlines() if line.strip())


class DatesForm(DraftForm):
    """A question about dates."""

    needs: ClassVar = "start_1"
    missing: ClassVar[type[DomainError]] = DatesMissing
    start_1 = DateTimeLocalField(_l("Date %(number)s", number=1), validators=[Optional()])
    start_2 = DateTimeLocalField(_l("Date %(number)s", number=2), validators=[Optional()])
    start_3 = DateTimeLocalField(_l("Date %(number)s", number=3), validators=[Optional()])
    start_4 = DateTimeLocalField(_l("Date %(number)s", number=4), validators=[Optional()])
    start_5 = DateTimeLocalField(_l("Date %(number)s", number=5), validators=[Optional()])
    start_6 = DateTimeLocalField(_l("Date %(number)s", number=6), validators=[Optional()])

    def things(self) -> tuple[str, ...]:
        """The dates."""
        return self.starts()

    def starts(self) -> tuple[str, ...]:
        """Local days and times, in their order, each once."""
        given = [self._fields[f"start_{number}"].data for number in range(1, MOST_STARTS + 1)]
        return tuple(sorted({one.strftime("%Y-%m-%dT%H:%M") for one in given if one}))


class PauseForm(DraftForm):
    """A break of the whole group."""

    until = DateField(_l("Until which day does the group rest?"), validators=[InputRequired()])


class RoleForm(DraftForm):
    """Who takes on a role. With one name the group says yes or no, with several the lot decides."""

    role = SelectField(_l("Which role?"), validators=[InputRequired()])
    members = SelectMultipleField(
        _l("Who could do it?"),
        description=_l(
            "Please ask before. With one name you decide about that one, with several you draw lots."
        ),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class LotsForm(DraftForm):
    """A draw among members, or among anything else, or both."""

    needs: ClassVar = ""
    members = SelectMultipleField(
        _l("Among whom do you draw?"),
        description=_l("Whoever is in it may take themselves out until the draw."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class StartersForm(DraftForm):
    """Who begins decisions from then on."""

    role = SelectField(
        _l("Who may begin decisions?"),
        description=_l("Answering stays everybody's, and so does deciding this anew."),
    )


FIELDS_OF = {"options", "collecting"}


def draft_form(method: Method, target: str, **kwargs: Any) -> DraftForm:
    """The form for what is asked, without the fields it does not need."""
    kind = {"pause": PauseForm, "role": RoleForm, "starters": StartersForm}.get(target, DraftForm)
    if kind is DraftForm:
        kind = {Method.DATE: DatesForm, Method.LOTS: LotsForm}.get(method, DraftForm)
    form = kind(**kwargs)
    if method in (Method.CONSENT, Method.CONSENSUS, Method.MAJORITY, Method.DATE) or kind is RoleForm:
        for name in FIELDS_OF:
            if name != "collecting" or method is not Method.DATE:
                delattr(form, name)
    return form


class OpenForm(EndForm):
    """The last page before people are asked. `collect_on`: until then the others add suggestions."""

    errors_at: ClassVar = dict.fromkeys(("title", "options", "start_1", "asked", "secret", "quorum"))

    collect_on = DateField(
        _l("Until which day may the others add suggestions?"),
        description=_l("Leave it empty to ask at once. Otherwise the asking begins by itself that evening."),
        validators=[Optional()],
    )

    def collects_until(self) -> datetime | None:
        """When suggestions end, None to ask at once."""
        return instant_of(self.collect_on.data, EVENING) if self.collect_on.data else None


class CharterForm(Form):
    """A new version of what the group agreed on, field by field, and how it usually decides."""

    usual: SelectField

    goal = TextAreaField(
        CHARTER_LABELS["goal"], validators=[InputRequired(), Length(max=CHARTER_FIELD_LENGTH)]
    )


for _name in CHARTER_FIELDS[1:]:
    setattr(
        CharterForm,
        _name,
        TextAreaField(CHARTER_LABELS[_name], validators=[Length(max=CHARTER_FIELD_LENGTH)]),
    )
CharterForm.usual = SelectField(
    USUAL_METHOD,
    description=_l("Nothing else said, you decide about one text in this way: about your end, for example."),
    choices=[SelectChoice(one.value, METHODS[one].name) for one in ONE_TEXT],
    validators=[Optional()],
)


class SuggestForm(Form):
    """One more thing to choose from."""

    text = StringField(_l("Your suggestion"), validators=[Length(max=200)])
    start = DateTimeLocalField(_l("Your date"), validators=[Optional()])


class CancelForm(Form):
    """Why it is stopped."""

    reason = TextAreaField(
        _l("Why do you stop it?"),
        description=_l("Everybody who was asked can read this."),
        validators=[InputRequired(), Length(max=REASON_LENGTH)],
    )


class DropForm(Form):
    """Taking a date out, by somebody who saw how many have answered to it."""

    answers_seen = HiddenText()

    def seen(self) -> int:
        """How many answers the page spoke of."""
        typed = str(self.answers_seen.data or "")
        return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


class NoteForm(Form):
    """A note under a text that cannot be changed any more."""

    note = TextAreaField(
        _l("Note"),
        description=_l("For a slip of the pen or a question that came up. The text itself stays as it is."),
        validators=[Length(max=QUESTION_LENGTH)],
    )


class NextForm(EndForm):
    """The next version, after objections."""

    title = StringField(_l("What is to be decided?"), validators=[InputRequired(), Length(max=TITLE_LENGTH)])
    question = TextAreaField(_l("What should people know?"), validators=[Length(max=QUESTION_LENGTH)])


class OutcomeForm(Form):
    """Who does what by when."""

    statement = TextAreaField(
        _l("What do you do now?"), validators=[InputRequired(), Length(max=STATEMENT_LENGTH)]
    )
    who = StringField(
        _l("Who does it?"),
        description=_l("A name in the group, a role or a circle."),
        validators=[InputRequired(), Length(max=WHO_LENGTH)],
    )
    due_on = DateField(_l("By when?"), validators=[InputRequired()])
    role = SelectField(
        _l("Do you leave it to a role?"),
        description=_l("It settles the details within these limits. What goes beyond comes back to you."),
        validators=[Optional()],
    )
    limit_euros = WholeNumber(_l("How many euros at most?"), validators=[Optional()], least=1, most=1_000_000)
    limit_on = DateField(_l("Until which day may it act?"), validators=[Optional()])
    review_on = DateField(
        _l("When do you look at it again?"),
        description=_l("On this day all of you are asked: does it still hold?"),
        validators=[Optional()],
    )


class ReviewForm(Form):
    """Does it still hold?"""

    answer = RadioField(
        _l("Does it still hold?"),
        choices=[
            SelectChoice("confirmed", _l("Yes, it still holds")),
            SelectChoice("changed", _l("It has to be changed")),
            SelectChoice("ended", _l("No, it is over")),
        ],
        validators=[InputRequired()],
    )
    again_on = DateField(_l("If it holds: when do you look at it again?"), validators=[Optional()])
