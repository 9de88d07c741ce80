"""Forms of administrators. The form of a group of settings is made from their declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.admin.queries.log import LogFilter, log_names
from portal.admin.queries.settings import SettingGroup, problem_words, unreadable
from portal.content.operations.barriers import LONGEST
from portal.content.operations.pages import LONGEST_TITLE
from portal.core.errors import DomainError
from portal.core.i18n import LANGUAGES, format_number
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.site_settings import Declaration, cleaned, site
from portal.core.text import MAX_MARKDOWN_CHARACTERS
from portal.web.forms import Form, HiddenText, WholeNumber

# A setting that names no bound is still a number that every database holds.
UNBOUNDED = 10**9


def field_name(key: str) -> str:
    """The field of a setting: "site.name" becomes "site__name"."""
    return key.replace(".", "__")


class OrderedChoiceField(Field):
    """Boxes to tick, each with a place in the order; works without scripts. `data` is the ordered list.

    Ticked boxes come as `name`, their places as `name-place-<value>`; equal places keep the page's order.
    """

    def __init__(self, label: Any = None, choices: Mapping[str, str] | None = None, **given: Any) -> None:
        super().__init__(label, **given)
        self.choices = dict(choices or {})

    def process(self, formdata: Any, *args: Any, **given: Any) -> None:
        """Read the ticked boxes and put them in the order of their places."""
        super().process(formdata, *args, **given)
        if formdata is not None and self.name in formdata:
            places = {
                value: formdata.get(f"{self.name}-place-{value}", 99, type=int) for value in self.choices
            }
            ticked = [value for value in formdata.getlist(self.name) if value in self.choices]
            self.data = sorted(ticked, key=lambda value: places[value])
        elif formdata:
            self.data = []

    def rows(self) -> list[tuple[str, str, bool, int]]:
        """(value, label, ticked, place) for each box: the ticked ones in order, then the rest."""
        ticked = list(self.data or [])
        order = ticked + [value for value in self.choices if value not in ticked]
        return [(value, self.choices[value], value in ticked, place) for place, value in enumerate(order, 1)]


def _limits(declared: Declaration) -> str:
    words = str(declared.help)
    if declared.minimum is not None and declared.maximum is not None:
        span = _(
            "From %(least)s to %(most)s.",
            least=format_number(declared.minimum),
            most=format_number(declared.maximum),
        )
        return f"{words} {span}".strip()
    return words


def _field(declared: Declaration) -> Any:
    words: dict[str, Any] = {"label": str(declared.label), "description": _limits(declared)}
    if declared.kind == "int":
        return WholeNumber(
            validators=[InputRequired(_l("Please write a number."))],
            least=-UNBOUNDED if declared.minimum is None else declared.minimum,
            most=UNBOUNDED if declared.maximum is None else declared.maximum,
            **words,
        )
    if declared.kind == "bool":
        return BooleanField(**words)
    if declared.kind == "choice":
        return SelectField(
            choices=lambda: [(value, str(label)) for value, label in declared.choices], **words
        )
    if declared.kind == "languages":
        return OrderedChoiceField(choices={one.slug: one.name for one in LANGUAGES.values()}, **words)
    if declared.kind == "text":
        return TextAreaField(render_kw={"rows": 4, "dir": "auto"}, **words)
    kinds = {
        "colour": {"dir": "ltr", "spellcheck": "false", "maxlength": 7, "autocomplete": "off"},
        "date": {"type": "date"},
    }
    return StringField(render_kw=kinds.get(declared.kind, {"dir": "auto"}), **words)


class SettingsForm(Form):
    """Base of the form of one group; subclasses have one field per setting."""

    declared: tuple[Declaration, ...] = ()

    def values(self) -> dict[str, Any]:
        """Setting -> what was typed."""
        given = {one.key: self._fields[field_name(one.key)].data for one in self.declared}
        return {key: "" if value is None else value for key, value in given.items()}

    def validate(self, extra_validators: Any = None) -> bool:
        """Each value by its kind; colours also by whether words can still be read on them."""
        if not super().validate(extra_validators):
            return False
        values = self.values()
        for key, value in values.items():
            try:
                values[key] = cleaned(key, value)
            except DomainError as error:
                self.add_error(key, str(error))
        if not self.errors:
            for pair in unreadable(values):
                self.add_error(pair.setting, problem_words(pair))
        return not self.errors

    def add_error(self, field_name_: str | None, message: str) -> None:
        """Errors come with the setting's key."""
        super().add_error(field_name(field_name_) if field_name_ else None, message)


