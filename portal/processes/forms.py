"""What staff fill in about processes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wtforms import (
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import clock
from portal.core.db import session
from portal.core.i18n import LANGUAGES
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.places.queries import districts, open_organizations
from portal.processes.models import (
    HIGHEST_BUDGET_CENTS,
    INFLUENCE_LOOKS,
    KIND_LOOKS,
    LEVEL_WORDS,
    PHASE_LOOKS,
    PHASE_TEXT_LENGTH,
    SUMMARY_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Influence,
    Phase,
    PhaseKind,
    Process,
    ProcessKind,
)
from portal.processes.operations import PhaseFacts, ProcessFacts
from portal.processes.queries import Listed, contact_choices
from portal.web.forms import Form, WholeNumber

NEEDED = _l("Please fill this in.")
DAY = _l("Please write a day.")


def spoken_languages() -> list[tuple[str, str]]:
    """The portal's languages by their own names."""
    return [(one.slug, one.name) for one in LANGUAGES.values()]


class NewProcessForm(Form):
    """What to begin with: a kind with its usual phases, or an earlier process."""

    source = RadioField(_l("What shall it be?"), validators=[InputRequired(NEEDED)])
    title = StringField(
        _l("Title"), validators=[DataRequired(NEEDED), Length(max=TITLE_LENGTH)], render_kw={"dir": "auto"}
    )
    starts_on = DateField(
        _l("First day"),
        description=_l("The dates of all phases follow from it. You can change each of them later."),
        validators=[InputRequired(DAY)],
    )
    language = SelectField(
        _l("Language of the texts"),
        description=_l("Other languages are added afterwards. A copy keeps the language of its original."),
        choices=spoken_languages,
    )

    def __init__(self, earlier: list[Listed], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, str(look.label)) for kind, look in KIND_LOOKS.items()]
        copies = [
            (one.process.public_id, _("Copy of: %(title)s", title=one.process.title)) for one in earlier
        ]
        self.source.choices = kinds + copies
        if not self.is_submitted():
            self.starts_on.data = clock.today() + timedelta(days=1)

    @property
    def kind(self) -> ProcessKind | None:
        """The template, or None for a copy."""
        return ProcessKind(self.source.data) if self.source.data in set(ProcessKind) else None


