"""From a wish to a group: the small steps of founding."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.public_id import new_id
from portal.groups.models import (
    AIM_LENGTH,
    ALIAS_LENGTH,
    CHARTER_FIELD_LENGTH,
    NAME_LENGTH,
    PLACE_LENGTH,
    GroupKind,
    Preset,
    Privacy,
)
from portal.groups.models.labels import CHARTER_LABELS, KIND_LOOKS, PRESET_LOOKS, PRIVACY_LOOKS, Look
from portal.places.queries import districts
from portal.web.forms import Form, HiddenText

IDEA_LENGTH = 1000
CHOOSE = _l("Please choose one of these.")
DISTRICT = _l("Where?")


def told(looks: dict[Any, Look], *left_out: Any) -> list[tuple[str, str]]:
    """Choices that say what they mean: "Closed – Everybody can find us …"."""
    return [
        (str(value), f"{look.label} – {look.words}") for value, look in looks.items() if value not in left_out
    ]


def district_choices() -> list[tuple[str, str]]:
    """The districts, and the whole town first."""
    return [("0", _("The whole town")), *((str(card.id), card.name) for card in districts())]


class DistrictMixin:
    """`district` as people choose it, `district_id` as it is stored."""

    district: SelectField

    @property
    def district_id(self) -> int | None:
        """None for the whole town."""
        return int(self.district.data or 0) or None


class IdeaForm(DistrictMixin, Form):
    """A wish to do something together."""

    title = StringField(
        _l("What would you like to do with others?"),
        [
            DataRequired(_l("Please write in a few words what you would like to do with others.")),
            Length(max=80),
        ],
        description=_l("A few words are enough: “Sewing together”, “Walking in the evening”."),
        render_kw={"dir": "auto", "maxlength": NAME_LENGTH},
    )
    text = TextAreaField(
        _l("Say a little more"),
        [Length(max=IDEA_LENGTH)],
        render_kw={"dir": "auto", "rows": 4, "maxlength": IDEA_LENGTH},
    )
    district = SelectField(DISTRICT)
    key = HiddenText()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district.choices = district_choices()
        self.key.data = self.key.data or new_id(16)


class KindForm(Form):
    """The first step: what for, and who may learn of it."""

    kind = RadioField(_l("What is it for?"), [DataRequired(CHOOSE)])
    privacy = RadioField(
        _l("Who may learn of it?"),
        [DataRequired(CHOOSE)],
        description=_l("You can become more private at any time. Becoming less private needs all members."),
    )

    def __init__(self, *args: Any, is_staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [kind for kind in GroupKind if (kind is GroupKind.PROFESSIONALS) is not is_staff]
        self.kind.choices = told(KIND_LOOKS, *others)
        self.privacy.choices = told(PRIVACY_LOOKS)


class BeginForm(DistrictMixin, Form):
    """The second step: how it is called. What was chosen before travels with the form."""

    kind = HiddenText()
    privacy = HiddenText()
    origin = HiddenText()
    key = HiddenText()
    name = StringField(
        _l("Name of the group"),
        [DataRequired(_l("Please give the group a name.")), Length(max=NAME_LENGTH)],
        render_kw={"dir": "auto", "maxlength": NAME_LENGTH},
    )
    aim = StringField(
        _l("What it is for, in one sentence"),
        [DataRequired(_l("Please say in one sentence what the group is for.")), Length(max=AIM_LENGTH)],
        render_kw={"dir": "auto", "maxlength": AIM_LENGTH},
    )
    alias = StringField(
        _l("Your name in this group"),
        [DataRequired(_l("Please choose a name for this group. It need not be your real name."))],
        description=_l("The others see it. It need not be your real name."),
        render_kw={"dir": "auto", "maxlength": ALIAS_LENGTH, "autocomplete": "off"},
    )
    preset = RadioField(_l("Who does what?"), [DataRequired(CHOOSE)], default=Preset.EVERYONE.value)
    district = SelectField(DISTRICT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preset.choices = told(PRESET_LOOKS)
        self.district.choices = district_choices()
        self.key.data = self.key.data or new_id(16)


# The charter in small steps: what belongs together stands on one page.
CHARTER_STEPS: tuple[tuple[str, ...], ...] = (
    ("goal", "for_whom"),
    ("what_we_do", "what_we_do_not"),
    ("confidentiality", "rules"),
    ("how_we_decide", "roles_rotation"),
    ("money", "with_professionals"),
)
CHARTER_HINTS = {
    "goal": _l("For example: “Nobody in our street has to be alone on Sundays.”"),
    "for_whom": _l("For example: “For everybody who lives here, with or without children.”"),
    "what_we_do": _l("For example: “We cook together and go for walks.”"),
    "what_we_do_not": _l("For example: “We give no legal advice and lend no money.”"),
    "confidentiality": _l("For example: “What is said here stays here.”"),
    "rules": _l("For example: “We let each other finish. Nobody has to say anything.”"),
    "how_we_decide": _l("For example: “We look for what nobody has a serious objection to.”"),
    "roles_rotation": _l("For example: “Every six months somebody else opens the room.”"),
    "money": _l("For example: “Everybody gives what they can. Two people look after the box.”"),
    "with_professionals": _l("For example: “They may visit us when we invite them.”"),
}


class CharterForm(Form):
    """Some fields of the charter."""


def charter_form(fields: tuple[str, ...], texts: dict[str, str]) -> CharterForm:
    """A form with just these fields of the charter, filled with what is agreed already."""
    members = {
        name: TextAreaField(
            CHARTER_LABELS[name],
            [Length(max=CHARTER_FIELD_LENGTH)]
            + ([DataRequired(_l("Please write down first what you agree on."))] if name == "goal" else []),
            description=CHARTER_HINTS[name],
            render_kw={"dir": "auto", "rows": 4, "maxlength": CHARTER_FIELD_LENGTH},
        )
        for name in fields
    }
    form: CharterForm = type("CharterStep", (CharterForm,), members)(data=texts)
    return form


class PlanForm(Form):
    """Where and when."""

    place = StringField(
        _l("Where do you want to meet?"),
        [Length(max=PLACE_LENGTH)],
        description=_l("A room, a park, at somebody's home, by telephone."),
        render_kw={"dir": "auto", "maxlength": PLACE_LENGTH},
    )
    time = StringField(
        _l("When?"),
        [Length(max=AIM_LENGTH)],
        description=_l("For example: “Tuesdays at six”."),
        render_kw={"dir": "auto", "maxlength": AIM_LENGTH},
    )
    first_on = DateField(
        _l("The first date"),
        [Optional()],
        description=_l("As soon as you are a group it stands in your calendar, and everybody is told."),
    )
    starts = StringField(_l("Begins at"), [Length(max=12)], render_kw={"type": "time"})


class ContactWayForm(Form):
    """How people reach the group."""

    contact_way = TextAreaField(
        _l("How can people reach you?"),
        [
            DataRequired(_l("Please say first how people can reach the group.")),
            Length(max=CHARTER_FIELD_LENGTH),
        ],
        description=_l(
            "A place and a time are enough: “Tuesdays at six in the community centre, ask for Amira”."
        ),
        render_kw={"dir": "auto", "rows": 3, "maxlength": CHARTER_FIELD_LENGTH},
    )


class PrivacyForm(Form):
    """Who may learn of the group."""

    privacy = RadioField(_l("Who may learn of it?"), [DataRequired(CHOOSE)])

    def __init__(self, *args: Any, offered: tuple[Privacy, ...] = tuple(Privacy), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.privacy.choices = told(PRIVACY_LOOKS, *(one for one in Privacy if one not in offered))


class AliasForm(Form):
    """One's name in a group."""

    alias = StringField(
        _l("Your name in this group"),
        [
            DataRequired(_l("Please choose a name for this group. It need not be your real name.")),
            Length(max=ALIAS_LENGTH),
        ],
        description=_l("The others see it. It need not be your real name."),
        render_kw={"dir": "auto", "maxlength": ALIAS_LENGTH, "autocomplete": "off"},
    )
