"""Groups as lists show them: words, icons and links instead of codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for

from portal.content.queries import html_language
from portal.core.i18n import LANGUAGES, current_language
from portal.groups.models import Group, GroupKind, PairAct
from portal.groups.models.labels import KIND_LOOKS, PRIVACY_LOOKS, STANDING_LOOKS, STATE_LOOKS, Look
from portal.groups.operations.pairs import data_of
from portal.groups.queries.languages import texts_of
from portal.groups.queries.shared_out import names_of
from portal.groups.views.profile_words import profile_words
from portal.groups.views.words import ACT_WORDS
from portal.places.queries import district_names

HUES = {kind: hue for hue, kind in enumerate(GroupKind)}


@dataclass(frozen=True)
class Card:
    """A group in a list."""

    title: str
    url: str
    aim: str
    html_lang: str
    icon: str
    hue: int
    badge: Look
    meta: tuple[tuple[str, str], ...]


def cards(rows: Iterable[Any], *, mine: bool = False) -> list[Card]:
    """The rows of a list (GroupCard or columns of one) as cards."""
    districts = district_names()
    return [_card(row, districts, mine=mine) for row in rows]


def _card(row: Any, districts: dict[int, str], *, mine: bool) -> Card:
    kind = KIND_LOOKS[row.kind]
    standing = STANDING_LOOKS[row.standing] if mine and row.standing else None
    languages = " · ".join(LANGUAGES[slug].name for slug in row.languages if slug in LANGUAGES)
    return Card(
        row.name,
        url_for("groups.detail", pid=row.public_id),
        row.aim,
        html_language(row.language),
        kind.icon,
        HUES[row.kind],
        standing or STATE_LOOKS[row.state],
        (
            (kind.icon, str(kind.label)),
            ("pin", districts.get(row.district_id or 0, "")),
            ("globe", languages),
            (PRIVACY_LOOKS[row.privacy].icon, str(PRIVACY_LOOKS[row.privacy].label)),
        ),
    )


@dataclass(frozen=True)
class Reading:
    """A group's words as this reader gets them. `switch`: (language, address, its code, whether this)."""

    name: str
    aim: str
    welcome: tuple[str, ...]
    contact_way: str
    html_lang: str
    switch: tuple[tuple[str, str, str, bool], ...]


def reading_of(group: Group) -> Reading:
    """The group's words in the language asked for by `?text=`, else the reader's, else its own."""
    texts = texts_of(group)
    asked = request.args.get("text", "")
    own = current_language()
    order = (asked, own.slug, *own.chain, group.language)
    slug = next(one for one in order if one in texts)
    words = texts[slug]
    switch = tuple(
        (
            LANGUAGES[one].name if one in LANGUAGES else one,
            url_for("groups.detail", pid=group.public_id, text=one),
            html_language(one),
            one == slug,
        )
        for one in texts
    )
    return Reading(
        words.name,
        words.aim,
        tuple(line for line in words.welcome.splitlines() if line.strip()),
        words.contact_way,
        html_language(slug),
        switch if len(switch) > 1 else (),
    )


@dataclass(frozen=True)
class ActCard:
    """What waits for a second person: in words, by whom (not in discreet groups), until when."""

    public_id: str
    words: str
    detail: str
    by: str
    by_id: int
    expires_at: datetime


def act_cards(rows: Iterable[PairAct], group: Group) -> list[ActCard]:
    """What two members do together, in words. Two questions."""
    acts = list(rows)
    data = {act.id: data_of(act) for act in acts}
    ids = [act.started_by_id for act in acts]
    ids += [int(one["membership_id"]) for one in data.values() if "membership_id" in one]
    names = names_of(group, ids)
    return [
        ActCard(
            act.public_id,
            str(ACT_WORDS[act.act]),
            profile_words(data[act.id])
            if act.act == "profile"
            else str(data[act.id].get("words") or names.get(data[act.id].get("membership_id", 0), "")),
            "" if group.is_discreet else names.get(act.started_by_id, ""),
            act.started_by_id,
            act.expires_at,
        )
        for act in acts
    ]
