"""Choosing a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form


class GroupForm(Form):
    """Which group."""

    group = SelectField(_l("Which group?"), [InputRequired(_l("Please choose a group."))])

    def __init__(self, groups: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group.choices = [SelectChoice(pid, name) for pid, name in groups]
