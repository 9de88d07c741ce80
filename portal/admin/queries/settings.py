"""Site settings by group, and what a town's colours do to the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.core.i18n import LazyString, format_number, gettext
from portal.core.i18n import lazy_gettext as _l
from portal.core.site_settings import COLOUR, Declaration, declarations, site
from portal.core.theme import SCHEME_WORDS, TOWN_COLOURS, WORDS, Measured, measure

GROUPS: dict[str, LazyString] = {
    "look": _l("Name and colours"),
    "language": _l("Languages"),
    "legal": _l("Imprint and privacy"),
    "accessibility": _l("Accessibility statement"),
    "proposals": _l("Proposals"),
    "rounds": _l("Votes"),
    "groups": _l("Groups"),
    "discussions": _l("Discussions"),
    "moderation": _l("Moderation"),
    "notifications": _l("Mails and notices"),
    "accounts": _l("Accounts"),
    "opendata": _l("Open data"),
}


@dataclass(frozen=True)
class SettingGroup:
    """Settings that are changed on one page."""

    slug: str
    label: str
    declarations: tuple[Declaration, ...]
    changed_count: int


def setting_groups() -> list[SettingGroup]:
    """Every group with a setting to change here, in the order of GROUPS, unknown ones last."""
    by_group: dict[str, list[Declaration]] = {}
    for declared in declarations():
        if declared.kind != "picture":
            by_group.setdefault(declared.group, []).append(declared)
    order = list(GROUPS)
    slugs = sorted(by_group, key=lambda slug: (order.index(slug) if slug in order else len(order), slug))
    return [_group(slug, by_group[slug]) for slug in slugs]


def _group(slug: str, declared: list[Declaration]) -> SettingGroup:
    changed = sum(site(one.key) != one.default for one in declared)
    label = str(GROUPS[slug]) if slug in GROUPS else slug.replace("_", " ").capitalize()
    return SettingGroup(slug, label, tuple(declared), changed)


def setting_group(slug: str) -> SettingGroup | None:
    """One group, or None."""
    return next((group for group in setting_groups() if group.slug == slug), None)


def town_colours(values: Mapping[str, Any]) -> dict[str, str]:
    """Token -> colour as it would be with these values (setting -> value); broken ones stay as they are."""
    wanted = {token: str(values.get(key, site(key))).lower() for token, key in TOWN_COLOURS.items()}
    return {
        token: colour if COLOUR.fullmatch(colour) else site(TOWN_COLOURS[token])
        for token, colour in wanted.items()
    }


def measured_colours(values: Mapping[str, Any]) -> list[Measured]:
    """How well every pair could be read with these values."""
    return measure(town_colours(values))


def unreadable(values: Mapping[str, Any]) -> list[Measured]:
    """The pairs that could not be read well enough with these values; none when no colour is among them."""
    if not set(values) & set(TOWN_COLOURS.values()):
        return []
    return [one for one in measured_colours(values) if not one.is_readable]


def pair_words(pair: Measured) -> str:
    """A pair in words: "Links and buttons on page, by day"."""
    words = gettext(
        "%(front)s on %(back)s, %(scheme)s",
        front=str(WORDS[pair.front]),
        back=str(WORDS[pair.back]),
        scheme=str(SCHEME_WORDS[pair.scheme]),
    )
    return words[:1].upper() + words[1:]


def problem_words(pair: Measured) -> str:
    """Why a colour is refused, with the measured ratio."""
    return gettext(
        "%(pair)s: the contrast is %(ratio)s to 1, but %(least)s to 1 is needed.",
        pair=pair_words(pair),
        ratio=ratio_words(pair.ratio),
        least=ratio_words(pair.least),
    )


def ratio_words(ratio: float) -> str:
    """A ratio with one decimal, cut off: 4.49 must not look like 4.5."""
    return format_number(int(ratio * 10) / 10)
