"""What the office fills in: answers, assessments, contact persons, merging."""

from __future__ import annotations

import re
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from portal.accounts.queries import AuthorCard
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import pgettext
from portal.core.text import ascii_digits
from portal.proposals.forms.writing import language_choices
from portal.proposals.models import (
    DECISION_LABELS,
    SHORT_TEXT_LENGTH,
    STAGE_LOOKS,
    TEXT_LENGTH,
    VERDICT_LABELS,
    Answer,
    Assessment,
    Decision,
    Proposal,
    Stage,
    Verdict,
)
from portal.proposals.operations import Judgement, Words, mark_of, state_of
from portal.proposals.queries import Candidate
from portal.web.forms import Form, Needed

MOST_EUROS = 1_000_000_000
_MONEY = re.compile(r"(\d[\d.,' \u00a0\u202f]*?)(?:[.,](\d{1,2}))?")
# The signs for thousands and decimals that stand on Arabic keyboards.
_ARABIC = str.maketrans("٬٫", ".,")


def cents_of(typed: str) -> int | None:
    """An amount as people write it, in cents: "1.200,50", "1200.5", "1 200 €"; None for nothing.

    A point or comma before one or two last digits is the decimal sign, every other one groups thousands.
    ValueError for anything else.
    """
    text = ascii_digits(typed).translate(_ARABIC).replace("€", "").strip()
    if not text:
        return None
    found = _MONEY.fullmatch(text)
    if found is None:
        raise ValueError(typed)
    euros = int(re.sub(r"\D", "", found[1]))
    if euros > MOST_EUROS:
        raise ValueError(typed)
    return euros * 100 + int((found[2] or "0").ljust(2, "0"))


def euros_of(cents: int | None) -> str:
    """An amount as it stands in the field."""
    if cents is None:
        return ""
    return f"{cents // 100}" if cents % 100 == 0 else f"{cents // 100}.{cents % 100:02d}"


class MoneyField(StringField):
    """Euros typed in any usual way; `cents` holds the amount."""

    cents: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Understand the amount."""
        try:
            self.cents = cents_of(self.data or "")
        except ValueError:
            raise ValidationError(_("Please write an amount in euros, for example 1200 or 49.50.")) from None


class AnswerForm(Form):
    """What the town says."""

    decision = RadioField(_l("What does the town say?"), validators=[InputRequired()])
    text = TextAreaField(
        _l("Reasons, in plain words"),
        description=_l("What happens next, by when, and who does it. When it is declined: why."),
        validators=[Length(max=TEXT_LENGTH)],
    )
    language = SelectField(_l("Language of the text"))
    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = [(one.value, str(look[0])) for one, look in DECISION_LABELS.items()]
        self.language.choices = language_choices()

    def words(self) -> Words:
        """What was filled in."""
        decision = Decision(self.decision.data)
        return Words(decision, self.text.data or "", self.language.data, self.seen.data or "")


def answer_data(answer: Answer | None, language: str) -> dict[str, Any]:
    """An answer as form data."""
    if answer is None:
        return {"language": language, "seen": ""}
    return {
        "decision": answer.decision.value,
        "text": answer.text_md,
        "language": answer.language,
        "seen": state_of(answer),
    }


class AssessmentForm(Form):
    """What a professional thinks of it."""

    verdict = RadioField(_l("Can it be done?"), validators=[InputRequired()])
    reason = TextAreaField(
        _l("Reasons, or what should change"),
        description=_l("Needed when it cannot be done."),
        validators=[Needed(), Length(max=TEXT_LENGTH)],
    )
    cost = MoneyField(_l("What would it cost, in euros?"))
    running_cost = MoneyField(_l("And every year from then on, in euros?"))
    who = StringField(_l("Who would do it?"), validators=[Length(max=200)])
    language = SelectField(_l("Language of the text"))
    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict.choices = [(one.value, str(look[0])) for one, look in VERDICT_LABELS.items()]
        self.language.choices = language_choices()

    def judgement(self) -> Judgement:
        """What was filled in."""
        return Judgement(
            verdict=Verdict(self.verdict.data),
            reason=self.reason.data or "",
            language=self.language.data,
            cost_cents=self.cost.cents,
            running_cost_cents=self.running_cost.cents,
            who_would_do_it=self.who.data or "",
            seen=self.seen.data or "",
        )


def assessment_data(draft: Assessment | None, current: Assessment | None, language: str) -> dict[str, Any]:
    """The draft as form data; a new one begins with what counts now."""
    base = draft or current
    if base is None:
        return {"language": language, "seen": ""}
    return {
        "verdict": base.verdict.value,
        "reason": base.reason_md,
        "cost": euros_of(base.cost_cents),
        "running_cost": euros_of(base.running_cost_cents),
        "who": base.who_would_do_it,
        "language": base.language,
        "seen": mark_of(draft),
    }


class ContactForm(Form):
    """Who is the person to turn to."""

    contact = SelectField(_l("Contact person"), coerce=int)
    substitute = SelectField(_l("Substitute"), coerce=int)

    def __init__(self, candidates: list[Candidate], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(one.account_id, _person(one.card, offered=one.offered)) for one in candidates]
        self.contact.choices = self.substitute.choices = [(0, pgettext("person", "Nobody yet")), *people]


def _person(card: AuthorCard, *, offered: bool) -> str:
    if offered:
        return _("%(name)s (offered to do it)", name=card.name)
    return f"{card.name} ({card.role_label})" if card.role_label else card.name


class StageForm(Form):
    """Where it goes next."""

    target = SelectField(_l("Move on to"))

    def __init__(self, targets: list[Stage], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target.choices = [(one.value, str(STAGE_LOOKS[one].label)) for one in targets]


class MergeForm(Form):
    """Into which other proposal this one could go."""

    target = StringField(
        _l("Into which proposal should it go?"),
        description=_l("Paste the link of the other proposal."),
        validators=[DataRequired(), Length(max=300)],
    )
    reason = TextAreaField(
        _l("Why do they belong together?"),
        description=_l("The authors read this when they are asked."),
        validators=[DataRequired(), Length(max=SHORT_TEXT_LENGTH)],
    )

    def target_public_id(self) -> str:
        """The id at the end of a link, or the id alone."""
        return (self.target.data or "").strip().split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]


class SplitForm(Form):
    """Why proposals should stand for themselves again."""

    reason = TextAreaField(
        _l("Why should they be taken apart again?"),
        validators=[DataRequired(), Length(max=SHORT_TEXT_LENGTH)],
    )


def contact_data(proposal: Proposal) -> dict[str, Any]:
    """Who it is now."""
    return {
        "contact": proposal.contact_account_id or 0,
        "substitute": proposal.substitute_account_id or 0,
    }
