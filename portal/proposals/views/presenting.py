"""Rows as pages show them: words, icons and links instead of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import url_for

from portal.content.models import Picture
from portal.content.queries import PLAIN, TextView, best_texts, first_pictures, html_language
from portal.core import clock
from portal.core.i18n import current_language, pgettext
from portal.core.i18n import gettext as _
from portal.core.site_settings import site
from portal.core.text import excerpt, plain_text
from portal.places.queries import district_names
from portal.proposals.models import STAGE_LOOKS, TOPIC_LOOKS, Proposal, Stage, Topic
from portal.proposals.queries import ProposalRow
from portal.web.badges import Badge

CARD_WIDTH = 360
EXCERPT_LENGTH = 200
MOST_KEPT = 1_000


@dataclass(frozen=True)
class Card:
    """A proposal as templates/proposals/_card.html shows it."""

    public_id: str
    title: str
    url: str
    language: str
    excerpt: str
    topic_icon: str
    topic_hue: int
    place: str
    stage_label: str
    stage_icon: str
    stage_tone: str
    supports: int
    goal: int | None
    days_left: int | None
    comments: int
    done: bool
    picture: tuple[str, str] | None


def place_of(one: Proposal | ProposalRow) -> str:
    """District and the author's own words for the place."""
    return _place(one, district_names())


def _place(one: Proposal | ProposalRow, districts: Mapping[int, str]) -> str:
    parts = dict.fromkeys(part for part in (one.place_words, districts.get(one.district_id or 0)) if part)
    return ", ".join(parts) or _("The whole town")


def topic_tile(topic: Topic | None) -> tuple[str, int]:
    """Icon and hue of a topic's tile."""
    look = TOPIC_LOOKS[topic or Topic.OTHER]
    return look.icon, look.hue


def days_left(until: date | None, stage: Stage) -> int | None:
    """Days in which support can still be collected; None when there is no end."""
    if until is None or stage is not Stage.COLLECTING:
        return None
    return max(0, (until - clock.today()).days)


def goal_of(stage: Stage) -> int | None:
    """How many supporters are needed, while it matters."""
    waiting = stage in {Stage.COLLECTING, Stage.SUBMITTED, Stage.CHECKING}
    return int(site("proposals.support_threshold")) if waiting else None


def badge_of(proposal: Proposal) -> Badge:
    """The stage, or what stands above it: withdrawn, merged, expired, hidden, draft."""
    if proposal.is_draft:
        return Badge(pgettext("stage", "Draft"), "edit", "")
    if proposal.is_hidden:
        return Badge(pgettext("stage", "Not visible"), "eye-off", "bad")
    if proposal.is_withdrawn:
        return Badge(pgettext("stage", "Withdrawn"), "pause", "")
    if proposal.merged_into_id:
        return Badge(pgettext("stage", "Merged"), "merge", "")
    if proposal.expired_at or proposal.is_over:
        return Badge(pgettext("stage", "Expired"), "clock", "")
    look = STAGE_LOOKS[proposal.stage]
    return Badge(str(look.label), look.icon, look.tone)


def picture_url(picture: Picture, width: int) -> str:
    """The address of the picture in the width that fits best (widths are made at upload)."""
    widths = [int(one["width"]) for one in picture.widths]
    fitting = [one for one in widths if one >= width] or widths
    return url_for("content.picture", public_id=picture.public_id, width=min(fitting), extension="webp")


class CardFacts(NamedTuple):
    """What cards are made of, as the database said it: by these values a drawn list is known."""

    rows: tuple[ProposalRow, ...]
    pictures: tuple[tuple[int, tuple[str, str]], ...]
    texts: tuple[tuple[int, tuple[str, str, str]], ...]


