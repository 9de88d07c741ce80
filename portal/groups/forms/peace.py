"""What people fill in when they want to settle something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import (
    LONGEST_MEASURE,
    MEDIATOR_ABOUT_LENGTH,
    TALK_LENGTH,
    TALK_PLACE_LENGTH,
    TOPIC_LENGTH,
    ReviewResult,
    TalkSubject,
    WantedMediator,
)
from portal.web.forms import Form, Needed, WholeNumber

NEEDED = _l("Please fill this in.")
FEW_WORDS = _l("Please write a few words.")
PRIVATE = {"dir": "auto", "autocomplete": "off"}

SUBJECTS = [
    SelectChoice(TalkSubject.BETWEEN_PEOPLE.value, _l("Something between us")),
    SelectChoice(TalkSubject.RULES.value, _l("Rules of the group")),
    SelectChoice(TalkSubject.HOW_WE_WORK.value, _l("How we work together")),
    SelectChoice(TalkSubject.WITH_PROFESSIONAL.value, _l("Something with a professional")),
]
MEDIATORS = [
    SelectChoice(WantedMediator.OTHER_GROUP.value, _l("Somebody from another group")),
    SelectChoice(WantedMediator.VOLUNTEER.value, _l("A neighbour who offers it")),
    SelectChoice(WantedMediator.PROFESSIONAL.value, _l("A professional")),
    SelectChoice(WantedMediator.EXTERNAL.value, _l("Somebody we know who is not here")),
]


def name_field(names: Sequence[str]) -> Any:
    """Choose from the list of members, or type the name where nobody gets a list."""
    label = _l("Name in the group")
    if names:
        # Nobody is chosen beforehand: a tap too early must not be about somebody.
        choices = [SelectChoice("", _l("Please choose")), *(SelectChoice(one, one) for one in names)]
        return SelectField(label, [DataRequired(NEEDED)], choices=choices)
    return StringField(
        label,
        [DataRequired(NEEDED), Length(max=60)],
        description=_l("As the person is called in this group."),
        render_kw=PRIVATE,
    )


class TalkForm(Form):
    """Asking for a talk."""

    subject_kind = RadioField(_l("What is it about?"), [InputRequired(NEEDED)], choices=SUBJECTS)
    wanted = RadioField(
        _l("Who should help?"),
        [InputRequired(NEEDED)],
        choices=MEDIATORS,
        description=_l("You agree later on one person. This is only a first wish."),
    )
    words = TextAreaField(
        _l("A few words to the other person"),
        [DataRequired(FEW_WORDS), Length(max=TALK_LENGTH)],
        description=_l("Say what you wish for. Without blame it is easier to say yes."),
        render_kw=PRIVATE,
    )


def talk_form(names: Sequence[str]) -> TalkForm:
    """The same with the question whom, inside a group."""

    class WithName(TalkForm):
        """Whom one asks."""

        alias = name_field(names)

    form: TalkForm = WithName()
    return form


class NoteForm(Form):
    """Words to the others."""

    words = TextAreaField(
        _l("Write to the others"), [DataRequired(FEW_WORDS), Length(max=TALK_LENGTH)], render_kw=PRIVATE
    )


class MediatorForm(Form):
    """Somebody from the list, or somebody else in words."""

    mediator = RadioField(_l("Who could help you?"), [Optional()], validate_choice=False)
    external = StringField(
        _l("Or somebody who is not in the list"),
        [Optional(), Length(max=TALK_PLACE_LENGTH)],
        description=_l("Name and how to reach them. You ask this person yourselves."),
        render_kw=PRIVATE,
    )


class MeetingForm(Form):
    """When and where they talk."""

    day = DateField(_l("Day"), [InputRequired(NEEDED)])
    time = TimeField(_l("Time"), [InputRequired(NEEDED)])
    place = StringField(_l("Where"), [Optional(), Length(max=TALK_PLACE_LENGTH)], render_kw=PRIVATE)
    meets_at = StringField()


class AgreementForm(Form):
    """What they agree on."""

    agreement = TextAreaField(
        _l("What you agree on"),
        [DataRequired(FEW_WORDS), Length(max=2 * TALK_LENGTH)],
        description=_l("Who does what, from when on, and when you look at it again."),
        render_kw=PRIVATE,
    )


class OfferForm(Form):
    """Offering to mediate."""

    about = TextAreaField(
        _l("A few words about you"),
        [DataRequired(FEW_WORDS), Length(max=MEDIATOR_ABOUT_LENGTH)],
        description=_l(
            "What you bring along, and when you have time. Only people who look for help read it."
        ),
        render_kw={"dir": "auto"},
    )
    languages = StringField(
        _l("Languages you speak"),
        [Optional(), Length(max=120)],
        description=_l("With commas between them."),
        render_kw={"dir": "auto"},
    )


# ---- reviews


class ReviewForm(Form):
    """Saying that the group should talk about a membership."""

    topic = StringField(
        _l("What it is about, in neutral words"),
        [DataRequired(FEW_WORDS), Length(max=TOPIC_LENGTH)],
        description=_l("Everybody in the group reads this. Write about what happened, not about the person."),
        render_kw=PRIVATE,
    )
    measure = StringField(
        _l("The mildest thing that could help"),
        [DataRequired(FEW_WORDS), Length(max=TOPIC_LENGTH)],
        description=_l("For example: not at the cooking evenings, or a pause."),
        render_kw=PRIVATE,
    )
    measure_days = WholeNumber(
        _l("If it is a pause: how many days"),
        [Needed(), Optional()],
        least=0,
        most=LONGEST_MEASURE,
        description=_l("At most three months. Leave it empty if it is no pause."),
    )
    exclusion_months = WholeNumber(
        _l("If the group excludes the person: for how many months"),
        [InputRequired(NEEDED)],
        least=1,
        most=12,
        default=6,
        description=_l("At most twelve. Afterwards the person can ask again."),
    )


def review_form(names: Sequence[str]) -> ReviewForm:
    """The same with the question about whom."""

    class WithName(ReviewForm):
        """Whom it is about."""

        alias = name_field(names)

    form: ReviewForm = WithName()
    return form


class StatementForm(Form):
    """How the person it is about sees it."""

    statement = TextAreaField(
        _l("How you see it"), [DataRequired(FEW_WORDS), Length(max=2 * TALK_LENGTH)], render_kw=PRIVATE
    )
    helper = StringField(
        _l("Somebody who helps you in this"),
        [Optional(), Length(max=TOPIC_LENGTH)],
        description=_l("Anybody you trust, also from outside. The group reads the name as you write it."),
        render_kw=PRIVATE,
    )


class VoteForm(Form):
    """One secret vote."""

    choice = RadioField(_l("What should happen?"), [InputRequired(_l("Please choose one."))])

    def __init__(self, choices: Sequence[tuple[ReviewResult, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice.choices = [SelectChoice(key.value, words) for key, words in choices]


class AppealForm(Form):
    """Asking somebody from outside to look at the decision."""

    mediator = RadioField(_l("Who should look at it?"), [InputRequired(_l("Please choose one."))])
    words = TextAreaField(
        _l("What was not fair?"), [DataRequired(FEW_WORDS), Length(max=TALK_LENGTH)], render_kw=PRIVATE
    )


class VerdictForm(Form):
    """What the person from outside found."""

    outcome = RadioField(
        _l("What did you find?"),
        [InputRequired(_l("Please choose one."))],
        choices=[
            SelectChoice("stands", _l("It was fair: the decision stands.")),
            SelectChoice("anew", _l("It was not fair: the decision ends, and the group may begin anew.")),
        ],
    )
    words = TextAreaField(
        _l("Why"),
        [DataRequired(FEW_WORDS), Length(max=TALK_LENGTH)],
        description=_l("The group and the person both read this."),
        render_kw=PRIVATE,
    )