class FactsForm(Form):
    """Words and facts of a process."""

    kind = SelectField(_l("What it is"))
    title = StringField(
        _l("Title"), validators=[DataRequired(NEEDED), Length(max=TITLE_LENGTH)], render_kw={"dir": "auto"}
    )
    summary = TextAreaField(
        _l("In two sentences: what is it about?"),
        validators=[Optional(), Length(max=SUMMARY_LENGTH)],
        render_kw={"rows": 3, "dir": "auto"},
    )
    body = TextAreaField(
        _l("Everything people need to know"),
        description=_l("Markdown: ## for a heading, - for a list, **bold**."),
        validators=[Optional(), Length(max=TEXT_LENGTH)],
        render_kw={"rows": 12, "dir": "auto"},
    )
    language = SelectField(_l("Language of the texts"), choices=spoken_languages)
    influence = RadioField(_l("What will people's words change?"), validators=[InputRequired(NEEDED)])
    level = RadioField(_l("Who may vote?"), coerce=int, validators=[InputRequired(NEEDED)])
    budget = WholeNumber(
        _l("How much money is there? (euros)"),
        description=_l("Leave it empty if it is not about money."),
        validators=[Optional()],
        least=1,
        most=HIGHEST_BUDGET_CENTS // 100,
    )
    districts = SelectMultipleField(
        _l("Which districts?"),
        description=_l("None means: the whole town."),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    contact = SelectField(_l("Contact person"), coerce=int)
    organization = SelectField(_l("Organisation"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, str(look.label)) for kind, look in KIND_LOOKS.items()]
        self.influence.choices = [
            (one.value, f"{look.label}: {look.promise}") for one, look in INFLUENCE_LOOKS.items()
        ]
        self.level.choices = [(level, str(words)) for level, words in LEVEL_WORDS.items()]
        self.districts.choices = [(card.id, card.name) for card in districts()]
        if not self.districts.choices:
            del self.districts
        self.contact.choices = [(0, _("nobody yet")), *contact_choices()]
        bodies = [(one.id, one.name) for one in session.scalars(open_organizations())]
        self.organization.choices = [(0, _("none")), *bodies]

    def facts(self) -> ProcessFacts:
        """What was filled in."""
        return ProcessFacts(
            kind=ProcessKind(self.kind.data),
            title=self.title.data or "",
            summary=self.summary.data or "",
            body=self.body.data or "",
            language=self.language.data,
            influence=Influence(self.influence.data),
            level=self.level.data,
            budget_cents=self.budget.data * 100 if self.budget.data else None,
            contact_account_id=self.contact.data or None,
            organization_id=self.organization.data or None,
            district_ids=tuple(self.districts.data or ()) if "districts" in self else (),
        )


def facts_data(process: Process) -> dict[str, Any]:
    """A process as data of its form."""
    return {
        "kind": process.kind.value,
        "title": process.title,
        "summary": process.summary,
        "body": process.body_md,
        "language": process.language,
        "influence": process.influence.value,
        "level": process.level,
        "budget": process.budget_cents // 100 if process.budget_cents else None,
        "contact": process.contact_account_id or 0,
        "organization": process.organization_id or 0,
        "districts": [one.id for one in process.districts],
    }


class PhaseForm(Form):
    """One phase. Times are those of the town's clocks."""

    kind = SelectField(_l("What can people do?"))
    starts_on = DateField(_l("First day"), validators=[InputRequired(DAY)])
    starts_time = TimeField(
        _l("From what time?"),
        description=_l("Empty: from the first minute of the day."),
        validators=[Optional()],
    )
    ends_on = DateField(
        _l("Last day"),
        description=_l("The same day is fine."),
        validators=[InputRequired(DAY)],
    )
    ends_time = TimeField(
        _l("Until what time?"),
        description=_l("Empty: until the end of the day."),
        validators=[Optional()],
    )
    title = StringField(
        _l("A name of its own"),
        description=_l("Without one it is called by what people can do, in every language."),
        validators=[Optional(), Length(max=TITLE_LENGTH)],
        render_kw={"dir": "auto"},
    )
    text = TextAreaField(
        _l("What happens then"),
        validators=[Optional(), Length(max=PHASE_TEXT_LENGTH)],
        render_kw={"rows": 4, "dir": "auto"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [
            (kind.value, _("%(name)s: %(what)s", name=look.label, what=look.open))
            for kind, look in PHASE_LOOKS.items()
        ]

    def facts(self) -> PhaseFacts:
        """What was filled in."""
        return PhaseFacts(
            kind=PhaseKind(self.kind.data),
            starts_on=self.starts_on.data,
            starts_time=self.starts_time.data,
            ends_on=self.ends_on.data,
            ends_time=self.ends_time.data,
            title=self.title.data or "",
            text=self.text.data or "",
        )


def phase_data(phase: Phase) -> dict[str, Any]:
    """A phase as data of its form: whole days without times."""
    start, end = clock.local(phase.starts_at), clock.local(phase.ends_at)
    is_whole = end.time().isoformat() == "00:00:00"
    return {
        "kind": phase.kind.value,
        "starts_on": start.date(),
        "starts_time": start.time() if start.time().isoformat() != "00:00:00" else None,
        "ends_on": end.date() - timedelta(days=1) if is_whole else end.date(),
        "ends_time": None if is_whole else end.time(),
        "title": phase.title,
        "text": phase.text_md,
    }


def field_of(phase: Phase, name: str) -> str:
    """The name of a phase's field in the form of another language."""
    return f"phase-{phase.public_id}-{name}"


def text_form(process: Process, phases: list[Phase], data: dict[str, str]) -> Form:
    """A form for all words of a process in another language; only what the original has."""
    fields: dict[str, Any] = {
        "title": StringField(_l("Title"), validators=[DataRequired(NEEDED), Length(max=TITLE_LENGTH)]),
    }
    if process.summary:
        fields["summary"] = TextAreaField(_l("In short"), validators=[DataRequired(NEEDED)])
    if process.body_md:
        fields["body"] = TextAreaField(_l("Text"), validators=[DataRequired(NEEDED), Length(max=TEXT_LENGTH)])
    for phase in phases:
        if phase.title:
            fields[field_of(phase, "title")] = StringField(
                _l("Name of the phase"), validators=[DataRequired(NEEDED), Length(max=TITLE_LENGTH)]
            )
        if phase.text_md:
            fields[field_of(phase, "text")] = TextAreaField(
                _l("What happens then"), validators=[DataRequired(NEEDED), Length(max=PHASE_TEXT_LENGTH)]
            )
    form: Form = type("TextForm", (Form,), fields)(data=data)
    return form