def settings_form(group: SettingGroup) -> SettingsForm:
    """The form of a group, filled with what counts now or with what was sent."""
    fields: dict[str, Any] = {field_name(one.key): _field(one) for one in group.declarations}
    made = type("GroupForm", (SettingsForm,), {**fields, "declared": group.declarations})
    form: SettingsForm = made(data={field_name(one.key): site(one.key) for one in group.declarations})
    return form


class LogoForm(Form):
    """The town's sign."""

    errors_at: ClassVar = {"picture": "logo"}
    logo = FileField(
        _l("Picture"),
        [FileRequired(_l("Please choose a picture."))],
        description=_l("JPEG, PNG or WebP, best square. What is transparent becomes white."),
    )


class PageForm(Form):
    """One of the site's own pages in one language."""

    title = StringField(
        _l("Title"),
        [DataRequired(_l("Please write a title.")), Length(max=LONGEST_TITLE)],
        render_kw={"dir": "auto"},
    )
    body = TextAreaField(
        _l("Text"),
        [DataRequired(_l("Please write a text.")), Length(max=MAX_MARKDOWN_CHARACTERS)],
        description=_l(
            "Markdown: ## for a heading, - for a list, **bold**. Words in {braces} are filled in."
        ),
        render_kw={"rows": 22, "dir": "auto"},
    )
    note = StringField(
        _l("What have you changed?"),
        [Optional(), Length(max=LONGEST_TITLE)],
        description=_l("A few words; everybody can read them in the list of versions."),
        render_kw={"dir": "auto"},
    )
    seen = HiddenText()

    @property
    def seen_version_id(self) -> int | None:
        """The version the editor began with."""
        return int(self.seen.data) if str(self.seen.data or "").isdigit() else None


class OrganizationForm(Form):
    """The facts of an organisation."""

    name = StringField(
        _l("Name"), [DataRequired(_l("Please write the name.")), Length(max=120)], render_kw={"dir": "auto"}
    )
    description = TextAreaField(
        _l("What does it do?"), [Optional(), Length(max=4000)], render_kw={"dir": "auto"}
    )
    contact = TextAreaField(
        _l("How to reach it"),
        [Optional(), Length(max=500)],
        description=_l("Everybody can read this: an office, not a private address."),
        render_kw={"rows": 3, "dir": "auto"},
    )
    website = StringField(
        _l("Website"),
        [Optional(), Length(max=300)],
        description=_l("Begins with https://"),
        render_kw={"type": "url", "dir": "ltr"},
    )
    language = SelectField(
        _l("Language of these texts"), choices=lambda: [(one.slug, one.name) for one in LANGUAGES.values()]
    )

    def facts(self) -> dict[str, str]:
        """What was typed."""
        names = ("name", "description", "contact", "website", "language")
        return {name: self._fields[name].data or "" for name in names}


class DistrictsForm(Form):
    """A file of districts."""

    file = FileField(
        _l("GeoJSON file"),
        [FileRequired(_l("Please choose a file."))],
        description=_l("A collection of areas, each with a name. You look at them before they count."),
    )


class AnswerForm(Form):
    """What was done about a barrier."""

    answer = TextAreaField(
        _l("What was done"),
        [DataRequired(_l("Please write what was done.")), Length(max=LONGEST)],
        description=_l("For the record. If there is a contact, write to the person yourself."),
        render_kw={"dir": "auto"},
    )


class LogForm(Form):
    """Which rows of the log; sent by GET, so that a choice can be shared as a link."""

    class Meta(Form.Meta):
        """Nothing is changed, so no token is needed; it would show in the address."""

        csrf = False

    name = SelectField(_l("What happened"), [Optional()], choices=lambda: [("", _("Everything")), *_names()])
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Until"), [Optional()])

    def chosen(self) -> LogFilter:
        """The filter; what cannot be read is left out."""
        is_fine = self.validate()
        broken = () if is_fine else tuple(self.errors)
        given = {name: self._fields[name].data for name in ("name", "since", "until") if name not in broken}
        return LogFilter(given.get("name") or "", given.get("since"), given.get("until"))


def _names() -> list[tuple[str, str]]:
    return [(name, name) for name in log_names()]
