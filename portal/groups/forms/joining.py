"""How people come into a group: a name for it, its own questions, a code on paper, a first letter."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.core.i18n import lazy_gettext as _l
from portal.groups.forms.founding import AliasForm
from portal.web.forms import Form, HiddenText

ANSWER_LENGTH = 1000


class JoinForm(AliasForm):
    """A name, and the answers to the group's own questions."""

    @property
    def answers(self) -> list[str]:
        """In the order of the questions."""
        return [field.data or "" for field in self if field.short_name.startswith("answer_")]


def join_form(questions: list[str]) -> JoinForm:
    """A form with the group's own questions, at most three."""
    members: dict[str, Any] = {
        f"answer_{number}": TextAreaField(
            question,
            [
                DataRequired(_l("Please answer the questions of the group. One sentence is enough.")),
                Length(max=ANSWER_LENGTH),
            ],
            render_kw={"dir": "auto", "rows": 3, "maxlength": ANSWER_LENGTH},
        )
        for number, question in enumerate(questions, 1)
    }
    form: JoinForm = type("JoinWithQuestions", (JoinForm,), members)()
    return form


class CodeForm(Form):
    """Three words from a slip of paper."""

    code = StringField(
        _l("The three words of your code"),
        [DataRequired(_l("Please type the three words on your slip of paper.")), Length(max=200)],
        description=_l("Capitals, hyphens and spaces do not matter."),
        render_kw={"dir": "ltr", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class CodeNameForm(AliasForm):
    """The code fits: now a name."""

    code = HiddenText(validators=[DataRequired(), Length(max=200)])


class LetterForm(Form):
    """A first letter to the contact person of a group."""

    name = StringField(
        _l("How shall they call you?"),
        [DataRequired(_l("Please choose a name. It need not be your real name.")), Length(max=40)],
        description=_l("It need not be your real name."),
        render_kw={"dir": "auto", "maxlength": 40, "autocomplete": "off"},
    )
    text = TextAreaField(
        _l("Your message"),
        [DataRequired(_l("Please write a sentence.")), Length(max=2000)],
        render_kw={"dir": "auto", "rows": 6, "maxlength": 2000},
    )
    notice = BooleanField(
        _l("Tell me here when somebody answers"),
        description=_l("The notice only says “New message”. Nobody can see from it what it is about."),
    )
    key = HiddenText()


class ReplyForm(Form):
    """One more letter."""

    text = TextAreaField(
        _l("Your answer"),
        [DataRequired(_l("Please write a sentence.")), Length(max=2000)],
        render_kw={"dir": "auto", "rows": 5, "maxlength": 2000},
    )
