"""What people type about accompaniment."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from portal.accounts.models import Account
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.groups.models import (
    GOAL_LENGTH,
    LABEL_LENGTH,
    MOST_PLANNED,
    WORD_LENGTH,
    Accompaniment,
    Grant,
    Group,
    Scope,
)
from portal.groups.models.accompanying_labels import GRANT_LABELS, SCOPE_LABELS
from portal.groups.operations.accompanying.agreeing import LONGEST_MONTHS, Terms
from portal.groups.queries.accompanying import professionals
from portal.groups.queries.looks import offered_grants
from portal.web.forms import Form, WholeNumber

BY_CODE = ""


class OfferForm(Form):
    """What the two agree on."""

    goal = TextAreaField(
        _l("What do you want to reach together?"),
        [InputRequired(_l("Please say it in one or two sentences.")), Length(max=GOAL_LENGTH)],
    )
    scope = SelectMultipleField(_l("What is it about?"), option_widget=CheckboxInput())
    months = SelectField(_l("For how long?"), coerce=int, default=4)
    meetings = WholeNumber(
        _l("How many meetings together?"), [Optional()], least=0, most=MOST_PLANNED, default=3
    )
    grants = SelectMultipleField(
        _l("What may the one who accompanies see?"),
        description=_l("Nothing at all is fine. The group can always see who has looked inside."),
        option_widget=CheckboxInput(),
    )

    def __init__(self, group: Group, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope.choices = [(one.value, str(SCOPE_LABELS[one])) for one in Scope]
        self.grants.choices = [(one.value, str(GRANT_LABELS[one])) for one in offered_grants(group)]
        if not self.grants.choices:
            del self.grants
        self.months.choices = [
            (number, ngettext("%(num)s month", "%(num)s months", number))
            for number in range(1, LONGEST_MONTHS + 1)
        ]

    def terms(self, *, renewal_of_id: int | None = None) -> Terms:
        """What was filled in, for the operation."""
        return Terms(
            goal=self.goal.data or "",
            months=self.months.data,
            scope=tuple(Scope(one) for one in self.scope.data or ()),
            grants=tuple(Grant(one) for one in self.grants.data or ()) if self.grants else (),
            meetings=self.meetings.data or 0,
            group_word=self.group_word.data or "" if "group_word" in self else "",
            renewal_of_id=renewal_of_id,
        )


class AskForm(OfferForm):
    """The group asks somebody."""

    companion = SelectField(_l("Who shall accompany you?"), default=BY_CODE)
    group_word = StringField(
        _l("What shall the group be called towards this person?"),
        [Length(max=LABEL_LENGTH)],
        description=_l("Its name stays hidden. Empty: “a group”."),
        render_kw={"dir": "auto"},
    )

    def __init__(self, group: Group, *args: Any, **kwargs: Any) -> None:
        super().__init__(group, *args, **kwargs)
        self._people = professionals()
        self.companion.choices = [
            (BY_CODE, _("Somebody with experience, or somebody else: we get a code for them")),
            *((one.public_id, one.display_name) for one in self._people),
        ]
        if not group.is_discreet:
            del self.group_word

    def chosen(self) -> Account | None:
        """The professional who was chosen; None for a code."""
        return next((one for one in self._people if one.public_id == self.companion.data), None)


def as_before(made: Accompaniment | None) -> dict[str, Any]:
    """A new agreement begins with what was agreed before."""
    if made is None:
        return {}
    known = next((one.public_id for one in professionals() if str(one.id) == made.reach), BY_CODE)
    return {
        "companion": known,
        "goal": made.goal,
        "scope": made.scope,
        "grants": made.grants,
        "meetings": made.meetings,
        "months": 3,
    }


class WordForm(Form):
    """A message to the other side."""

    text = TextAreaField(
        _l("Your message"), [InputRequired(_l("Please write something.")), Length(max=WORD_LENGTH)]
    )


class ReportForm(Form):
    """The closing report of one side."""

    text = TextAreaField(
        _l("What have you reached? What stays open?"),
        [InputRequired(_l("Please write something.")), Length(max=WORD_LENGTH)],
    )


class NoteForm(Form):
    """A note about a circle that is being founded; empty takes it back."""

    text = TextAreaField(_l("Your note"), [Length(max=GOAL_LENGTH)], id="note-text")


class CompanionCodeForm(Form):
    """The three words."""

    code = StringField(
        _l("The three words"),
        [InputRequired(_l("Please type the three words.")), Length(max=60)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"},
    )


class SubstituteForm(Form):
    """Who stands in, and when."""

    person = SelectField(_l("Who stands in for you?"))
    from_on = DateField(_l("From"), [InputRequired()])
    until_on = DateField(_l("Until"), [InputRequired()])

    def __init__(self, made: Accompaniment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = [one for one in professionals() if str(one.id) != made.reach]
        self.person.choices = [(one.public_id, one.display_name) for one in self._people]

    def chosen(self) -> Account | None:
        """Who was chosen."""
        return next((one for one in self._people if one.public_id == self.person.data), None)
