"""What people type about meetings: planning, changing, cancelling, coming, and how it was."""

from __future__ import annotations

import secrets
from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import format_number, ngettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import (
    MEETING_NOTE_LENGTH,
    MEETING_TITLE_LENGTH,
    NEEDS_LENGTH,
    PLACE_LENGTH,
    REASON_WHY_LENGTH,
    Answer,
    Attendance,
    Group,
    MeetingSeen,
    Privacy,
    Repeats,
)
from portal.groups.models.meeting_labels import ANSWER_LOOKS, REPEATS_LABELS, SEEN_LABELS
from portal.groups.operations.meetings.changing import Change, Reach
from portal.groups.operations.meetings.planning import Plan
from portal.groups.queries.meetings import DateLine
from portal.web.forms import Form, WholeNumber

LENGTHS = (30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 480, 720, 1440)
_HOUR = 60
REACH_LABELS = {
    Reach.THIS: _l("Only this date"),
    Reach.FROM_HERE: _l("This date and all after it"),
    Reach.ALL: _l("All dates that are still to come"),
}


def length_words(minutes: int) -> str:
    """120 -> "2 hours"."""
    if minutes % _HOUR and minutes > _HOUR:
        return _("%(number)s hours", number=format_number(minutes / _HOUR))
    if minutes >= _HOUR:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // _HOUR)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


class _WhenForm(Form):
    """When and where: five fields, on a phone one screen."""

    day = DateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    starts = StringField(
        _l("Begins at"),
        [InputRequired(_l("Please give the time, for example 18:30.")), Length(max=12)],
        render_kw={"type": "time"},
    )
    minutes = SelectField(_l("How long"), coerce=int)
    place = StringField(_l("Place"), [Length(max=PLACE_LENGTH)], render_kw={"dir": "auto"})
    title = StringField(
        _l("What it is called"),
        [Length(max=MEETING_TITLE_LENGTH)],
        description=_l("For example: open evening. Empty: meeting."),
        render_kw={"dir": "auto"},
    )
    note = TextAreaField(
        _l("Good to know"),
        [Length(max=MEETING_NOTE_LENGTH)],
        description=_l("What to bring, how to get in, whether there is a lift, who speaks which language."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.minutes.data if isinstance(self.minutes.data, int) else 0
        lengths = sorted({*LENGTHS, *([chosen] if chosen in range(5, 1441) else [])})
        self.minutes.choices = [(one, length_words(one)) for one in lengths]


class PlanForm(_WhenForm):
    """A new meeting."""

    repeats = RadioField(_l("How often"), [InputRequired()], default=Repeats.ONCE.value)
    until_on = DateField(
        _l("Until"), [Optional()], description=_l("The last day. Empty: it goes on until you end it.")
    )
    seen = RadioField(_l("Who may see place and time"), default=MeetingSeen.MEMBERS.value)
    form_key = HiddenField()

    def __init__(self, group: Group, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("data", {"minutes": 120, "seen": _usual_readers(group).value})
        super().__init__(*args, **kwargs)
        self.repeats.choices = [(one.value, str(words)) for one, words in REPEATS_LABELS.items()]
        self.seen.choices = [(one.value, str(SEEN_LABELS[one])) for one in readers_for(group)]
        if len(self.seen.choices) == 1:
            del self.seen
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(16)

    def plan(self) -> Plan:
        """What was filled in, for the operation."""
        return Plan(
            day=self.day.data,
            starts=self.starts.data or "",
            minutes=self.minutes.data,
            repeats=Repeats(self.repeats.data),
            until_on=self.until_on.data,
            title=self.title.data or "",
            place=self.place.data or "",
            note=self.note.data or "",
            seen=MeetingSeen(self.seen.data) if self.seen else MeetingSeen.MEMBERS,
            form_key=self.form_key.data or None,
        )


def readers_for(group: Group) -> tuple[MeetingSeen, ...]:
    """Who may be let in on dates, by the group's privacy."""
    if group.privacy is Privacy.OPEN:
        return tuple(MeetingSeen)
    if group.privacy is Privacy.CLOSED:
        return (MeetingSeen.MEMBERS, MeetingSeen.GUESTS)
    return (MeetingSeen.MEMBERS,)


def _usual_readers(group: Group) -> MeetingSeen:
    return MeetingSeen.EVERYBODY if group.privacy is Privacy.OPEN else MeetingSeen.MEMBERS


class ChangeForm(_WhenForm):
    """Another day, time or place; for a meeting that comes back, how far it reaches."""

    reach = RadioField(_l("What do you want to change?"), default=Reach.THIS.value)

    def __init__(self, line: DateLine, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, data=_as_data(line), **kwargs)
        _offer_reach(self, line)

    def change(self) -> Change:
        """What was filled in, for the operation."""
        return Change(
            day=self.day.data,
            starts=self.starts.data or "",
            minutes=self.minutes.data,
            title=self.title.data or "",
            place=self.place.data or "",
            note=self.note.data or "",
        )


def _as_data(line: DateLine) -> dict[str, Any]:
    return {
        "day": line.on,
        "starts": line.starts,
        "minutes": int((line.ends_at - line.starts_at).total_seconds() // _HOUR),
        "title": line.title,
        "place": line.place,
        "note": line.note,
        "reach": Reach.THIS.value,
    }


def _offer_reach(form: Any, line: DateLine) -> None:
    form.reach.choices = [(one.value, str(words)) for one, words in REACH_LABELS.items()]
    if line.meeting.repeats is Repeats.ONCE:
        del form.reach


def reach_of(form: Any) -> Reach:
    """How far a change reaches; a single meeting has only one date."""
    return Reach(form.reach.data) if form.reach else Reach.THIS


class CancelForm(Form):
    """Why it does not take place."""

    reason = StringField(
        _l("Why, in a few words"),
        [Length(max=REASON_WHY_LENGTH)],
        description=_l("Everybody who sees the date reads this. No names, no illnesses."),
        render_kw={"dir": "auto"},
    )
    reach = RadioField(_l("What do you want to cancel?"), default=Reach.THIS.value)

    def __init__(self, line: DateLine, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_reach(self, line)


class AnswerForm(Form):
    """Whether somebody comes."""

    answer = RadioField(_l("Do you come?"), [InputRequired(_l("Please choose one of the answers."))])
    people = SelectField(_l("How many people are you?"), coerce=int, default=1)
    needs = StringField(
        _l("What do you need to be able to come?"),
        [Length(max=NEEDS_LENGTH)],
        description=_l("For example a ramp, or somebody for the children. Deleted a week later."),
        render_kw={"dir": "auto"},
    )

    def __init__(self, given: Attendance | None, *args: Any, **kwargs: Any) -> None:
        if given is not None:
            kwargs["data"] = {
                "answer": given.answer.value,
                "people": given.people,
                "needs": given.needs or "",
            }
        super().__init__(*args, **kwargs)
        self.answer.choices = [(one.value, str(ANSWER_LOOKS[one].label)) for one in Answer]
        self.people.choices = [
            (number, ngettext("%(num)s person", "%(num)s people", number)) for number in range(1, 6)
        ]


class HeldForm(Form):
    """How it was. The number is optional."""

    people = WholeNumber(
        _l("How many people came?"),
        [Optional()],
        least=1,
        most=10_000,
        description=_l("For your own report. You can leave it out."),
    )


def answer_of(form: AnswerForm) -> Answer:
    """What was chosen."""
    return Answer(form.answer.data)
