"""What two members would change about their group, in words: each field and what would stand there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core.i18n import LANGUAGES, LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import JoinWay
from portal.groups.models.labels import JOIN_LOOKS
from portal.places.queries import district_names

_LABELS: dict[str, LazyString] = {
    "name": _l("Name of the group"),
    "aim": _l("What the group is for, in one sentence"),
    "contact_way": _l("How people reach you"),
    "languages": _l("Languages you speak with each other"),
    "district_id": _l("Which part of the town?"),
    "meeting_interval_days": _l("You meet about every how many days?"),
    "join_way": _l("How people join"),
    "capacity": _l("Room for how many people?"),
    "questions": _l("A question to people who ask"),
}
NOTHING = "–"
_ASKS = "?؟"


def profile_words(changes: Mapping[str, Any]) -> str:
    """One line: what each changed field would say."""
    told = ((label, _value(name, changes[name])) for name, label in _LABELS.items() if name in changes)
    return " · ".join(f"{label}{'' if str(label)[-1:] in _ASKS else ':'} {value}" for label, value in told)


def _value(name: str, value: Any) -> str:
    if name == "languages":
        return ", ".join(LANGUAGES[slug].name for slug in value)
    if name == "questions":
        return " / ".join(value) or NOTHING
    if name == "join_way":
        return str(JOIN_LOOKS[JoinWay(value)].label)
    if name == "district_id":
        return district_names().get(value, str(_l("The whole town")))
    return NOTHING if value in (None, "") else str(value)
