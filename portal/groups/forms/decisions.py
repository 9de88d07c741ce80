"""What people fill in to begin a decision, to lead it, and to say what comes of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import clock
from portal.core.i18n import lazy_gettext as _l
from portal.groups.errors import TimesWrong
from portal.groups.models import (
    CHARTER_FIELD_LENGTH,
    CHARTER_FIELDS,
    QUESTION_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    Method,
    QuorumKind,
    ResultsShown,
)
from portal.groups.models.labels import CHARTER_LABELS
from portal.groups.operations.deciding.outcomes import STATEMENT_LENGTH, WHO_LENGTH
from portal.groups.queries.method_words import MAJORITY_WORDS
from portal.web.forms import Form, HiddenText

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

    def lines(self) -> tuple[str, ...]:
        """The suggestions, one per line."""
        return tuple(line for line in (self.options.data or "").splitlines() if line.strip())


class DatesForm(DraftForm):
    """A question about dates."""

    start_1 = DateTimeLocalField(_l("Date %(number)s", number=1), validators=[Optional()])
    start_2 = DateTimeLocalField(_l("Date %(number)s", number=2), validators=[Optional()])
    start_3 = DateTimeLocalField(_l("Date %(number)s", number=3), validators=[Optional()])
    start_4 = DateTimeLocalField(_l("Date %(number)s", number=4), validators=[Optional()])
    start_5 = DateTimeLocalField(_l("Date %(number)s", number=5), validators=[Optional()])
    start_6 = DateTimeLocalField(_l("Date %(number)s", number=6), validators=[Optional()])

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


FIELDS_OF = {"options", "collecting"}


def draft_form(method: Method, target: str, **kwargs: Any) -> DraftForm:
    """The form for what is asked, without the fields it does not need."""
    kind = {"pause": PauseForm, "role": RoleForm}.get(target, DraftForm)
    if method is Method.DATE:
        kind = DatesForm
    form = kind(**kwargs)
    if method in (Method.CONSENT, Method.CONSENSUS, Method.MAJORITY, Method.DATE) or kind is RoleForm:
        for name in FIELDS_OF:
            if name != "collecting" or method is not Method.DATE:
                delattr(form, name)
    return form


class RulesForm(Form):
    """How it is decided. Fields a method does not need are taken out by `rules_form`."""

    secret = BooleanField(
        _l("Secret: nobody can see who answered what"),
        description=_l("At least five people have to be able to take part. A secret answer is final."),
    )
    results_shown = RadioField(
        _l("When are the answers shown?"),
        choices=[
            SelectChoice(ResultsShown.AT_CLOSING.value, _l("At the end")),
            SelectChoice(ResultsShown.AFTER_OWN.value, _l("After one's own answer")),
            SelectChoice(ResultsShown.LIVE.value, _l("At any time")),
        ],
        validators=[InputRequired()],
    )
    quorum_kind = RadioField(
        _l("How many have to take part, so that it counts?"),
        choices=[
            SelectChoice(QuorumKind.NONE.value, _l("As many as want to")),
            SelectChoice(QuorumKind.PERCENT.value, _l("A part of all, in percent")),
            SelectChoice(QuorumKind.PEOPLE.value, _l("A number of people")),
        ],
        validators=[InputRequired()],
        description=_l("If too few answer, it runs on once for as long again, a week at most."),
    )
    quorum = IntegerField(
        _l("How many percent, or how many people?"), validators=[Optional(), NumberRange(1, 10000)]
    )
    majority = RadioField(
        _l("Which majority is enough?"),
        choices=[SelectChoice(*pair) for pair in MAJORITY_WORDS.items()],
        validators=[InputRequired()],
    )
    max_choices = IntegerField(
        _l("How many may each person choose?"), validators=[Optional(), NumberRange(1, 30)]
    )
    run_off = BooleanField(_l("If nothing gets more than half, choose once more between the first two"))
    points_total = IntegerField(
        _l("How many points has each person?"), validators=[Optional(), NumberRange(1, 100)]
    )
    points_each = IntegerField(
        _l("How many of them at most for one suggestion?"), validators=[Optional(), NumberRange(1, 100)]
    )
    lots = BooleanField(_l("If it is still equal then, the lot decides"))
    fallback = RadioField(
        _l("If there is an objection after three rounds, too:"),
        choices=[
            SelectChoice("", _l("It is not adopted")),
            SelectChoice(Method.CONSENSUS.value, _l("We ask for consensus")),
            SelectChoice(Method.MAJORITY.value, _l("The majority decides")),
        ],
        validators=[Optional()],
    )
    late = BooleanField(_l("Whoever joins the group before the end may answer, too"))


_ONLY_FOR = {
    "majority": {Method.MAJORITY},
    "max_choices": {Method.CHOICE},
    "run_off": {Method.CHOICE},
    "points_total": {Method.DOTS},
    "points_each": {Method.DOTS},
    "lots": {Method.CHOICE, Method.DOTS, Method.SCORE, Method.RANKING, Method.RESISTANCE},
    "fallback": {Method.CONSENT},
    "late": {Method.DATE},
}
_NO_SECRET = {Method.CONSENT, Method.DATE, Method.LOTS}


def rules_form(method: Method, **kwargs: Any) -> RulesForm:
    """The rules a method knows."""
    form = RulesForm(**kwargs)
    for name, methods in _ONLY_FOR.items():
        if method not in methods:
            delattr(form, name)
    if method in _NO_SECRET:
        del form.secret
    if method is Method.LOTS:
        del form.results_shown
    return form


class OpenForm(EndForm):
    """The last page before people are asked. `collect_on`: until then the others add suggestions."""

    collect_on = DateField(
        _l("Until which day may the others add suggestions?"),
        description=_l("Leave it empty to ask at once. Otherwise the asking begins by itself that evening."),
        validators=[Optional()],
    )

    def collects_until(self) -> datetime | None:
        """When suggestions end, None to ask at once."""
        return instant_of(self.collect_on.data, EVENING) if self.collect_on.data else None


class CharterForm(Form):
    """A new version of what the group agreed on, field by field."""

    goal = TextAreaField(
        CHARTER_LABELS["goal"], validators=[InputRequired(), Length(max=CHARTER_FIELD_LENGTH)]
    )


for _name in CHARTER_FIELDS[1:]:
    setattr(
        CharterForm,
        _name,
        TextAreaField(CHARTER_LABELS[_name], validators=[Length(max=CHARTER_FIELD_LENGTH)]),
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
        description=_l("A name in the group, a role or a circle; with limits, if there are any."),
        validators=[InputRequired(), Length(max=WHO_LENGTH)],
    )
    due_on = DateField(_l("By when?"), validators=[InputRequired()])
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
