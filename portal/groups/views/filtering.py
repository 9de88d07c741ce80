"""The directory's filters: from the address to a question, and back to words and links."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.core.i18n import LANGUAGES
from portal.core.i18n import gettext as _
from portal.core.text import clean_line
from portal.groups.models import GroupKind
from portal.groups.models.labels import KIND_LOOKS
from portal.groups.queries.finding import Wanted
from portal.places.queries import district_by_slug, districts

LONGEST_QUERY = 80


def wanted_from(args: MultiDict[str, str]) -> Wanted:
    """What the address asks for; unknown values ask for nothing."""
    kind, language = args.get("kind", ""), args.get("language", "")
    card = district_by_slug(args.get("district", ""))
    return Wanted(
        words=clean_line(args.get("q", ""))[:LONGEST_QUERY],
        kind=GroupKind(kind) if kind in set(GroupKind) else None,
        district_id=card.id if card else None,
        language=language if language in LANGUAGES else "",
        gathering="gathering" in args,
    )


def filters_of(wanted: Wanted) -> dict[str, Any]:
    """What the search row, the filter panel and the chips of what is switched on need."""
    chosen = next((card for card in districts() if card.id == wanted.district_id), None)
    values = {
        "q": wanted.words,
        "kind": str(wanted.kind or ""),
        "district": chosen.slug if chosen else "",
        "language": wanted.language,
        "gathering": "1" if wanted.gathering else "",
    }
    on = {name: value for name, value in values.items() if value}
    words = {
        "q": f"“{wanted.words}”",
        "kind": str(KIND_LOOKS[wanted.kind].label) if wanted.kind else "",
        "district": chosen.name if chosen else "",
        "language": LANGUAGES[wanted.language].name if wanted.language else "",
        "gathering": _("Founding circles"),
    }
    return {
        "q": wanted.words,
        "action": url_for("groups.index"),
        "panel": _groups(values),
        "hidden": [(name, on[name]) for name in ("q", "gathering") if name in on],
        "kept": [(name, value) for name, value in on.items() if name != "q"],
        "active": [(words[name], _without(on, name)) for name in on],
        "gathering": wanted.gathering,
        "other_url": url_for("groups.index", gathering=None if wanted.gathering else "1"),
    }


def _without(on: dict[str, str], name: str) -> str:
    rest: dict[str, Any] = {key: value for key, value in on.items() if key != name}
    return url_for("groups.index", **rest)


def _groups(values: dict[str, str]) -> list[dict[str, Any]]:
    def options(name: str, found: list[tuple[str, str]]) -> dict[str, Any]:
        all_of_them = [("", _("All")), *found]
        return {
            "name": name,
            "many": False,
            "options": [(value, label, value == values[name]) for value, label in all_of_them],
        }

    kinds = [(str(kind), str(look.label)) for kind, look in KIND_LOOKS.items()]
    places = [(card.slug, card.name) for card in districts()]
    spoken = [(slug, language.name) for slug, language in LANGUAGES.items()]
    return [
        {"title": _("What kind"), **options("kind", kinds)},
        {"title": _("Where"), **options("district", places)},
        {"title": _("Language"), **options("language", spoken)},
    ]
