"""Forms about members and roles: one's own name, roles, whom one trusts, what two do together."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import ALIAS_LENGTH, LABEL_LENGTH, Group, GroupRole, Right, RoleWay
from portal.groups.models.role_labels import RIGHT_LABELS, WAY_LABELS
from portal.groups.operations.reshaping import LONGEST_TERM, MOST_HOLDERS, RoleWish
from portal.web.forms import Form, WholeNumber

NAME_TYPED = {"autocomplete": "off", "spellcheck": "false", "dir": "auto"}
_NOTICES = (
    SelectChoice("full", _l("With the name of the group")),
    SelectChoice("neutral", _l("Neutral: they only say that there is something new")),
)
_NO_NOTICES = SelectChoice(
    "none", _l("None: I look for myself. The portal keeps no way to reach me from this group.")
)


class OwnForm(Form):
    """What a member chooses for themselves in one group."""

    alias = StringField(
        _l("My name in this group"),
        [DataRequired(_l("Please choose a name for this group.")), Length(max=ALIAS_LENGTH)],
        description=_l("It need not be your real name."),
        render_kw=NAME_TYPED,
    )
    notices = RadioField(_l("Notices from this group"), [InputRequired()])
    shown_publicly = BooleanField(
        _l("People outside may see that I am in this group"),
        description=_l(
            "While the group is open, your name here stands on its page. You can change this at once."
        ),
    )

    @classmethod
    def of(cls, group: Group, **given: Any) -> OwnForm:
        """The form as this group needs it; a discreet group shows nobody and never says its name."""
        form = cls(**given)
        form.notices.choices = [_NOTICES[1], _NO_NOTICES] if group.is_discreet else list(_NOTICES)
        if group.is_discreet:
            del form.shown_publicly
        return form


class RoleForm(Form):
    """A role of the group, in the group's own words."""

    label = StringField(
        _l("What do you call it?"),
        [DataRequired(_l("Please give the role a name.")), Length(max=LABEL_LENGTH)],
        render_kw={"dir": "auto"},
    )
    rights = SelectMultipleField(
        _l("What it may do"),
        choices=[SelectChoice(str(right), RIGHT_LABELS[right]) for right in Right],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    how = RadioField(
        _l("How somebody comes to hold it"),
        [InputRequired()],
        choices=[SelectChoice(str(way), WAY_LABELS[way]) for way in RoleWay],
        default=str(RoleWay.TRUST),
    )
    term_months = WholeNumber(
        _l("For how many months?"),
        [InputRequired()],
        least=1,
        most=LONGEST_TERM,
        default=12,
        description=_l("Then it ends by itself. One can hold it again."),
    )
    max_holders = WholeNumber(
        _l("At most how many people?"),
        [Optional()],
        least=1,
        most=MOST_HOLDERS,
        description=_l("Empty: as many as want."),
    )
    is_required = BooleanField(
        _l("We cannot do without it. While nobody holds it, two members together do what it could.")
    )

    def wish(self) -> RoleWish:
        """What was typed."""
        return RoleWish(
            label=self.label.data or "",
            rights=tuple(Right(value) for value in self.rights.data or ()),
            how=RoleWay(self.how.data),
            term_months=self.term_months.data or 12,
            max_holders=self.max_holders.data,
            is_required=bool(self.is_required.data),
        )

    @classmethod
    def of(cls, role: GroupRole, label: str) -> RoleForm:
        """The form filled with a role as it is."""
        return cls(
            label=label,
            rights=role.rights,
            how=str(role.how),
            term_months=role.term_months,
            max_holders=role.max_holders,
            is_required=role.is_required,
        )


class RightsForm(Form):
    """What every member may do."""

    rights = SelectMultipleField(
        _l("Every member may"),
        choices=[SelectChoice(str(right), RIGHT_LABELS[right]) for right in Right],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def chosen(self) -> list[Right]:
        """The ticked ones."""
        return [Right(value) for value in self.rights.data or ()]


class MemberForm(Form):
    """Which member: chosen from the list, or typed where no list exists."""

    member = SelectField(_l("Who?"), [InputRequired(_l("Please choose somebody."))])
    alias = StringField(
        _l("Name of the person in this group"),
        [DataRequired(_l("Please type the name.")), Length(max=200)],
        description=_l("This group has no list of its members. Type the name as the person writes it here."),
        render_kw=NAME_TYPED,
    )

    @classmethod
    def of(cls, group: Group, others: list[tuple[str, str]], **given: Any) -> MemberForm:
        """The form as this group needs it."""
        form = cls(**given)
        if group.is_discreet:
            del form.member
        else:
            form.member.choices = [
                SelectChoice("", _l("Please choose")),
                *(SelectChoice(key, name) for key, name in others),
            ]
            del form.alias
        return form

    @property
    def key(self) -> str:
        """What was chosen or typed."""
        field = self._fields.get("member") or self._fields["alias"]
        return str(field.data or "")


class WordsForm(Form):
    """A line for something two members change together."""

    words = StringField(_l("New words"), [DataRequired(), Length(max=600)], render_kw={"dir": "auto"})
