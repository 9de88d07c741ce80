"""How people come into a group: a name for it, its own questions, a code on paper, a first letter."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.public_id import new_id
from portal.groups.forms.founding import AliasForm
from portal.groups.models.labels import TOPIC_LABELS
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key.data = self.key.data or new_id(16)


class AskForm(LetterForm):
    """The same to groups nobody can see."""

    topic = SelectField(_l("What is it about?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic.choices = [(str(topic), str(label)) for topic, label in TOPIC_LABELS.items()]


class LetterBoxForm(Form):
    """Whether people who look for a topic may write to the group."""

    topic = SelectField(
        _l("Who may write to us?"),
        description=_l("They do not learn that there is a group before you answer, and never which one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        some = [
            (str(topic), _("People who look for: %(topic)s", topic=label))
            for topic, label in TOPIC_LABELS.items()
        ]
        self.topic.choices = [("", _("Nobody")), *some]


class ReplyForm(Form):
    """One more letter."""

    text = TextAreaField(
        _l("Your answer"),
        [DataRequired(_l("Please write a sentence.")), Length(max=2000)],
        render_kw={"dir": "auto", "rows": 5, "maxlength": 2000},
    )
