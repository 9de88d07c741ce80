"""The person's switches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField

from portal.core.i18n import gettext as _
from portal.notifications.queries import Switches
from portal.web.forms import Form


def field_names(kind: str) -> tuple[str, str]:
    """The names of a kind's two fields: in the portal, by mail."""
    plain = kind.replace(".", "-")
    return f"portal-{plain}", f"mail-{plain}"


class SwitchesForm(Form):
    """Two fields per kind; the kinds are known only when the app runs."""

    @classmethod
    def for_kinds(cls, switches: Sequence[Switches]) -> SwitchesForm:
        """The form filled with how it is now."""
        fields: dict[str, BooleanField] = {}
        for one in switches:
            if one.kind.required:
                continue
            portal, mail = field_names(one.kind.name)
            fields[portal] = BooleanField(_("In the portal"), default=one.in_portal)
            if one.kind.template:
                fields[mail] = BooleanField(_("By mail"), default=one.by_mail)
        bound: SwitchesForm = type("SwitchesForm", (cls,), fields)()
        return bound

    def fields_of(self, kind: str) -> list[Any]:
        """The fields there are for a kind, in order."""
        return [self._fields[name] for name in field_names(kind) if name in self._fields]

    def wishes(self, switches: Sequence[Switches]) -> dict[str, tuple[bool, bool]]:
        """kind -> (in the portal, by mail) as the person chose; required kinds are not asked."""
        return {
            one.kind.name: (self._is_on(one, 0), self._is_on(one, 1))
            for one in switches
            if not one.kind.required
        }

    def _is_on(self, switches: Switches, way: int) -> bool:
        field = self._fields.get(field_names(switches.kind.name)[way])
        return bool(field is not None and field.data)
