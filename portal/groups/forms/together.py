"""What people fill in when groups come together, part, or stand beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import (
    AIM_LENGTH,
    CHARTER_FIELD_LENGTH,
    NAME_LENGTH,
    MoveChoice,
    MoveKind,
    RelationKind,
    ThingGoes,
)
from portal.web.forms import Form

NEEDED = _l("Please fill this in.")
AUTO = {"dir": "auto"}
RELATIONS: dict[RelationKind, LazyString] = {
    RelationKind.PART_OF: _l("We are a part of this group"),
    RelationKind.PARTNER: _l("We do things together"),
    RelationKind.SHARES_ROOM: _l("We share a room"),
    RelationKind.SAME_TOPIC: _l("We care about the same things"),
}


class RelationForm(Form):
    """Asking another group."""

    other = SelectField(_l("Which group?"), [InputRequired(NEEDED)])
    kind = RadioField(
        _l("How do you stand to each other?"),
        [InputRequired(NEEDED)],
        choices=[SelectChoice(kind.value, words) for kind, words in RELATIONS.items()],
    )

    def __init__(self, groups: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.other.choices = [SelectChoice(pid, name) for pid, name in groups]


class MoveForm(Form):
    """The text a group decides on."""

    name = StringField(
        _l("Name of the new group"), [DataRequired(NEEDED), Length(max=NAME_LENGTH)], render_kw=AUTO
    )
    aim = StringField(
        _l("What it is for, in one sentence"), [DataRequired(NEEDED), Length(max=AIM_LENGTH)], render_kw=AUTO
    )
    goal = TextAreaField(
        _l("What you agree on"),
        [DataRequired(NEEDED), Length(max=CHARTER_FIELD_LENGTH)],
        description=_l("The goal and the most important rules. The new group can add to it later."),
        render_kw=AUTO,
    )


class SplitForm(MoveForm):
    """With where things go."""

    things_stay = TextAreaField(
        _l("What stays with this group"),
        [Optional(), Length(max=1000)],
        description=_l("One thing per line: the key, the pots, the list of addresses."),
        render_kw=AUTO,
    )
    things_go = TextAreaField(
        _l("What goes with the new group"),
        [Optional(), Length(max=1000)],
        description=_l("One thing per line."),
        render_kw=AUTO,
    )
    things_shared = TextAreaField(
        _l("What both use"),
        [Optional(), Length(max=1000)],
        description=_l("One thing per line."),
        render_kw=AUTO,
    )

    def things(self) -> list[tuple[str, ThingGoes]]:
        """(words, where it goes), one per line."""
        fields = (
            (self.things_stay, ThingGoes.STAYS),
            (self.things_go, ThingGoes.GOES),
            (self.things_shared, ThingGoes.SHARED),
        )
        return [
            (line, goes) for field, goes in fields for line in (field.data or "").splitlines() if line.strip()
        ]


class MergeCodeForm(Form):
    """The three words of the other group."""

    code = StringField(
        _l("The three words"),
        [DataRequired(NEEDED), Length(max=60)],
        description=_l("Somebody of the other group tells you them."),
        render_kw={"dir": "ltr", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"},
    )


class ChoiceForm(Form):
    """What a member wants."""

    choice = RadioField(_l("What do you want?"), [InputRequired(_l("Please choose one."))])

    def __init__(self, kind: MoveKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            MoveChoice.GOES: _l("I come to the new group"),
            MoveChoice.STAYS: _l("I do not come to the new group"),
        }
        if kind is MoveKind.SPLIT:
            words[MoveChoice.BOTH] = _l("I want to be in both")
        self.choice.choices = [SelectChoice(key.value, label) for key, label in words.items()]