def card_facts(rows: Sequence[ProposalRow], versions: Mapping[int, TextView] | None = None) -> CardFacts:
    """The rows with their photos, and with texts in the reader's language where somebody has written them.

    One query for photos if any has one; one for versions if any is in another language than the reader's
    and nobody has looked for them before.
    """
    owners = [row.id for row in rows if row.picture_count]
    pictures = first_pictures("proposal", owners) if owners else {}
    if versions is None:
        versions = in_readers_language({row.id: row.language for row in rows})
    return CardFacts(
        rows=tuple(rows),
        pictures=tuple((one, (picture_url(found, CARD_WIDTH), found.alt)) for one, found in pictures.items()),
        texts=tuple((row.id, _text_of(versions[row.id])) for row in rows if row.id in versions),
    )


def cards(rows: Sequence[ProposalRow], versions: Mapping[int, TextView] | None = None) -> list[Card]:
    """The rows as cards, in the reader's language where somebody has written them in it."""
    return cards_of(card_facts(rows, versions))


def cards_of(facts: CardFacts) -> list[Card]:
    """Facts in words. No query."""
    # One address is built, the others differ in their id only: url_for costs more than a row.
    folder = url_for("proposals.detail", pid="_").removesuffix("_")
    today, districts = clock.today(), district_names()
    pictures, texts = dict(facts.pictures), dict(facts.texts)
    return [
        _kept_card(
            row,
            folder + row.public_id,
            pictures.get(row.id),
            texts.get(row.id) or (row.title, row.excerpt, html_language(row.language)),
            _place(row, districts),
            goal_of(row.stage),
            today,
        )
        for row in facts.rows
    ]


def in_readers_language(sources: Mapping[int, str]) -> dict[int, TextView]:
    """Better versions for this reader; sources: proposal id -> language of its original."""
    slug = current_language().slug
    foreign = {one: language for one, language in sources.items() if language != slug}
    return best_texts("proposal", foreign, slug, foreign) if foreign else {}


def _card(
    row: ProposalRow,
    url: str,
    picture: tuple[str, str] | None,
    text: tuple[str, str, str],
    place: str,
    goal: int | None,
    _today: date,
) -> Card:
    """Depends on its arguments only; the language is in the address."""
    look = STAGE_LOOKS[row.stage]
    icon, hue = topic_tile(row.topic)
    title, excerpt_shown, language = text
    return Card(
        public_id=row.public_id,
        title=title,
        url=url,
        language=language,
        excerpt=excerpt_shown,
        topic_icon=icon,
        topic_hue=hue,
        place=place,
        stage_label=str(look.label),
        stage_icon=look.icon,
        stage_tone=look.tone,
        supports=row.support_count,
        goal=goal,
        days_left=days_left(row.collecting_until_on, row.stage),
        comments=row.comment_count,
        done=row.stage is Stage.DONE,
        picture=picture,
    )


_kept_card = lru_cache(maxsize=MOST_KEPT)(_card)


def _text_of(version: TextView) -> tuple[str, str, str]:
    """Title, excerpt and language tag."""
    shown = excerpt(plain_text(version.fields["what"]), EXCERPT_LENGTH)
    return version.fields["title"], shown, version.html_lang


@dataclass(frozen=True)
class MapPoint:
    """A proposal on the map."""

    lat: float
    lon: float
    title: str
    url: str


def map_points(rows: Sequence[ProposalRow]) -> list[MapPoint]:
    """The rows that have a place, as pins."""
    return [
        MapPoint(row.lat, row.lon, row.title, url_for("proposals.detail", pid=row.public_id))
        for row in rows
        if row.lat is not None and row.lon is not None
    ]


def links(proposal: Proposal) -> dict[str, Any]:
    """Where to go from a proposal."""
    pid = proposal.public_id
    is_easy = current_language().slug == PLAIN
    return {
        "back": url_for("proposals.index"),
        "self": url_for("proposals.detail", pid=pid),
        "history": url_for("proposals.versions", pid=pid),
        "share": url_for("proposals.share", pid=pid),
        "print": url_for("proposals.notice", pid=pid),
        "report": url_for("moderation.report", kind="proposal", pid=pid),
        "edit": url_for("proposals.edit", pid=pid),
        "withdraw": url_for("proposals.withdraw", pid=pid),
        "authors": url_for("proposals.authors", pid=pid),
        "easy": None if is_easy else url_for("proposals.detail", lang=PLAIN, pid=pid),
    }
