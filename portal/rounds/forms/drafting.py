"""What moderators fill in about a draft, one step per form."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import pgettext
from portal.places.queries import districts
from portal.processes.models import Influence
from portal.processes.queries import contact_choices, public_processes
from portal.proposals.forms import language_choices
from portal.proposals.forms.office import MoneyField, euros_of
from portal.rounds.forms.labels import KIND_LABELS, MAJORITY_LABELS, RULE_LABELS, TEMPLATE_LABELS
from portal.rounds.models import (
    BUDGET_RULES,
    QUESTION_LENGTH,
    RULES_FOR,
    TEXT_LENGTH,
    TITLE_LENGTH,
    BallotKind,
    MajorityKind,
    Round,
    Rule,
)
from portal.rounds.operations.drafting import LIMITS_FOR, town_instant
from portal.rounds.queries.wording import influence_words, level_words
from portal.web.forms import Form, Needed, WholeNumber

MOST_VOTES = 10_000_000


class NewForm(Form):
    """The title and what to begin with."""

    title = StringField(_l("Title of the vote"), validators=[InputRequired(), Length(max=TITLE_LENGTH)])
    start = RadioField(_l("What do you begin with?"), validators=[InputRequired()])
    draft_key = HiddenField()

    def __init__(self, copies: list[Round], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = [(one.public_id, _("A copy of “%(title)s”", title=one.title)) for one in copies]
        self.start.choices = [(name, str(words)) for name, words in TEMPLATE_LABELS.items()] + earlier
        if not self.draft_key.data:
            self.draft_key.data = secrets.token_urlsafe(16)


class WordsForm(Form):
    """What it is about and what the result is worth."""

    title = StringField(_l("Title of the vote"), validators=[InputRequired(), Length(max=TITLE_LENGTH)])
    question = StringField(
        _l("The question to the people"),
        description=_l("One short sentence. It stands on every ballot."),
        validators=[Needed(), Length(max=QUESTION_LENGTH)],
    )
    intro = TextAreaField(
        _l("What is it about?"),
        description=_l("A few plain sentences: why this vote, and what happens afterwards."),
        validators=[Length(max=TEXT_LENGTH)],
    )
    influence = RadioField(_l("What is the result worth?"), validators=[InputRequired()])
    language = SelectField(_l("Language of the text"))
    contact = SelectField(_l("Contact person"), coerce=int)
    part_of = SelectField(_l("Part of"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.influence.choices = [(one.value, influence_words(one)) for one in Influence]
        self.language.choices = language_choices()
        self.contact.choices = [(0, pgettext("person", "Nobody yet")), *contact_choices()]
        belongs = [(one.id, one.title) for one in public_processes()]
        self.part_of.choices = [(0, pgettext("process", "Nothing: it stands alone")), *belongs]

    def values(self) -> dict[str, Any]:
        """What was filled in, for the operation."""
        return {
            "title": self.title.data or "",
            "question": self.question.data or "",
            "intro": self.intro.data or "",
            "language": self.language.data,
            "influence": Influence(self.influence.data),
            "contact_account_id": self.contact.data or None,
            "process_id": self.part_of.data or None,
        }


def words_data(vote: Round) -> dict[str, Any]:
    """The draft as form data."""
    return {
        "title": vote.title,
        "question": vote.question,
        "intro": vote.intro_md,
        "influence": vote.influence.value,
        "language": vote.language,
        "contact": vote.contact_account_id or 0,
        "part_of": vote.process_id or 0,
    }


def _number(label: Any, hint: Any, least: int = 1, most: int = MOST_VOTES) -> WholeNumber:
    return WholeNumber(label, description=hint, validators=[Optional()], least=least, most=most)


def _needed(label: Any, hint: Any, most: int = MOST_VOTES) -> WholeNumber:
    """For one kind or rule, which the hint names; a vote does not open without it."""
    return WholeNumber(label, description=hint, validators=[Needed(), Optional()], least=1, most=most)


class BallotForm(Form):
    """What voters write down. Numbers for another kind than the chosen one are left aside."""

    kind = RadioField(_l("What do people write down?"), validators=[InputRequired()])
    max_choices = _number(
        _l("How many options can one person choose?"),
        _l("For choosing and for putting in order. Empty: as many as they like."),
        most=250,
    )
    points_total = _needed(_l("How many points does one person have?"), _l("For giving points."), most=1000)
    points_per_option_max = _number(
        _l("How many of them can one option get?"), _l("For giving points. Empty: all of them."), most=1000
    )
    score_max = _needed(_l("What is the highest number?"), _l("For grading: 5 means from 0 to 5."), most=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(one.value, str(KIND_LABELS[one])) for one in BallotKind]

    def values(self) -> dict[str, Any]:
        """What was filled in, for the operation."""
        kind = BallotKind(self.kind.data)
        return {"kind": kind, **{name: self[name].data for name in LIMITS_FOR[kind]}}


def ballot_data(vote: Round) -> dict[str, Any]:
    """The draft as form data."""
    names = ("max_choices", "points_total", "points_per_option_max", "score_max")
    return {"kind": vote.ballot_kind.value, **{name: getattr(vote, name) for name in names}}


class CountingForm(Form):
    """How ballots are counted. Fields that no rule of this ballot needs are left out."""

    rule = RadioField(_l("How is it counted?"), validators=[InputRequired()])
    budget = MoneyField(
        _l("How much money is there, in euros?"),
        description=_l("Needed where the result shares out money."),
        validators=[Needed()],
    )
    threshold = _needed(
        _l("How many votes does an option need at least?"), _l("Only for the rule with a minimum.")
    )
    winners_count = _needed(
        _l("How many options win?"), _l("Only where votes or points are added up."), most=250
    )
    majority_kind = RadioField(_l("How much yes is enough?"), validators=[Optional()])
    quorum = _number(
        _l("How many ballots must there be at least?"),
        _l("Empty: the result always counts."),
        most=MOST_VOTES,
    )
    lottery_source = StringField(
        _l("Which public draw decides when two are level?"),
        description=_l("For example: Lotto 6 aus 49, the draw of the Saturday after the end."),
        validators=[Needed(), Length(max=300)],
    )
    lottery_on = DateField(_l("On which day is it drawn?"), validators=[Needed(), Optional()])

    def __init__(self, vote: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = RULES_FOR[vote.ballot_kind]
        self.rule.choices = [(one.value, str(RULE_LABELS[one])) for one in rules]
        self.majority_kind.choices = [(one.value, str(MAJORITY_LABELS[one])) for one in MajorityKind]
        needed = {
            "budget": bool(BUDGET_RULES & set(rules)) or vote.ballot_kind is BallotKind.BASKET,
            "threshold": Rule.GREEDY_THRESHOLD in rules,
            "winners_count": bool({Rule.APPROVAL, Rule.SCORE} & set(rules)),
            "majority_kind": Rule.MAJORITY in rules,
            "lottery_source": Rule.MAJORITY not in rules,
            "lottery_on": Rule.MAJORITY not in rules,
        }
        for name, is_needed in needed.items():
            if not is_needed:
                del self[name]

    def _of(self, name: str) -> Any:
        return self[name].data if name in self else None

    def values(self) -> dict[str, Any]:
        """What was filled in, for the operation."""
        majority = self._of("majority_kind")
        return {
            "rule": Rule(self.rule.data),
            "budget_cents": self.budget.cents if "budget" in self else None,
            "threshold": self._of("threshold"),
            "winners_count": self._of("winners_count"),
            "majority_kind": MajorityKind(majority) if majority in set(MajorityKind) else None,
            "quorum": self.quorum.data,
            "lottery_source": self._of("lottery_source") or "",
            "lottery_on": self._of("lottery_on"),
        }


def counting_data(vote: Round) -> dict[str, Any]:
    """The draft as form data."""
    return {
        "rule": vote.rule.value,
        "budget": euros_of(vote.budget_cents),
        "threshold": vote.threshold,
        "winners_count": vote.winners_count,
        "majority_kind": vote.majority_kind.value if vote.majority_kind else None,
        "quorum": vote.quorum,
        "lottery_source": vote.lottery_source,
        "lottery_on": vote.lottery_on,
    }


class VotersForm(Form):
    """Who may take part, receipts, observers."""

    level = RadioField(_l("How well must people be known?"), coerce=int, validators=[InputRequired()])
    districts = SelectMultipleField(
        _l("Which districts?"),
        description=_l("None chosen: the whole town."),
        coerce=int,
        option_widget=CheckboxInput(),
    )
    receipts = BooleanField(
        _l("Voters get a code, to find their ballot in the published file"),
        description=_l(
            "Without it nobody can be forced to show how they voted, but nobody can check the own ballot."
        ),
    )
    file_threshold = WholeNumber(
        _l("From how many ballots on are all of them published, without names?"),
        description=_l("With fewer only the totals are. 50 is a good number."),
        validators=[InputRequired()],
        least=0,
        most=MOST_VOTES,
    )
    observers = TextAreaField(
        _l("Observers"),
        description=_l("Mail addresses, one a line. They get the fingerprint of the log every day."),
        validators=[Length(max=2000)],
    )
    errors_at: ClassVar = {"email": "observers"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = [(one, level_words(one)) for one in range(4)]
        self.districts.choices = [(one.id, one.name) for one in districts()]
        if not self.districts.choices:  # a town without districts has nothing to choose
            del self.districts

    def values(self) -> dict[str, Any]:
        """What was filled in, for the operation."""
        return {
            "level": self.level.data,
            "district_ids": self.districts.data or [] if "districts" in self else [],
            "receipts": bool(self.receipts.data),
            "file_threshold": self.file_threshold.data,
            "observers": self.observers.data or "",
        }


def voters_data(vote: Round) -> dict[str, Any]:
    """The draft as form data."""
    return {
        "level": vote.level,
        "districts": list(vote.district_ids),
        "receipts": vote.receipts,
        "file_threshold": vote.file_threshold,
        "observers": vote.observers or "",
    }


class DatesForm(Form):
    """When ballots are taken, on the town's clocks."""

    opens_on = DateField(_l("First day"), validators=[InputRequired()])
    opens_at = TimeField(_l("From what time on?"), validators=[InputRequired()])
    closes_on = DateField(_l("Last day"), validators=[InputRequired()])
    closes_at = TimeField(_l("Until what time?"), validators=[InputRequired()])
    publish_after_hours = _number(
        _l("After how many hours is the result public by itself?"),
        _l("Empty: staff publish it after looking at the count."),
        least=0,
        most=24 * 60,
    )

    def values(self) -> dict[str, Any]:
        """What was filled in, as instants. Raises DoubtfulNight."""
        return {
            "opens_at": town_instant(self.opens_on.data, self.opens_at.data, field="opens_at"),
            "closes_at": town_instant(self.closes_on.data, self.closes_at.data, field="closes_at"),
            "publish_after_hours": self.publish_after_hours.data,
        }


def dates_data(vote: Round) -> dict[str, Any]:
    """The draft as form data."""
    return {
        **_day_and_time("opens", vote.opens_at),
        **_day_and_time("closes", vote.closes_at),
        "publish_after_hours": vote.publish_after_hours,
    }


def _day_and_time(name: str, instant: datetime | None) -> dict[str, Any]:
    if instant is None:
        return {}
    local = clock.local(instant)
    return {f"{name}_on": local.date(), f"{name}_at": local.time()}
