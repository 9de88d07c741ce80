"""Forms about the group itself: what others read, how people join, privacy, invitations."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.i18n import LANGUAGES
from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import (
    AIM_LENGTH,
    CHARTER_FIELD_LENGTH,
    MOST_QUESTIONS,
    NAME_LENGTH,
    QUESTION_LENGTH,
    Group,
    JoinWay,
    Privacy,
)
from portal.groups.models.labels import JOIN_LOOKS
from portal.groups.operations.profile import DISCREET_WAYS, Profile, profile_of_group
from portal.web.forms import Form, WholeNumber

MOST_SLIPS = 12


class ProfileForm(Form):
    """What others read about the group."""

    name = StringField(
        _l("Name of the group"),
        [DataRequired(_l("Please give the group a name.")), Length(max=NAME_LENGTH)],
        render_kw={"dir": "auto"},
    )
    aim = StringField(
        _l("What the group is for, in one sentence"),
        [DataRequired(_l("Please say in one sentence what the group is for.")), Length(max=AIM_LENGTH)],
        render_kw={"dir": "auto"},
    )
    contact_way = TextAreaField(
        _l("How people reach you"),
        [Optional(), Length(max=CHARTER_FIELD_LENGTH)],
        description=_l("For example: Tuesdays at six in the community centre."),
    )
    languages = SelectMultipleField(
        _l("Languages you speak with each other"),
        choices=[SelectChoice(slug, one.name) for slug, one in LANGUAGES.items() if slug != "leicht"],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    district = SelectField(_l("Which part of the town?"), [Optional()])
    meeting_interval_days = WholeNumber(
        _l("You meet about every how many days?"),
        [Optional()],
        least=1,
        most=366,
        description=_l("So that nobody asks too early whether the group goes on."),
    )

    @classmethod
    def of(cls, group: Group, districts: list[tuple[str, str]]) -> ProfileForm:
        """The form filled with the group as it is."""
        form = cls(obj=group, district=str(group.district_id or ""))
        form.district.choices = [
            SelectChoice("", _l("The whole town")),
            *(SelectChoice(key, name) for key, name in districts),
        ]
        return form


class JoiningForm(Form):
    """How people come to the group."""

    join_way = RadioField(_l("Who can join?"), [InputRequired()])
    capacity = WholeNumber(
        _l("Room for how many people?"),
        [Optional()],
        least=2,
        most=1000,
        description=_l("Empty: as many as want. When the group is full, there is a waiting list."),
    )
    question_1 = StringField(_l("A question to people who ask"), [Optional(), Length(max=QUESTION_LENGTH)])
    question_2 = StringField(_l("A second question"), [Optional(), Length(max=QUESTION_LENGTH)])
    question_3 = StringField(_l("A third question"), [Optional(), Length(max=QUESTION_LENGTH)])

    @classmethod
    def of(cls, group: Group) -> JoiningForm:
        """The form as this group needs it: a discreet one is not found by asking."""
        asked: dict[str, Any] = {
            f"question_{number}": words for number, words in enumerate(group.questions, 1)
        }
        form = cls(join_way=str(group.join_way), capacity=group.capacity, **asked)
        ways = DISCREET_WAYS if group.is_discreet else (JoinWay.FREE, JoinWay.REQUEST, JoinWay.CODE)
        form.join_way.choices = [SelectChoice(str(way), JOIN_LOOKS[way].label) for way in ways]
        return form

    def questions(self) -> tuple[str, ...]:
        """What was typed, in its order."""
        fields = (self._fields[f"question_{number}"] for number in range(1, MOST_QUESTIONS + 1))
        return tuple(str(field.data or "") for field in fields)


def profile_of(group: Group, form: ProfileForm) -> Profile:
    """What others read, changed; how people join stays."""
    return replace(
        profile_of_group(group),
        name=form.name.data or "",
        aim=form.aim.data or "",
        contact_way=form.contact_way.data or "",
        languages=tuple(form.languages.data or ()),
        district_id=int(form.district.data) if form.district.data else None,
        meeting_interval_days=form.meeting_interval_days.data,
    )


def joining_of(group: Group, form: JoiningForm) -> Profile:
    """How people join, changed; what others read stays."""
    return replace(
        profile_of_group(group),
        capacity=form.capacity.data,
        join_way=JoinWay(form.join_way.data),
        questions=form.questions(),
    )


class TightenForm(Form):
    """More private, at once."""

    privacy = RadioField(_l("How private?"), [InputRequired()])
    sure = BooleanField(
        _l("I know that it takes the consent of all members to make it less private again."),
        [DataRequired(_l("Please tick this only if you know it."))],
    )

    @classmethod
    def of(cls, choices: list[tuple[Privacy, Any]]) -> TightenForm:
        """The form with the privacies that are left."""
        form = cls()
        form.privacy.choices = [SelectChoice(str(privacy), words) for privacy, words in choices]
        return form


class InviteForm(Form):
    """How many slips of paper, each with a code of its own for one person."""

    slips = WholeNumber(
        _l("For how many people?"),
        [InputRequired()],
        least=1,
        most=MOST_SLIPS,
        default=1,
        description=_l("Each slip of paper lets one person in, for 60 days."),
    )
    form_key = HiddenField(validators=[Length(max=40)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_key.data = self.form_key.data or secrets.token_urlsafe(16)
