"""By which rules something is decided, and whom it asks."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import i18n
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import OF_SOME, Electorate, Method, QuorumKind, Reasons, ResultsShown, Target
from portal.groups.operations.deciding.drafting import STOPPABLE
from portal.groups.queries.method_words import MAJORITY_WORDS
from portal.web.forms import Form, Needed, WholeNumber

NUMBERED = {QuorumKind.PERCENT.value, QuorumKind.PEOPLE.value}
# Seven questions on one page are too many for a small screen: these have an answer that fits most groups.
WITH_A_GOOD_ANSWER = {"results_shown", "quorum_kind", "quorum", "run_off", "lots", "electorate", "reasons"}


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
    quorum = WholeNumber(
        _l("How many percent, or how many people?"),
        validators=[Needed(), Optional()],
        least=1,
        most=10_000,
        description=_l("Only if you have chosen a part or a number above."),
    )
    majority = RadioField(
        _l("Which majority is enough?"),
        choices=[SelectChoice(*pair) for pair in MAJORITY_WORDS.items()],
        validators=[InputRequired()],
    )
    max_choices = WholeNumber(
        _l("How many may each person choose?"), validators=[InputRequired()], least=1, most=30
    )
    run_off = BooleanField(_l("If nothing gets at least half, choose once more between the first two"))
    points_total = WholeNumber(
        _l("How many points has each person?"), validators=[InputRequired()], least=1, most=100
    )
    points_each = WholeNumber(
        _l("How many of them at most for one suggestion?"), validators=[Optional()], least=1, most=100
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
    electorate = RadioField(_l("Who is asked?"), validators=[InputRequired()])
    reasons = RadioField(_l("May people say why?"), validators=[InputRequired()])

    @property
    def folded(self) -> list[Field]:
        """What has a good answer already: told in a few words, and opened by whoever wants it otherwise."""
        return [field for field in self if field.name in WITH_A_GOOD_ANSWER]

    @property
    def usual(self) -> list[tuple[str, str]]:
        """(question, the answer as it stands) of what is folded."""
        return [(field.label.text, said) for field in self.folded if (said := self._said(field))]

    def _said(self, field: Field) -> str:
        if isinstance(field, BooleanField):
            return _("Yes") if field.data else _("No")
        if field.name == "quorum":
            return i18n.format_number(field.data) if self.quorum_kind.data in NUMBERED and field.data else ""
        assert isinstance(field, RadioField)
        return next((str(one.label.text) for one in field if one.checked), "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever wants a part or a number of people says how many."""
        is_fine = bool(super().validate(extra_validators))
        if self.quorum_kind.data in NUMBERED and self.quorum.data is None and not self.quorum.errors:
            self.add_error("quorum", _("Please write how many percent, or how many people."))
            return False
        return is_fine


_EVERYBODY = SelectChoice(Electorate.AT_OPENING.value, _l("Everybody who is in the group when it begins"))
_LATE = SelectChoice(
    Electorate.AT_CLOSING.value, _l("Everybody who is in the group, also those who join before the end")
)
_SOME = SelectChoice(Electorate.NAMED_LIST.value, _l("Only some of you: you choose them on the next page"))
_MAY_SAY_WHY = SelectChoice(Reasons.OPTIONAL.value, _l("Yes, whoever wants to"))
_WHO_STOPS = SelectChoice(Reasons.FOR_OBJECTION.value, _l("Only whoever objects or blocks, and they have to"))
_NO_WORDS = SelectChoice(Reasons.OFF.value, _l("No, only the answers"))

_ONLY_FOR = {
    "majority": {Method.MAJORITY},
    "max_choices": {Method.CHOICE},
    "run_off": {Method.CHOICE},
    "points_total": {Method.DOTS},
    "points_each": {Method.DOTS},
    "lots": {Method.CHOICE, Method.DOTS, Method.SCORE, Method.RANKING, Method.RESISTANCE},
    "fallback": {Method.CONSENT},
}
_NO_SECRET = {Method.CONSENT, Method.DATE, Method.LOTS}


def rules_form(method: Method, target: Target, **kwargs: Any) -> RulesForm:
    """The rules a method knows; what changes the group itself is asked of everybody."""
    form = RulesForm(**kwargs)
    late, some = [_LATE] * (method is Method.DATE), [_SOME] * (target in OF_SOME)
    form.electorate.choices = [_EVERYBODY, *late, *some]
    form.reasons.choices = [_MAY_SAY_WHY, _WHO_STOPS if method in STOPPABLE else _NO_WORDS]
    if len(form.electorate.choices) == 1:
        del form.electorate
    for name, methods in _ONLY_FOR.items():
        if method not in methods:
            delattr(form, name)
    if method in _NO_SECRET:
        del form.secret
    if method is Method.LOTS:
        del form.results_shown, form.reasons
    return form


class AskedForm(Form):
    """Whom it asks, by name."""

    asked = SelectMultipleField(
        _l("Who is asked?"),
        description=_l("The others can read the question and the result, and cannot answer."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
