"""Forms of moderation."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import EmailInput

from portal.core.i18n import lazy_gettext as _l
from portal.core.public_id import new_id
from portal.moderation.models import MAX_WORDS, Ground, Measure, Outcome
from portal.moderation.operations import Ruling
from portal.moderation.operations.reporting import CODE_LENGTH, MAX_NAME
from portal.moderation.settings import CATEGORY_LABELS, MEASURE_LABELS, RULES
from portal.web.forms import Form, HiddenText, Needed, WholeNumber
from portal.web.traps import OpenForm

PLEASE_FILL_IN = _l("Please fill this in.")


class ReportForm(OpenForm):
    """Report something: one choice is enough."""

    category = RadioField(
        _l("What is it about?"),
        choices=[SelectChoice(str(category), label) for category, label in CATEGORY_LABELS.items()],
        validators=[InputRequired(_l("Please choose what it is about."))],
    )
    words = TextAreaField(_l("Do you want to add something?"), validators=[Optional(), Length(max=MAX_WORDS)])
    email = StringField(
        _l("E-mail address for the answer"),
        widget=EmailInput(),
        description=_l("Only for this answer. We erase the address afterwards."),
        validators=[Optional(), Length(max=250)],
    )
    name = StringField(
        _l("Your name"),
        description=_l("Only if you want. Moderators can read it, the one who wrote the text cannot."),
        validators=[Optional(), Length(max=MAX_NAME)],
    )
    code = HiddenText(default=lambda: new_id(CODE_LENGTH))


class ReceiptForm(Form):
    """Look up what came of a report."""

    code = StringField(_l("Number of your report"), validators=[DataRequired(PLEASE_FILL_IN), Length(max=40)])


class DecisionForm(Form):
    """What a statement of reasons needs, and nothing else."""

    measure = RadioField(_l("What should happen?"), validators=[InputRequired(PLEASE_FILL_IN)])
    ground = SelectField(_l("What does it rest on?"), validators=[InputRequired(PLEASE_FILL_IN)])
    law = StringField(
        _l("Which law?"),
        description=_l("Only if it rests on a law. For example: § 185 StGB."),
        validators=[Needed(), Optional(), Length(max=200)],
    )
    passage = TextAreaField(
        _l("Which passage is it about?"),
        description=_l("Copy the words from the text. Not needed when nothing is wrong with it."),
        validators=[Needed(), Optional(), Length(max=2000)],
    )
    facts = TextAreaField(
        _l("Reasons for the person"),
        description=_l("Write about the text, not about the person. Say first what stays possible."),
        validators=[DataRequired(PLEASE_FILL_IN), Length(max=MAX_WORDS)],
    )
    days = WholeNumber(
        _l("For how many days?"),
        description=_l("Only for an account, a conversation or a whole group."),
        validators=[Needed(), Optional()],
        least=1,
        most=365,
    )
    more = BooleanField(_l("I want to decide one more thing about this"))

    def __init__(self, measures: list[Measure], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.measure.choices = [SelectChoice(str(one), MEASURE_LABELS[one]) for one in measures]
        self.ground.choices = [
            SelectChoice("", _l("Please choose")),
            *(SelectChoice(f"rule:{rule.number}", f"{rule.number}. {rule.sentence}") for rule in RULES),
            SelectChoice("law", _l("A law")),
            SelectChoice("no_breach", _l("No rule was broken")),
        ]

    def ruling(self) -> Ruling:
        """The decision as the operation takes it."""
        kind, _, number = (self.ground.data or "").partition(":")
        return Ruling(
            measure=Measure(self.measure.data),
            ground_kind=Ground(kind),
            rule=int(number) if number else None,
            law=self.law.data or "",
            passage=self.passage.data or "",
            facts=self.facts.data or "",
            days=self.days.data,
        )


class NoteForm(Form):
    """A note among moderators."""

    words = TextAreaField(
        _l("Note for colleagues"),
        description=_l("Erased after 14 days. Only moderators of this district can read it."),
        validators=[DataRequired(PLEASE_FILL_IN), Length(max=2000)],
    )


class ObjectionForm(Form):
    """Ask for a second look."""

    words = TextAreaField(
        _l("Why do you object?"),
        description=_l("One sentence is enough."),
        validators=[DataRequired(PLEASE_FILL_IN), Length(max=MAX_WORDS)],
    )


class AnswerForm(Form):
    """Answer an objection, always with reasons."""

    outcome = RadioField(
        _l("What is your answer?"),
        choices=[
            SelectChoice(str(Outcome.OVERTURNED), _l("The person is right: the decision is taken back")),
            SelectChoice(str(Outcome.UPHELD), _l("The decision stays")),
        ],
        validators=[InputRequired(PLEASE_FILL_IN)],
    )
    reply = TextAreaField(
        _l("Reasons for the person"), validators=[DataRequired(PLEASE_FILL_IN), Length(max=MAX_WORDS)]
    )
